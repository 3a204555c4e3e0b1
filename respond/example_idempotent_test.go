package respond_test

import (
	"fmt"
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleIdempotent() {
	orders := 0
	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		orders++
		return respond.Created(fmt.Sprint("/orders/", orders), nil), nil
	}, respond.Idempotent(respond.Idempotency{Store: new(respond.MemoryStore)}))

	show(h, post("/orders", "{}", "Idempotency-Key: k1"), "Location")
	show(h, post("/orders", "{}", "Idempotency-Key: k1"), "Location")
	show(h, post("/orders", "[]", "Idempotency-Key: k1"))
	// Output:
	// 201 Created
	// Location: /orders/1
	// 201 Created
	// Location: /orders/1
	// 422 Unprocessable Content
	// {"title":"Unprocessable Content","status":422,"detail":"the Idempotency-Key came with another request before","request_id":"r1"}
}
