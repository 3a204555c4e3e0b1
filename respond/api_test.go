package respond_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/statute-http/statute/respond"
)

// route serves one handler at /thing.
func route(api *respond.API, h respond.Handler, options ...respond.Option) *respond.Mux {
	mux := api.NewMux()
	for _, method := range []string{"GET", "POST", "PUT"} {
		mux.Handle(method+" /thing", h, options...)
	}
	return mux
}

func TestPolicy(t *testing.T) {
	type input struct {
		ID int `path:"id"`
	}
	content := respond.In(func(context.Context, newItem) (respond.Outcome, error) { return respond.NoContent(), nil })
	byPath := respond.In(func(context.Context, input) (respond.Outcome, error) { return respond.NoContent(), nil })
	tests := []struct {
		name    string
		policy  respond.Policy
		request string
		want    int
	}{
		{"Invalid400", respond.Policy{Invalid400: true}, raw("POST /thing", `{"qty":1}`), 400},
		{"Invalid400, type", respond.Policy{Invalid400: true}, raw("POST /thing", `{"qty":"x"}`), 400},
		{"AllowUnknown", respond.Policy{AllowUnknown: true}, raw("POST /thing", `{"name":"saw","qty":1,"x":1}`), 204},
		{"AllowUntyped", respond.Policy{AllowUntyped: true}, raw("POST /thing", valid, "-Content-Type"), 204},
		{"IgnoreAccept", respond.Policy{IgnoreAccept: true}, raw("POST /thing", valid, "Accept: text/plain"), 204},
		{"RedirectSlash", respond.Policy{RedirectSlash: true}, raw("POST /thing/?a=1", valid), 308},
		{"RedirectSlash to nothing", respond.Policy{RedirectSlash: true}, raw("POST /nope/", valid), 404},
		{"UnknownMethod405", respond.Policy{UnknownMethod405: true}, raw("BREW /thing", ""), 405},
		{"BadPath400", respond.Policy{BadPath400: true}, raw("GET /things/x", ""), 400},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			mux := route(&respond.API{Policy: test.policy}, content)
			mux.Handle("GET /things/{id}", byPath)
			w := serve(t, mux)
			if x := w.sendRaw(test.request); x.Response.Status != test.want {
				t.Errorf("got %d, want %d", x.Response.Status, test.want)
			}
		})
	}
}

// TestMuxOwnRedirects holds that http.ServeMux answers nothing by itself.
func TestMuxOwnRedirects(t *testing.T) {
	api := new(respond.API)
	mux := api.NewMux()
	h := func(*http.Request) (respond.Outcome, error) { return respond.NoContent(), nil }
	for _, pattern := range []string{"GET /files/", "POST /tree/{path...}", "PUT /end/{$}", "GET /both/", "GET /both"} {
		mux.HandleFunc(pattern, h)
	}
	w := serve(t, mux)
	for line, want := range map[string]string{
		"GET /files":       "308\nLocation: /files/",
		"GET /files?a=%2F": "308\nLocation: /files/?a=%2F",
		"POST /tree":       "308\nLocation: /tree/",
		"PUT /end":         "308\nLocation: /end/",
		"PUT /end/more":    "404",
		"GET /both":        "204",
		"GET /both/a":      "204",
		"GET /files/a":     "204",
		"GET /tree":        "404",
		"GET /":            "404",
	} {
		x := w.send(line, "")
		got := fmt.Sprint(x.Response.Status)
		if location := x.Response.Fields.Get("Location"); location != "" {
			got += "\nLocation: " + location
		}
		if got != want || x.Response.MediaType() == "text/html" {
			t.Errorf("%s: got %s, want %s", line, got, want)
		}
	}
}

// TestOtherRouter holds that routes work without a Mux, also behind one another.
func TestOtherRouter(t *testing.T) {
	api := &respond.API{Limits: nil}
	router := http.NewServeMux()
	router.Handle("/plain", api.HandlerFunc(func(*http.Request) (respond.Outcome, error) { panic("s3cret") }))
	router.Handle("/file", api.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Served(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusNotFound)
			io.WriteString(w, `{"title":"Not Found","status":404}`)
		})), nil
	}))
	w := serve(t, router)
	if got := strings.TrimSpace(text(w.send("GET /plain", ""))); got != `500`+"\n"+`{"title":"Internal Server Error","status":500,"request_id":"ID"}` {
		t.Errorf("panic: got %s", got)
	}
	if x := w.send("GET /file", ""); x.Response.Status != 404 {
		t.Errorf("served by another: got %d, want 404", x.Response.Status)
	}
}
