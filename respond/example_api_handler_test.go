package respond_test

import (
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleAPI_Handler() {
	api := new(respond.API)
	router := http.NewServeMux() // or any other
	router.Handle("GET /orders/{id}", api.HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		return respond.Outcome{}, respond.NotFound("there is no order " + r.PathValue("id"))
	}))
	show(router, get("/orders/17"))
	// Output:
	// 404 Not Found
	// {"title":"Not Found","status":404,"detail":"there is no order 17","request_id":"r1"}
}
