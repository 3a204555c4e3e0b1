package respond_test

import (
	"net/http"
	"strings"

	"github.com/statute-http/statute/respond"
)

func ExampleProduces() {
	h := new(respond.API).HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		if respond.Chosen(r.Context()) == "text/csv" {
			return respond.Content("text/csv", strings.NewReader("1,saw\n")), nil
		}
		return respond.OK([]string{"saw"}), nil
	}, respond.Produces("application/json", "text/csv"))
	show(h, get("/items"), "Vary")
	show(h, get("/items", "Accept: text/*"), "Vary")
	show(h, get("/items", "Accept: text/html"))
	// Output:
	// 200 OK
	// Vary: Accept
	// ["saw"]
	// 200 OK
	// Vary: Accept
	// 1,saw
	// 406 Not Acceptable
	// {"title":"Not Acceptable","status":406,"detail":"available: application/json, text/csv","request_id":"r1"}
}
