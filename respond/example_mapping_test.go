package respond_test

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/statute-http/statute/respond"
)

func ExampleMapping() {
	errClosed := errors.New("the shop is closed")
	api := &respond.API{Mappings: []respond.Mapping{
		respond.NoRows,
		respond.Is(errClosed, respond.Unavailable(time.Hour).Detail("we open at nine")),
	}}
	show(api.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Outcome{}, fmt.Errorf("ordering: %w", errClosed)
	}), post("/orders", "{}"), "Retry-After")
	// Output:
	// 503 Service Unavailable
	// Retry-After: 3600
	// {"title":"Service Unavailable","status":503,"detail":"we open at nine","request_id":"r1"}
}
