package respond_test

import (
	"errors"
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleProblem() {
	outOfStock := respond.Problem{Type: "/problems/out-of-stock", Title: "Out of stock", Code: 409}

	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		cause := errors.New("shelf 7 is empty") // for the log
		return respond.Outcome{}, outOfStock.New("order fewer").With("left", 2).Because(cause)
	})
	show(h, post("/orders", "{}"))
	// Output:
	// 409 Conflict
	// {"type":"/problems/out-of-stock","title":"Out of stock","status":409,"detail":"order fewer","left":2,"request_id":"r1"}
}
