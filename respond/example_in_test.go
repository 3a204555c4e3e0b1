package respond_test

import (
	"context"
	"errors"

	"github.com/statute-http/statute/respond"
)

type newOrder struct {
	Item string `json:"item"`
	Qty  int    `json:"qty"`
}

func (n newOrder) Validate() error {
	var errs []error
	if n.Item == "" {
		errs = append(errs, respond.Field("/item", "is required"))
	}
	if n.Qty < 1 {
		errs = append(errs, respond.Field("/qty", "must be at least 1"))
	}
	return errors.Join(errs...)
}

func ExampleIn() {
	h := new(respond.API).Handler(respond.In(func(_ context.Context, in newOrder) (respond.Outcome, error) {
		return respond.Created("/orders/17", in), nil
	}))
	show(h, post("/orders", `{"item":"saw","qty":2}`), "Location")
	show(h, post("/orders", `{"qty":0}`))
	// Output:
	// 201 Created
	// Location: /orders/17
	// {"item":"saw","qty":2}
	// 422 Unprocessable Content
	// {"title":"Unprocessable Content","status":422,"detail":"some values are not allowed","errors":[{"pointer":"/item","detail":"is required"},{"pointer":"/qty","detail":"must be at least 1"}],"request_id":"r1"}
}
