package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/statute-http/statute/limit"
	"github.com/statute-http/statute/respond"
)

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

type (
	itemQuery struct {
		Limit int `query:"limit"`
	}
	itemPath struct {
		ID int `path:"id"`
	}
	itemChange struct {
		ID   int     `path:"id"`
		Item newItem `body:"json"`
	}
)

// withRespond is the API on respond.
func withRespond(e *environment) http.Handler {
	api := &respond.API{
		Logger: slog.New(slog.NewTextHandler(e.log, nil)),
		Mappings: []respond.Mapping{
			respond.Is(errNone, respond.NotFound("there is no such item")),
			respond.Is(errTaken, respond.Conflict("the name is taken")),
			respond.Is(errPool, respond.Unavailable(5*time.Second)),
			respond.Is(errBreaker, respond.Unavailable(1500*time.Millisecond)),
		},
		Maintenance: &respond.Maintenance{Except: []string{"/health"}},
	}
	switch e.needs {
	case maintenance:
		api.Maintenance.Begin(time.Now().Add(time.Minute))
	case unmapped:
	default:
		api.Mappings = append(api.Mappings, respond.NoRows)
	}
	limiter, err := limit.New(limit.Options{}, limit.Policy{Name: "burst", Quota: 2, Window: 3 * time.Second})
	if err != nil {
		panic(err)
	}
	bearer := respond.Bearer{Realm: "items", Verify: func(_ context.Context, token string) (respond.Principal, bool, error) {
		right, scope := allowed(token)
		if scope {
			return respond.Principal{ID: "jo", Scopes: []string{"items"}}, true, nil
		}
		return respond.Principal{ID: "jo"}, right, nil
	}}
	fails := func(r *http.Request) (respond.Outcome, error) {
		return respond.Outcome{}, e.fail(r, r.PathValue("what"))
	}

	mux := api.NewMux()
	mux.Handle("GET /items", respond.In(func(_ context.Context, in itemQuery) (respond.Outcome, error) {
		return respond.OK(e.items.list(in.Limit)).Cache("no-cache"), nil
	}))
	create := respond.In(func(_ context.Context, in newItem) (respond.Outcome, error) {
		i, err := e.items.create(in.Name, in.Qty)
		return respond.Created(i.location(), i).ETag(i.tag()), err
	})
	mux.Handle("POST /items", create)
	mux.Handle("GET /items/{id}", respond.In(func(_ context.Context, in itemPath) (respond.Outcome, error) {
		i, err := e.items.get(in.ID)
		return respond.OK(i).ETag(i.tag()).Cache("no-cache"), err
	}))
	mux.Handle("PUT /items/{id}", respond.In(func(ctx context.Context, in itemChange) (respond.Outcome, error) {
		old, err := e.items.get(in.ID)
		if err != nil {
			return respond.Outcome{}, err
		}
		if err := respond.Check(ctx, respond.Version{ETag: old.tag()}); err != nil {
			return respond.Outcome{}, err
		}
		i, err := e.items.replace(in.ID, in.Item.Name, in.Item.Qty)
		return respond.OK(i), err
	}), respond.Conditional())
	mux.Handle("DELETE /items/{id}", respond.In(func(_ context.Context, in itemPath) (respond.Outcome, error) {
		return respond.NoContent(), e.items.remove(in.ID)
	}))
	mux.HandleFunc("GET /file", func(*http.Request) (respond.Outcome, error) {
		return respond.Content("text/plain", strings.NewReader(file)).ETag("f1").LastModified(modified), nil
	}, respond.Produces("text/plain"))
	mux.HandleFunc("GET /private", func(*http.Request) (respond.Outcome, error) {
		return respond.OK(map[string]string{"user": "jo"}).Cache("no-store"), nil
	}, respond.Auth(bearer, "items"))
	mux.Handle("POST /private", create, respond.Auth(bearer, "items"))
	mux.HandleFunc("GET /limited", func(*http.Request) (respond.Outcome, error) {
		return respond.OK(map[string]bool{"allowed": true}), nil
	}, respond.Limit(respond.Quota{Limiter: limiter}))
	mux.HandleFunc("GET /health", func(*http.Request) (respond.Outcome, error) {
		return respond.OK(map[string]string{"status": "up"}), nil
	})
	mux.HandleFunc("GET /err/{what}", fails)
	mux.HandleFunc("POST /err/{what}", fails)
	mux.HandleFunc("GET /err/panic-late", func(*http.Request) (respond.Outcome, error) {
		return respond.Stream("application/json", func(w io.Writer) error {
			_, _ = io.WriteString(w, strings.Repeat(" ", 4<<10)+`{"partial":`)
			panic("late")
		}), nil
	})
	var last atomic.Int64
	mux.Handle("POST /orders", respond.In(func(_ context.Context, in newItem) (respond.Outcome, error) {
		if in.Name == "slow" {
			e.started <- struct{}{}
			<-e.finish
		}
		return respond.Created(fmt.Sprintf("/orders/%d", last.Add(1)), in), nil
	}), respond.Idempotent(respond.Idempotency{Store: new(respond.MemoryStore)}))
	return e.watched(mux)
}
