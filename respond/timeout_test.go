package respond_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/statute-http/statute/respond"
)

func TestTimeout(t *testing.T) {
	late := make(chan struct{})
	defer close(late)
	tests := []struct {
		name    string
		timeout time.Duration
		h       respond.HandlerFunc
		want    int
	}{
		{"too slow, whatever its context says", time.Millisecond, func(*http.Request) (respond.Outcome, error) {
			<-late
			return respond.OK(1), nil
		}, 504},
		{"too slow, and says so", time.Millisecond, func(r *http.Request) (respond.Outcome, error) {
			<-r.Context().Done()
			return respond.Outcome{}, r.Context().Err()
		}, 504},
		{"in time", time.Minute, func(*http.Request) (respond.Outcome, error) { return respond.NoContent(), nil }, 204},
		{"panic", time.Minute, func(*http.Request) (respond.Outcome, error) { panic("s3cret") }, 500},
		{"breaks the connection", time.Minute, func(*http.Request) (respond.Outcome, error) { panic(http.ErrAbortHandler) }, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := serve(t, route(new(respond.API), test.h, respond.Timeout(test.timeout)))
			if x := w.send("GET /thing", ""); x.Response.Status != test.want {
				t.Errorf("got %d, want %d", x.Response.Status, test.want)
			}
		})
	}
}
