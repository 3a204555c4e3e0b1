// Package shop is a small HTTP API in which every status code that an API needs
// has its place: customers, the items on sale, orders and their payment, pictures,
// reports that take a while, search, log-in and three roles.
//
// Read it in this order: routes below is the whole API, orders.go a resource from
// its input to its store, store.go what a store has to do. The README beside the
// command shows a request for each code.
package shop

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/statute-http/statute/client"
	"github.com/statute-http/statute/limit"
	"github.com/statute-http/statute/respond"
)

// Config is what a shop is made of.
type Config struct {
	Store     Store
	Accounts  []Account         // who can log in
	Payments  string            // base URL of the payment provider; "" books every payment
	Transport http.RoundTripper // to the payment provider; nil is http.DefaultTransport
	Logger    *slog.Logger      // nil discards
	Now       func() time.Time  // nil is time.Now
}

// Shop is the API.
type Shop struct {
	mux      *respond.Mux
	log      *slog.Logger
	now      func() time.Time
	accounts []Account
	rounds   int // the most that an account has

	customers table[Customer, *Customer]
	items     table[Item, *Item]
	orders    table[Order, *Order]
	uploads   table[Upload, *Upload]
	jobs      table[Job, *Job]
	sessions  table[Session, *Session]

	provider string
	client   *http.Client // to the payment provider
	breaker  breaker
	watchers watchers

	working sync.WaitGroup  // what goes on beside requests
	ctx     context.Context // of it
	stop    context.CancelFunc
}

// New returns a shop on a store, and takes up the jobs that are waiting there.
func New(ctx context.Context, c Config) (*Shop, error) {
	s := &Shop{
		log:       c.Logger,
		now:       c.Now,
		accounts:  c.Accounts,
		customers: table[Customer, *Customer]{c.Store, "customers"},
		items:     table[Item, *Item]{c.Store, "items"},
		orders:    table[Order, *Order]{c.Store, "orders"},
		uploads:   table[Upload, *Upload]{c.Store, "uploads"},
		jobs:      table[Job, *Job]{c.Store, "jobs"},
		sessions:  table[Session, *Session]{c.Store, "sessions"},
		provider:  strings.TrimSuffix(c.Payments, "/"),
		client:    (&client.Transport{Base: c.Transport, Tries: 2, Logger: c.Logger}).Client(),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	for _, a := range s.accounts {
		s.rounds = max(s.rounds, a.Rounds)
	}
	searches, err := limit.New(limit.Options{Logger: s.log}, limit.Policy{Name: "search", Quota: 300, Window: time.Minute})
	if err != nil {
		return nil, err
	}
	logIns, err := limit.New(limit.Options{Logger: s.log}, limit.Policy{Name: "log-in", Quota: 300, Window: 30 * time.Minute})
	if err != nil {
		return nil, err
	}
	s.mux = s.routes(searches, logIns)
	s.ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	if err := s.resume(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("taking up the jobs that are waiting: %w", err)
	}
	s.working.Go(s.sweep)
	return s, nil
}

// Close ends what the shop does beside its requests. It is called when no more of
// them come.
func (s *Shop) Close() {
	s.stop()
	s.working.Wait()
}

// ServeHTTP implements http.Handler.
func (s *Shop) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// routes is the whole API. The codes of a route are those of its handler; what
// respond decides before and around it brings its own.
func (s *Shop) routes(searches, logIns *limit.Limiter) *respond.Mux {
	api := &respond.API{
		Logger: s.log,
		Now:    s.now,
		Mappings: []respond.Mapping{
			respond.Is(ErrNotFound, respond.NotFound("")),
			respond.Is(ErrTaken, respond.Conflict("the name is taken")),
			respond.Is(ErrBusy, respond.Unavailable(time.Second)),
		},
		Policy: respond.Policy{RedirectSlash: true},
	}
	bearer := respond.Bearer{Realm: realm, Verify: s.verify}
	anybody := respond.Auth(bearer)
	clerk := respond.Auth(bearer, "clerk")
	admin := respond.Auth(bearer, "admin")
	codes := respond.Declares
	perAddress := func(l *limit.Limiter) respond.Option { // of the client; behind a proxy, limit.ByForwarded
		return respond.Limit(respond.Quota{Limiter: l, Key: limit.ByAddress()})
	}

	mux := api.NewMux()
	mux.HandleFunc("GET /health", health, codes(200))
	mux.HandleFunc("GET /openapi.yaml", describe, respond.Produces("application/yaml"), codes(200, 206))

	mux.Handle("POST /sessions", respond.In(s.logIn), codes(201, 401), perAddress(logIns))
	mux.Handle("GET /sessions/{id}", respond.In(s.readSession), anybody, codes(200, 404))
	mux.Handle("DELETE /sessions/{id}", respond.In(s.endSession), anybody, codes(204, 404))

	mux.Handle("GET /customers", respond.In(s.listCustomers), clerk, codes(200))
	mux.Handle("POST /customers", respond.In(s.createCustomer), clerk, codes(201, 409))
	mux.HandleFunc("GET /customers/me", s.me, anybody, codes(307))
	mux.Handle("GET /customers/{id}", respond.In(s.readCustomer), anybody, codes(200, 404))
	mux.Handle("PUT /customers/{id}", respond.In(s.replaceCustomer), anybody, respond.Conditional(), codes(200, 404, 409))
	mux.Handle("DELETE /customers/{id}", respond.In(s.removeCustomer), admin, codes(204, 404))

	mux.Handle("GET /items", respond.In(s.listItems), codes(200))
	mux.Handle("POST /items", respond.In(s.createItem), clerk, codes(201, 409))
	mux.Handle("GET /items/{id}", respond.In(s.readItem), codes(200, 404, 410))
	mux.Handle("PUT /items/{id}", respond.In(s.replaceItem), clerk, respond.Conditional(), codes(200, 404, 409, 410))
	mux.Handle("DELETE /items/{id}", respond.In(s.discontinue), clerk, codes(204, 404, 410))
	mux.Handle("GET /items/{id}/picture", respond.In(s.picture), codes(302, 404, 410))
	mux.HandleFunc("GET /catalogue", catalogue, codes(301))
	mux.Handle("GET /search", respond.In(s.search), codes(200), perAddress(searches))

	mux.HandleFunc("POST /uploads", s.upload, clerk, codes(201), respond.Accepts(pictures()...))
	mux.Handle("GET /uploads/{id}", respond.In(s.download), respond.Produces(pictures()...), codes(200, 206, 404))
	mux.Handle("DELETE /uploads/{id}", respond.In(s.removeUpload), clerk, codes(204, 404))

	mux.Handle("GET /orders", respond.In(s.listOrders), anybody, codes(200))
	mux.Handle("POST /orders", respond.In(s.createOrder), anybody, codes(201, 403),
		respond.Idempotent(respond.Idempotency{Store: new(respond.MemoryStore), Optional: true}))
	mux.Handle("GET /orders/{id}", respond.In(s.readOrder), anybody, codes(200, 404))
	mux.HandleFunc("PATCH /orders/{id}", s.changeOrder, anybody, codes(200, 404, 409, 422),
		respond.Accepts("application/merge-patch+json"))
	mux.Handle("DELETE /orders/{id}", respond.In(s.removeOrder), anybody, codes(204, 404, 409))
	mux.Handle("GET /orders/{id}/payment", respond.In(s.readPayment), anybody, codes(200, 404))
	mux.Handle("POST /orders/{id}/payment", respond.In(s.pay), anybody, codes(201, 404, 409, 412, 502),
		respond.Timeout(10*time.Second))
	mux.HandleFunc("GET /orders/{id}/live", s.live, anybody, codes(101, 403, 404, 426))

	mux.Handle("POST /jobs", respond.In(s.createJob), admin, codes(202))
	mux.Handle("GET /jobs/{id}", respond.In(s.readJob), admin, codes(200, 303, 404))
	mux.Handle("DELETE /jobs/{id}", respond.In(s.removeJob), admin, codes(204, 404))
	mux.Handle("GET /jobs/{id}/report", respond.In(s.readReport), admin, codes(200, 206, 404),
		respond.Produces("application/json", "text/csv"))
	return mux
}

// byID is the input of requests about one resource.
type byID struct {
	ID int64 `path:"id"`
}

// pathID returns the id in the path, for handlers that want the request itself.
func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || strconv.FormatInt(id, 10) != r.PathValue("id") {
		return 0, ErrNotFound
	}
	return id, nil
}

func health(*http.Request) (respond.Outcome, error) {
	return respond.OK(map[string]string{"status": "up"}).Cache("no-store"), nil
}

// description is the shop's OpenAPI description.
//
//go:embed openapi.yaml
var description string

func describe(*http.Request) (respond.Outcome, error) {
	return respond.Content("application/yaml", strings.NewReader(description)).
		ETag(digest(description)).Cache("public, max-age=3600"), nil
}
