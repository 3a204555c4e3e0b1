package respond_test

import (
	"net/http"
	"time"

	"github.com/statute-http/statute/respond"
)

func ExampleTimeout() {
	h := new(respond.API).HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		<-r.Context().Done() // something slow
		return respond.Outcome{}, r.Context().Err()
	}, respond.Timeout(time.Millisecond))
	show(h, get("/slow"))
	// Output:
	// 504 Gateway Timeout
	// {"title":"Gateway Timeout","status":504,"request_id":"r1"}
}
