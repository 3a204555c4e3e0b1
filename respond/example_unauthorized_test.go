package respond_test

import (
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleUnauthorized() {
	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Outcome{}, respond.Unauthorized(
			respond.Challenge{Scheme: "Bearer", Realm: "shop"},
			respond.Challenge{Scheme: "Basic", Realm: "shop"},
		)
	})
	show(h, get("/"), "WWW-Authenticate")
	// Output:
	// 401 Unauthorized
	// WWW-Authenticate: Bearer realm="shop"
	// {"title":"Unauthorized","status":401,"request_id":"r1"}
}
