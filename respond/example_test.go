package respond_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/respond"
)

// show sends a request and prints code, the named fields and content of the
// answer.
func show(h http.Handler, r *http.Request, names ...string) {
	r.Header.Set("X-Request-Id", "r1")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	code, _ := statute.LookupCode(w.Code)
	fmt.Println(code)
	for _, name := range names {
		fmt.Printf("%s: %s\n", name, w.Header().Get(name))
	}
	if w.Body.Len() > 0 {
		fmt.Println(strings.TrimSpace(w.Body.String()))
	}
}

// get and post make requests.
func get(target string, fields ...string) *http.Request {
	r := httptest.NewRequest("GET", target, nil)
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ": ")
		r.Header.Add(name, value)
	}
	return r
}

func post(target, content string, fields ...string) *http.Request {
	r := get(target, fields...)
	r.Method, r.Body, r.ContentLength = "POST", io.NopCloser(strings.NewReader(content)), int64(len(content))
	r.Header.Set("Content-Type", "application/json")
	return r
}

func Example() {
	type greeting struct {
		Name string `path:"name"`
	}
	api := new(respond.API)
	mux := api.NewMux()
	mux.Handle("GET /hello/{name}", respond.In(func(_ context.Context, in greeting) (respond.Outcome, error) {
		return respond.OK("hello, " + in.Name), nil
	}))
	show(mux, get("/hello/world"))
	show(mux, get("/nothing"))
	show(mux, post("/hello/world", "{}"), "Allow")
	// Output:
	// 200 OK
	// "hello, world"
	// 404 Not Found
	// {"title":"Not Found","status":404,"request_id":"r1"}
	// 405 Method Not Allowed
	// Allow: GET, HEAD, OPTIONS
	// {"title":"Method Not Allowed","status":405,"request_id":"r1"}
}
