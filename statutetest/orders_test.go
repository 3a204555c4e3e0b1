package statutetest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/statute-http/statute/respond"
)

// orders is a small API. Its clerks, "Bearer clerk", may do all, its guests,
// "Bearer guest", may read.
type orders struct {
	mu   sync.Mutex
	all  map[int]order
	last int
}

type order struct {
	Item string `json:"item"`
	Qty  int    `json:"qty"`
}

func (o order) Validate() error {
	var errs []error
	if o.Item == "" {
		errs = append(errs, respond.Field("/item", "is required"))
	}
	if o.Qty < 1 {
		errs = append(errs, respond.Field("/qty", "must be at least 1"))
	}
	return errors.Join(errs...)
}

type orderPath struct {
	ID int `path:"id"`
}

func newOrders() *orders {
	return &orders{all: map[int]order{1: {"hammer", 1}}, last: 1}
}

func (s *orders) handler() http.Handler {
	bearer := respond.Bearer{Realm: "orders", Verify: func(_ context.Context, token string) (respond.Principal, bool, error) {
		switch token {
		case "clerk":
			return respond.Principal{ID: token, Scopes: []string{"read", "write"}}, true, nil
		case "guest":
			return respond.Principal{ID: token, Scopes: []string{"read"}}, true, nil
		}
		return respond.Principal{}, false, nil
	}}
	mux := new(respond.API).NewMux()
	mux.Handle("POST /v1/orders", respond.In(s.create), respond.Auth(bearer, "write"))
	mux.Handle("GET /v1/orders/{id}", respond.In(s.read), respond.Auth(bearer, "read"))
	mux.Handle("DELETE /v1/orders/{id}", respond.In(s.remove), respond.Auth(bearer, "write"))
	return mux
}

func (s *orders) create(_ context.Context, in order) (respond.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	s.all[s.last] = in
	return respond.Created(fmt.Sprintf("/v1/orders/%d", s.last), in), nil
}

func (s *orders) read(_ context.Context, in orderPath) (respond.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.all[in.ID]
	if !ok {
		return respond.Outcome{}, respond.NotFound("there is no such order")
	}
	return respond.OK(o), nil
}

func (s *orders) remove(_ context.Context, in orderPath) (respond.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.all[in.ID]; !ok {
		return respond.Outcome{}, respond.NotFound("there is no such order")
	}
	delete(s.all, in.ID)
	return respond.NoContent(), nil
}

// without takes a field out of all answers with a code.
func without(field string, code int, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(&censor{w, field, code}, r)
	})
}

type censor struct {
	http.ResponseWriter
	field string
	code  int
}

func (c *censor) WriteHeader(code int) {
	if code == c.code {
		c.Header().Del(c.field)
	}
	c.ResponseWriter.WriteHeader(code)
}
