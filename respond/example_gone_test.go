package respond_test

import (
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleGone() {
	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Outcome{}, respond.Gone("/v2/orders").Detail("version 1 has ended")
	})
	show(h, get("/v1/orders"), "Link")
	// Output:
	// 410 Gone
	// Link: </v2/orders>; rel="successor-version"
	// {"title":"Gone","status":410,"detail":"version 1 has ended","request_id":"r1"}
}
