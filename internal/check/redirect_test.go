package check

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/statute-http/statute"
)

// TestRedirects holds that redirects are followed as far as they stay on the
// server and do no harm, and not for ever.
func TestRedirects(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("asked another host") }))
	defer elsewhere.Close()
	lead := map[string]string{
		"/here":        "/there",
		"/abroad":      elsewhere.URL + "/there",
		"/out":         "/session/logout",
		"/away":        "/orders/1/delete",
		"/described":   "/orders/1/close",
		"/round":       "/round/again",
		"/round/again": "/round",
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked[r.URL.Path]++
		if to := lead[r.URL.Path]; to != "" && r.Method == "GET" {
			w.Header().Set("Location", to)
			w.WriteHeader(302)
			return
		}
		_, _ = io.WriteString(w, "{}")
	}))
	defer server.Close()
	text := "openapi: 3.1.0\ninfo: {title: redirects, version: '1'}\npaths:\n"
	for _, path := range []string{"/here", "/abroad", "/out", "/away", "/described", "/round", "/orders/1/close"} {
		text += fmt.Sprintf("  %s: {get: {responses: {default: {description: any}}}}\n", path)
	}
	var followed []string
	_, err := Run(t.Context(), Config{Description: describe(t, text), Base: address(t, server)}, func(x *statute.Exchange) {
		if x.Case.Detail == "where a redirect leads" {
			followed = append(followed, x.Request.Target)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/session/logout", "/orders/1/delete"} {
		if asked[path] > 0 {
			t.Errorf("%s was asked for", path)
		}
	}
	if !slices.Contains(followed, "/there") || slices.Contains(followed, "/orders/1/close") {
		t.Errorf("followed %q", followed)
	}
	again := 0
	for _, target := range followed {
		if target == "/round/again" {
			again++
		}
	}
	if again == 0 || again > maxHops {
		t.Errorf("went round %d times", again)
	}
}
