package statutetest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

// TestRecord holds what becomes an exchange.
func TestRecord(t *testing.T) {
	started := make(chan struct{}, 1)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(201)
		fmt.Fprint(w, "made")
	})
	mux.HandleFunc("GET /big", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 4*buffered)) })
	mux.HandleFunc("GET /slow", func(_ http.ResponseWriter, r *http.Request) {
		started <- struct{}{}
		<-r.Context().Done()
	})
	mux.HandleFunc("POST /dead", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	n, server := serve(t, mux)
	send := func(ctx context.Context, method, path, content string) {
		r, err := http.NewRequestWithContext(ctx, method, server.URL+path, strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		if response, err := server.Client().Do(r); err == nil {
			if path != "/big" { // whose rest is not wanted
				_, _ = io.Copy(io.Discard, response.Body)
			}
			response.Body.Close()
		}
	}
	ctx := t.Context()
	before := time.Now()
	send(ctx, "POST", "/orders", "a saw")
	send(ctx, "GET", "/big", "")
	send(ctx, "GET", "/none?a=b", "")
	send(ctx, "POST", "/dead", "")
	leaving, leave := context.WithCancel(ctx)
	go func() {
		<-started
		leave()
	}()
	send(leaving, "GET", "/slow", "")
	server.Close()

	var got []string
	exchanges, cut := n.exchanges()
	for i, x := range exchanges {
		got = append(got, fmt.Sprintf("%s %s %q: %d interim, %d %q%s", x.Request.Method, x.Request.URL(), x.Request.Body.Bytes,
			len(x.Interim), x.Response.Status, strings.TrimSpace(string(x.Response.Body.Bytes)), x.Error))
		if x.Source.Entry != i || x.Seen != statute.SeenAll || x.Start.Before(before) || x.Took < 0 {
			t.Errorf("%s: entry %d, seen %v, start %v, took %v", got[i], x.Source.Entry, x.Seen, x.Start, x.Took)
		}
	}
	want := []string{
		`POST http://api.example/orders "a saw": 1 interim, 201 "made"`,
		`GET http://api.example/none?a=b "": 0 interim, 404 "404 page not found"`,
		`POST http://api.example/dead "": 0 interim, 0 ""connection closed without an answer`,
	}
	if diff := cmp.Diff(want, got); diff != "" || cut {
		t.Errorf("cut %v; got +, want -:\n%s", cut, diff)
	}
}
