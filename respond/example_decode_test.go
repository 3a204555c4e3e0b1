package respond_test

import (
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleDecode() {
	h := new(respond.API).HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		var order newOrder
		if err := respond.Decode(r, &order); err != nil {
			return respond.Outcome{}, err
		}
		return respond.Created("/orders/17", order), nil
	}, respond.Accepts("application/json"))
	show(h, post("/orders", `{"item":"saw","qty":"two"}`))
	// Output:
	// 422 Unprocessable Content
	// {"title":"Unprocessable Content","status":422,"detail":"some values are not allowed","errors":[{"pointer":"/qty","detail":"must be an integer"}],"request_id":"r1"}
}
