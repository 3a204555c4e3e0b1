package respond_test

import (
	"net/http"

	"github.com/statute-http/statute/respond"
)

// A handler that has a page too looks at what the client prefers.
func ExampleBytes() {
	h := new(respond.API).HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		if respond.Chosen(r.Context()) == "text/html" {
			return respond.Bytes("text/html; charset=utf-8", []byte("<h1>Hammer</h1>")), nil
		}
		return respond.OK(map[string]string{"name": "hammer"}), nil
	}, respond.Produces("application/json", "text/html"))
	page := get("/items/1")
	page.Header.Set("Accept", "text/html")
	show(h, page, "Content-Type")
	show(h, get("/items/1"), "Content-Type")
	// Output:
	// 200 OK
	// Content-Type: text/html; charset=utf-8
	// <h1>Hammer</h1>
	// 200 OK
	// Content-Type: application/json
	// {"name":"hammer"}
}
