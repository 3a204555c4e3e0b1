package respond_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/statute-http/statute/limit"
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

// TestTimeoutOfStream holds that a stream is written in the time that is left, not
// after it.
func TestTimeoutOfStream(t *testing.T) {
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		return respond.Stream("text/plain", func(w io.Writer) error {
			if err := r.Context().Err(); err != nil {
				return err
			}
			_, err := io.WriteString(w, "all")
			return err
		}), nil
	}), respond.Timeout(time.Minute), respond.Produces("text/plain")))
	if got := text(w.send("POST /thing", "")); got != "200\nall" {
		t.Errorf("got %s", got)
	}
}

// TestTimeoutInFlight holds that a handler counts until it returns.
func TestTimeoutInFlight(t *testing.T) {
	in, err := limit.NewInFlight("parallel", 1)
	if err != nil {
		t.Fatal(err)
	}
	finish := make(chan struct{})
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		<-finish
		return respond.NoContent(), nil
	}), respond.Timeout(time.Millisecond), respond.Limit(respond.Quota{InFlight: in})))
	for _, want := range []int{504, 429} {
		if got := w.send("POST /thing", "").Response.Status; got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	}
	close(finish)
	waitFor(t, func() bool { return in.Enter("").Allowed })
}
