package respond_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/statute-http/statute/limit"
	"github.com/statute-http/statute/respond"
)

// items is the API that the probes are sent to, written as the documentation
// shows.
type items struct {
	mu    sync.Mutex
	items map[int]item
	last  int

	upstream string // address that refuses connections
	limiter  *limit.Limiter

	orders          int
	replays         respond.MemoryStore
	started, finish chan struct{}
}

type item struct {
	ID      int    `json:"id"`
	Name    string `json:"name"`
	Qty     int    `json:"qty"`
	Version int    `json:"version"`
}

func (i item) tag() string { return strconv.Itoa(i.Version) }

type newItem struct {
	Name string `json:"name"`
	Qty  int    `json:"qty"`
}

func (n newItem) Validate() error {
	var errs []error
	if n.Name == "" {
		errs = append(errs, respond.Field("/name", "is required"))
	}
	if n.Qty < 1 {
		errs = append(errs, respond.Field("/qty", "must be at least 1"))
	}
	return errors.Join(errs...)
}

type itemPath struct {
	ID int `path:"id"`
}

type itemChange struct {
	ID   int     `path:"id"`
	Item newItem `body:"json"`
}

type itemQuery struct {
	Limit int `query:"limit"`
}

var errPool = errors.New("pool exhausted")

// api returns the API's settings.
func (s *items) api(log io.Writer) *respond.API {
	return &respond.API{
		Logger: slog.New(slog.NewTextHandler(log, nil)),
		Mappings: []respond.Mapping{
			respond.NoRows,
			respond.Is(errPool, respond.Unavailable(5*time.Second)),
		},
	}
}

// routes returns the API's routes.
func (s *items) routes(api *respond.API) *respond.Mux {
	bearer := respond.Bearer{Realm: "items", Verify: s.verify}
	mux := api.NewMux()
	mux.Handle("GET /items", respond.In(s.list))
	mux.Handle("POST /items", respond.In(s.create))
	mux.Handle("GET /items/{id}", respond.In(s.read))
	mux.Handle("PUT /items/{id}", respond.In(s.replace), respond.Conditional())
	mux.Handle("DELETE /items/{id}", respond.In(s.remove))
	mux.HandleFunc("GET /file", s.file, respond.Produces("text/plain"))
	mux.HandleFunc("GET /private", s.private, respond.Auth(bearer, "items"))
	mux.Handle("POST /private", respond.In(s.create), respond.Auth(bearer, "items"))
	mux.HandleFunc("GET /health", func(*http.Request) (respond.Outcome, error) {
		return respond.OK(map[string]string{"status": "up"}), nil
	})
	mux.HandleFunc("GET /err/{what}", s.fail)
	mux.HandleFunc("POST /err/maxbytes", s.fail)
	mux.HandleFunc("GET /limited", func(*http.Request) (respond.Outcome, error) {
		return respond.OK(map[string]bool{"allowed": true}), nil
	}, respond.Limit(respond.Quota{Limiter: s.limiter}))
	mux.Handle("POST /orders", respond.In(s.order), respond.Idempotent(respond.Idempotency{Store: &s.replays}))
	return mux
}

// reset leaves one item.
func (s *items) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last, s.items = 1, map[int]item{1: {1, "hammer", 1, 1}}
}

// order is what repeats must not do twice. The order of "slow" goes on until
// the test lets it.
func (s *items) order(_ context.Context, in newItem) (respond.Outcome, error) {
	if in.Name == "slow" {
		s.started <- struct{}{}
		<-s.finish
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders++
	location := fmt.Sprintf("/orders/%d", s.orders)
	return respond.Created(location, map[string]string{"item": in.Name}), nil
}

func (s *items) verify(_ context.Context, token string) (respond.Principal, bool, error) {
	switch token {
	case "good":
		return respond.Principal{ID: "jo", Scopes: []string{"items"}}, true, nil
	case "narrow":
		return respond.Principal{ID: "jo"}, true, nil
	}
	return respond.Principal{}, false, nil
}

func (s *items) list(_ context.Context, in itemQuery) (respond.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []item{}
	for id := 1; id <= s.last; id++ {
		if item, ok := s.items[id]; ok && (in.Limit == 0 || len(list) < in.Limit) {
			list = append(list, item)
		}
	}
	return respond.OK(list).Cache("no-cache"), nil
}

func (s *items) create(_ context.Context, in newItem) (respond.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, item := range s.items {
		if item.Name == in.Name {
			return respond.Outcome{}, respond.Conflict("the name is taken")
		}
	}
	s.last++
	item := item{s.last, in.Name, in.Qty, 1}
	s.items[s.last] = item
	return respond.Created(fmt.Sprintf("/items/%d", item.ID), item).ETag(item.tag()), nil
}

func (s *items) read(_ context.Context, in itemPath) (respond.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	item, ok := s.items[in.ID]
	if !ok {
		return respond.Outcome{}, respond.NotFound("there is no such item")
	}
	return respond.OK(item).ETag(item.tag()).Cache("no-cache"), nil
}

func (s *items) replace(ctx context.Context, in itemChange) (respond.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.items[in.ID]
	if !ok {
		return respond.Outcome{}, respond.NotFound("there is no such item")
	}
	if err := respond.Check(ctx, respond.Version{ETag: old.tag()}); err != nil {
		return respond.Outcome{}, err
	}
	item := item{old.ID, in.Item.Name, in.Item.Qty, old.Version + 1}
	s.items[in.ID] = item
	return respond.OK(item), nil
}

func (s *items) remove(ctx context.Context, in itemPath) (respond.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.items[in.ID]
	if !ok {
		return respond.Outcome{}, respond.NotFound("there is no such item")
	}
	if err := respond.Check(ctx, respond.Version{ETag: old.tag()}); err != nil {
		return respond.Outcome{}, err
	}
	delete(s.items, in.ID)
	return respond.NoContent(), nil
}

func (s *items) file(*http.Request) (respond.Outcome, error) {
	content := bytes.NewReader([]byte("0123456789abcdefghij"))
	modified := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return respond.Content("text/plain", content).ETag("f1").LastModified(modified).Cache("no-cache"), nil
}

func (s *items) private(r *http.Request) (respond.Outcome, error) {
	caller, _ := respond.Caller(r.Context())
	return respond.OK(map[string]string{"user": caller.ID}).Cache("no-store"), nil
}

// fail fails in the way that the path names.
func (s *items) fail(r *http.Request) (respond.Outcome, error) {
	ctx := r.Context()
	switch what := strings.TrimPrefix(r.URL.Path, "/err/"); what {
	case "panic":
		panic("dial tcp: password=hunter2")
	case "panic-late":
		return respond.Stream("application/json", func(w io.Writer) error {
			_, _ = io.WriteString(w, strings.Repeat(" ", 4<<10)+`{"partial":`)
			panic("late")
		}), nil
	case "plain":
		return respond.Outcome{}, errors.New("dial tcp: password=hunter2")
	case "norows":
		return respond.Outcome{}, fmt.Errorf("reading item: %w", sql.ErrNoRows)
	case "deadline":
		ctx, cancel := context.WithTimeout(ctx, time.Nanosecond)
		defer cancel()
		<-ctx.Done()
		return respond.Outcome{}, ctx.Err()
	case "refused": // by the server behind this one
		_, err := http.Get("http://" + s.upstream)
		return respond.Outcome{}, err
	case "slow":
		_, err := (&net.Dialer{Timeout: time.Nanosecond}).Dial("tcp", s.upstream)
		return respond.Outcome{}, err
	case "pool":
		return respond.Outcome{}, fmt.Errorf("waiting for a connection: %w", errPool)
	case "breaker":
		return respond.Outcome{}, respond.Unavailable(1500 * time.Millisecond)
	case "canceled":
		<-ctx.Done()
		return respond.Outcome{}, ctx.Err()
	case "maxbytes":
		_, err := io.Copy(io.Discard, http.MaxBytesReader(nil, r.Body, 3))
		return respond.Outcome{}, fmt.Errorf("reading: %w", err)
	}
	return respond.Outcome{}, respond.NotFound("")
}
