package respond_test

import (
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleFormat() {
	api := &respond.API{Formats: []respond.Format{respond.Envelope(), respond.Text()}}
	h := api.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Outcome{}, respond.NotFound("there is no such order")
	}, respond.Produces("application/json", "text/csv"))
	show(h, get("/orders/17"))
	show(h, get("/orders/17", "Accept: text/plain, text/csv"))
	// Output:
	// 404 Not Found
	// {"error":{"code":"not_found","message":"Not Found: there is no such order","request_id":"r1"}}
	// 404 Not Found
	// 404 Not Found
	// there is no such order
	// Request: r1
}
