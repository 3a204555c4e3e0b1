package respond_test

import (
	"context"
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleAuth() {
	bearer := respond.Bearer{Realm: "shop", Verify: func(_ context.Context, token string) (respond.Principal, bool, error) {
		if token != "secret" {
			return respond.Principal{}, false, nil
		}
		return respond.Principal{ID: "jo", Scopes: []string{"read"}}, true, nil
	}}
	api := new(respond.API)
	mux := api.NewMux()
	hello := func(r *http.Request) (respond.Outcome, error) {
		caller, _ := respond.Caller(r.Context())
		return respond.OK("hello, " + caller.ID), nil
	}
	mux.HandleFunc("GET /read", hello, respond.Auth(bearer, "read"))
	mux.HandleFunc("GET /write", hello, respond.Auth(bearer, "write"))

	show(mux, get("/read"), "WWW-Authenticate")
	show(mux, get("/read", "Authorization: Bearer secret"))
	show(mux, get("/write", "Authorization: Bearer secret"), "WWW-Authenticate")
	// Output:
	// 401 Unauthorized
	// WWW-Authenticate: Bearer realm="shop"
	// {"title":"Unauthorized","status":401,"detail":"a bearer token is needed","request_id":"r1"}
	// 200 OK
	// "hello, jo"
	// 403 Forbidden
	// WWW-Authenticate: Bearer realm="shop", error="insufficient_scope", scope="write"
	// {"title":"Forbidden","status":403,"detail":"the token lacks a scope","request_id":"r1"}
}
