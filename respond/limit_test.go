package respond_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/statute-http/statute/limit"
	"github.com/statute-http/statute/respond"
)

func TestInFlight(t *testing.T) {
	in, err := limit.NewInFlight("parallel", 1)
	if err != nil {
		t.Fatal(err)
	}
	started, finish := make(chan struct{}), make(chan struct{})
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		started <- struct{}{}
		<-finish
		return respond.NoContent(), nil
	}), respond.Limit(respond.Quota{InFlight: in})))
	request := raw("POST /thing", "")
	for range 2 { // a request that has ended does not count
		conn := w.dial()
		if _, err := io.WriteString(conn, request); err != nil {
			t.Fatal(err)
		}
		<-started
		if x := w.sendRaw(request); x.Response.Status != 429 || x.Response.Fields.Get("Retry-After") != "1" {
			t.Errorf("beside another: got %d, Retry-After %q", x.Response.Status, x.Response.Fields.Get("Retry-After"))
		}
		finish <- struct{}{}
		if x := w.receive(conn, request); x.Response.Status != 204 {
			t.Errorf("alone: got %d, want 204", x.Response.Status)
		}
	}
}

func TestLimitsOfAPI(t *testing.T) {
	s := newItems(t)
	w := serve(t, route(&respond.API{Limits: []respond.Quota{{Limiter: s.limiter}}}, respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.NoContent(), nil
	})))
	for _, want := range []int{404, 405, 429} { // what is no route's counts too
		if got := w.send(map[int]string{404: "GET /nope", 405: "DELETE /thing", 429: "POST /thing"}[want], "").Response.Status; got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	}
}

func TestCost(t *testing.T) {
	s := newItems(t)
	cost := int64(3)
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.NoContent(), nil
	}), respond.Limit(respond.Quota{Limiter: s.limiter, Cost: func(*http.Request) int64 { return cost }})))
	for _, want := range []int{400, 204, 429} { // more than there ever is; all there is; none left
		if got := w.send("POST /thing", "").Response.Status; got != want {
			t.Errorf("cost %d: got %d, want %d", cost, got, want)
		}
		cost = 2
	}
}

// down is a store that cannot be asked.
type down struct{}

func (down) Take(context.Context, string, int64, []limit.Policy) (limit.State, error) {
	return limit.State{}, errors.New("s3cret")
}

func TestLimitStoreFails(t *testing.T) {
	limiter, err := limit.New(limit.Options{Store: down{}}, limit.Policy{Name: "burst", Quota: 1, Window: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		t.Error("the handler ran")
		return respond.NoContent(), nil
	}), respond.Limit(respond.Quota{Limiter: limiter})))
	if got := answer(w.send("POST /thing", "")); !strings.Contains(got, "\nRetry-After: 1\n") || !strings.HasPrefix(got, "503\n") || strings.Contains(got, "s3cret") {
		t.Errorf("got %s", got)
	}
}

// TestLimitsByPrincipal holds that a quota for all requests cannot ask for what is
// not known yet, and so be shared by all.
func TestLimitsByPrincipal(t *testing.T) {
	s := newItems(t)
	key := limit.ByPrincipal(func(ctx context.Context) string {
		caller, _ := respond.Caller(ctx)
		return caller.ID
	})
	bearer := respond.Auth(respond.Bearer{Realm: "x", Verify: s.verify})
	quota := respond.Quota{Limiter: s.limiter, Key: key}
	h := respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) { return respond.NoContent(), nil })
	for _, test := range []struct {
		handler http.Handler
		want    int
	}{
		{route(&respond.API{Limits: []respond.Quota{quota}}, h, bearer), 500},
		{(&respond.API{Limits: []respond.Quota{quota}}).Handler(h, bearer), 500},
		{route(new(respond.API), h, bearer, respond.Limit(quota)), 204},
	} {
		w := serve(t, test.handler)
		if got := w.send("POST /thing", "", "Authorization: Bearer good").Response.Status; got != test.want || len(w.reports) != test.want/500 {
			t.Errorf("got %d and reports %q, want %d", got, w.reports, test.want)
		}
	}
}
