package respond_test

import (
	"fmt"
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleWithReport() {
	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Created("", nil), nil // where?
	})
	r := post("/orders", "{}")
	r = r.WithContext(respond.WithReport(r.Context(), func(err error) { fmt.Println("report:", err) }))
	show(h, r)
	// Output:
	// report: POST /orders: Created without a location
	// 500 Internal Server Error
	// {"title":"Internal Server Error","status":500,"request_id":"r1"}
}
