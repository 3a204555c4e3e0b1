package respond_test

import (
	"fmt"
	"net/http"

	"github.com/statute-http/statute/respond"
)

type tooMany struct{ most int }

func (e tooMany) Error() string { return fmt.Sprint("more than ", e.most) }

func ExampleAs() {
	api := &respond.API{Mappings: []respond.Mapping{
		respond.As(func(e tooMany) error {
			return respond.Field("/qty", fmt.Sprintf("must be at most %d", e.most))
		}),
	}}
	show(api.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Outcome{}, tooMany{9}
	}), post("/orders", "{}"))
	// Output:
	// 422 Unprocessable Content
	// {"title":"Unprocessable Content","status":422,"detail":"some values are not allowed","errors":[{"pointer":"/qty","detail":"must be at most 9"}],"request_id":"r1"}
}
