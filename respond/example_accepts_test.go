package respond_test

import (
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleAccepts() {
	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.NoContent(), nil
	}, respond.Accepts("text/csv"), respond.MaxBytes(10))
	show(h, post("/import", "{}"), "Accept-Post")
	// Output:
	// 415 Unsupported Media Type
	// Accept-Post: text/csv
	// {"title":"Unsupported Media Type","status":415,"detail":"the content must be of type text/csv","request_id":"r1"}
}
