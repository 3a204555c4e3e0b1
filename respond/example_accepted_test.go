package respond_test

import (
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleAccepted() {
	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Accepted("/jobs/9", map[string]string{"state": "queued"}).Header("Retry-After", "5"), nil
	})
	show(h, post("/reports", "{}"), "Location")
	// Output:
	// 202 Accepted
	// Location: /jobs/9
	// {"state":"queued"}
}
