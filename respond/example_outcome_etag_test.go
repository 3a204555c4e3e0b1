package respond_test

import (
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleOutcome_ETag() {
	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.OK("saw").ETag("7").Cache("no-cache"), nil
	})
	show(h, get("/items/1"), "ETag")
	show(h, get("/items/1", `If-None-Match: "7"`), "ETag")
	// Output:
	// 200 OK
	// ETag: "7"
	// "saw"
	// 304 Not Modified
	// ETag: "7"
}
