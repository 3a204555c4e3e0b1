package respond_test

import (
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleMovedPermanently() {
	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.MovedPermanently("/orders"), nil
	})
	show(h, get("/order"), "Location")
	show(h, post("/order", "{}"), "Location") // a client may send GET after a 301
	// Output:
	// 301 Moved Permanently
	// Location: /orders
	// 308 Permanent Redirect
	// Location: /orders
}
