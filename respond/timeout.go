package respond

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Timeout gives the handler so much time: its context ends then, and the answer
// is that to context.DeadlineExceeded (504, or what a mapping says), whether the
// handler has returned or not. What it returns later is dropped.
func Timeout(d time.Duration) Option {
	return func(rt *route) { rt.timeout = d }
}

// returned is what a handler returned.
type returned struct {
	outcome Outcome
	err     error
}

// within runs a handler until it returns or the time is up.
func within(d time.Duration, h Handler, r *http.Request) (Outcome, error) {
	ctx, cancel := context.WithTimeout(r.Context(), d)
	defer cancel()
	r = r.WithContext(ctx)
	done := make(chan returned)
	go func() {
		got := try(h, r)
		select {
		case done <- got:
		case <-ctx.Done():
			got.outcome.discard()
		}
	}()
	select {
	case got := <-done:
		return got.outcome, got.err
	case <-ctx.Done():
		return Outcome{}, fmt.Errorf("waiting for the handler: %w", ctx.Err())
	}
}

// try runs a handler and makes an error of a panic.
func try(h Handler, r *http.Request) (got returned) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			got = returned{err: http.ErrAbortHandler}
		default:
			got = returned{err: panicked(p)}
		}
	}()
	outcome, err := h.Respond(r)
	return returned{outcome, err}
}
