package respond_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/statute-http/statute/respond"
)

func TestDeclares(t *testing.T) {
	h := respond.HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		if r.Method == http.MethodPost {
			return respond.Outcome{}, respond.Gone("")
		}
		return respond.OK(1).ETag("1"), nil
	})
	w := serve(t, route(new(respond.API), h, respond.Declares(200, 404)))
	for _, line := range []string{"GET /thing", "HEAD /thing", "POST /thing"} {
		w.send(line, "")
	}
	w.send("GET /thing", "", `If-None-Match: "1"`)
	w.send("GET /thing", "", `If-Match: "0"`)
	want := []string{"POST /thing: 410 is not among the codes that the route declares"}
	if diff := cmp.Diff(want, w.reports); diff != "" {
		t.Errorf("got +, want -:\n%s", diff)
	}
}

// TestDeclaredBefore holds that what is decided before the handler, by the fields
// of a request, and what conditions and ranges make of its answer is no
// undeclared code, but for the 206.
func TestDeclaredBefore(t *testing.T) {
	api := new(respond.API)
	mux := api.NewMux()
	mux.HandleFunc("PUT /thing", func(r *http.Request) (respond.Outcome, error) {
		return respond.NoContent(), respond.Check(r.Context(), respond.Version{ETag: "1"})
	}, respond.Declares(204))
	text := func(*http.Request) (respond.Outcome, error) {
		return respond.Content("application/json", strings.NewReader("[1, 2, 3]")).ETag("1"), nil
	}
	mux.HandleFunc("GET /whole", text, respond.Declares(200))
	mux.HandleFunc("GET /ranges", text, respond.Declares(200, 206))
	w := serve(t, mux)
	tests := []struct {
		line, field string
		want        int
	}{
		{"PUT /thing", "Early-Data: 1", 425},
		{"PUT /thing", "Content-Encoding: gzip", 415},
		{"PUT /thing", "Content-Length: 10000000", 413},
		{"PUT /thing", `If-Match: "0"`, 412},
		{"GET /ranges", "Range: bytes=0-1", 206},
		{"GET /ranges", "Range: bytes=100-", 416},
		{"GET /ranges", `If-None-Match: "1"`, 304},
		{"GET /ranges", `If-Match: "0"`, 412},
		{"GET /whole", "Range: bytes=0-1", 206},
	}
	for _, test := range tests {
		content := ""
		if test.want == 415 {
			content = valid
		}
		if got := w.send(test.line, content, test.field).Response.Status; got != test.want {
			t.Errorf("%s, %s: got %d, want %d", test.line, test.field, got, test.want)
		}
	}
	want := []string{"GET /whole: 206 is not among the codes that the route declares"}
	if diff := cmp.Diff(want, w.reports); diff != "" {
		t.Errorf("got +, want -:\n%s", diff)
	}
}
