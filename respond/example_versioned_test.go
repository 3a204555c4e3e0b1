package respond_test

import (
	"fmt"
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleVersioned() {
	version := func(*http.Request) (respond.Version, error) { return respond.Version{ETag: "7"}, nil }
	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		fmt.Println("writing")
		return respond.NoContent(), nil
	}, respond.Versioned(version))
	show(h, post("/items/1", "{}", `If-Match: "6"`))
	show(h, post("/items/1", "{}", `If-Match: "7"`))
	// Output:
	// 412 Precondition Failed
	// {"title":"Precondition Failed","status":412,"detail":"the resource is not in the state that the request demands","request_id":"r1"}
	// writing
	// 204 No Content
}
