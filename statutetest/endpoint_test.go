package statutetest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute/statutetest"
)

func TestEndpoint(t *testing.T) {
	h := newOrders().handler()
	for _, e := range []statutetest.Endpoint{
		{Operation: "POST /v1/orders", Success: `{"item":"saw","qty":1}`, Want: 201, MissingField: "/item", Invalid: `{"item":"saw","qty":0}`, As: "Bearer clerk", Lacking: "Bearer guest"},
		{Operation: "GET /v1/orders/1", Invalid: "/v1/orders/x", As: "Authorization: Bearer guest"},
		{Operation: "DELETE /v1/orders/1", Want: 204, As: "Bearer clerk", Lacking: "Bearer guest"},
	} {
		e.Test(t, h)
	}
}

func TestEndpointFails(t *testing.T) {
	right := statutetest.Endpoint{
		Operation: "POST /v1/orders", Success: `{"item":"saw","qty":1}`, Want: 201,
		MissingField: "/qty", Invalid: `{"item":"","qty":1}`, As: "Bearer clerk", Lacking: "Bearer guest",
	}
	always := func(code int) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
	}
	changed := func(change func(*statutetest.Endpoint)) statutetest.Endpoint {
		e := right
		change(&e)
		return e
	}
	tests := []struct {
		name     string
		endpoint statutetest.Endpoint
		handler  http.Handler
		want     []string
	}{
		{"all fail", right, always(500), []string{
			"unauthenticated: answered 500 Internal Server Error, want 401",
			"unauthorised: answered 500 Internal Server Error, want 403 or 404",
			"missing field: answered 500 Internal Server Error, want 400 or 422",
			"invalid value: answered 500 Internal Server Error, want 400 or 422",
			"success: answered 500 Internal Server Error, want 201",
		}},
		{"all let in", right, always(201), []string{
			"unauthorised: answered 201 Created, want 403 or 404",
			"unauthenticated: answered 201 Created, want 401", "2xx-for-invalid", "201-without-location",
		}},
		{"other rights", changed(func(e *statutetest.Endpoint) { e.Lacking = "Bearer clerk" }), newOrders().handler(), []string{
			`unauthorised: answered 201 Created: {"item":"saw","qty":1}, want 403 or 404`,
		}},
		{"valid", changed(func(e *statutetest.Endpoint) { e.Invalid = e.Success }), newOrders().handler(), []string{"2xx-for-invalid"}},
		{"no such member", changed(func(e *statutetest.Endpoint) { e.MissingField = "/qty/unit" }), newOrders().handler(), []string{
			"the content of the success has no member /qty/unit",
		}},
		{"no operation", statutetest.Endpoint{Operation: "/orders"}, newOrders().handler(), []string{`the operation "/orders" is not a method and a target, like POST /orders`}},
		{"no field", statutetest.Endpoint{Operation: "GET /", Fields: []string{"If-Match"}}, newOrders().handler(), []string{`the field "If-Match" is not a name and a value, like If-Match: *`}},
		{"no JSON", changed(func(e *statutetest.Endpoint) { e.Success = "{" }), newOrders().handler(), []string{"reading the content of the success: "}},
		{"no answer", statutetest.Endpoint{Operation: "GET /"}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			panic(http.ErrAbortHandler)
		}), []string{"success: answered nothing: connection closed without an answer, want 2xx"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := try(t, func(f testing.TB) { tt.endpoint.Run(f, tt.handler) })
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not said:\n%s", want, got)
				}
			}
		})
	}
}

// TestEndpointSends holds what each case sends.
func TestEndpointSends(t *testing.T) {
	var got []string
	h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b := new(strings.Builder)
		_ = r.Write(b)
		_, content, _ := strings.Cut(b.String(), "\r\n\r\n")
		got = append(got, strings.Join([]string{r.Method, r.URL.String(), r.Header.Get("X-Api-Key"), r.Header.Get("If-Match"), r.Header.Get("Content-Type"), content}, "|"))
	})
	for _, e := range []statutetest.Endpoint{
		{Operation: "PUT /a?b=1", Success: `{"x/y":{"z":1}}`, MissingField: "/x~1y/z", Invalid: "/a?b=2", As: "X-API-Key: k1", Lacking: "X-API-Key: k2"},
		{Operation: "PUT /b", Success: "\x89PNG", As: "X-API-Key: k1", Fields: []string{`If-Match: "1"`, "content-type:image/png"}},
	} {
		try(t, func(f testing.TB) { e.Run(f, h) })
	}
	want := []string{
		`PUT|/a?b=1|||application/json|{"x/y":{"z":1}}`,
		`PUT|/a?b=1|k2||application/json|{"x/y":{"z":1}}`,
		`PUT|/a?b=1|k1||application/json|{"x/y":{}}`,
		`PUT|/a?b=2|k1||application/json|{"x/y":{"z":1}}`,
		`PUT|/a?b=1|k1||application/json|{"x/y":{"z":1}}`,
		"PUT|/b||\"1\"|image/png|\x89PNG",
		"PUT|/b|k1|\"1\"|image/png|\x89PNG",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("got +, want -:\n%s", diff)
	}
}

// TestEndpointSecrets holds that a credential is not shown, wherever an answer puts
// it.
func TestEndpointSecrets(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(500)
		_, _ = io.WriteString(w, "for "+r.Header.Get("X-User"))
	})
	got, _ := try(t, func(f testing.TB) {
		statutetest.Endpoint{Operation: "GET /", As: "X-User: hush-hush-17", Lacking: "X-User: hush-hush-18"}.Run(f, h)
	})
	if !strings.Contains(got, "for [redacted]") || strings.Contains(got, "hush") {
		t.Errorf("got:\n%s", got)
	}
}
