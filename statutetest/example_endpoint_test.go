package statutetest_test

import (
	"testing"

	"github.com/statute-http/statute/statutetest"
)

func ExampleEndpoint() {
	const clerk, guest = "Bearer clerk", "Bearer guest"
	_ = func(t *testing.T) {
		h := newOrders().handler()
		for _, e := range []statutetest.Endpoint{
			{Operation: "POST /v1/orders", Success: `{"item":"saw","qty":1}`, MissingField: "/item", Invalid: `{"item":"saw","qty":0}`, As: clerk, Lacking: guest},
			{Operation: "GET /v1/orders/1", Invalid: "/v1/orders/x", As: guest},
			{Operation: "DELETE /v1/orders/1", Want: 204, As: clerk, Lacking: guest},
		} {
			e.Test(t, h)
		}
	}
}
