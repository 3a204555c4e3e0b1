package respond_test

import (
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleCheck() {
	stored := "7" // the version of the item
	h := new(respond.API).HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		if err := respond.Check(r.Context(), respond.Version{ETag: stored}); err != nil {
			return respond.Outcome{}, err
		}
		return respond.NoContent(), nil
	}, respond.Conditional())
	show(h, post("/items/1", "{}"))
	show(h, post("/items/1", "{}", `If-Match: "6"`))
	show(h, post("/items/1", "{}", `If-Match: "7"`))
	// Output:
	// 428 Precondition Required
	// {"title":"Precondition Required","status":428,"detail":"send If-Match with the ETag of the version that the change is based on","request_id":"r1"}
	// 412 Precondition Failed
	// {"title":"Precondition Failed","status":412,"detail":"the resource is not in the state that the request demands","request_id":"r1"}
	// 204 No Content
}
