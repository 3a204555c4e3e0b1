package respond

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Timeout gives the handler so much time: its context ends then, and the answer
// is that to context.DeadlineExceeded (504, or what a mapping says), whether the
// handler has returned or not. What it returns later is dropped, unless the
// request has an idempotency key: see [Idempotency]. Until it returns, it counts
// for [limit.InFlight]. A [Stream] is written in the same time.
func Timeout(d time.Duration) Option {
	return func(rt *route) { rt.timeout = d }
}

// returned is what a handler returned.
type returned struct {
	outcome Outcome
	err     error
}

// within runs a handler until it returns or the time is up.
func (c *call) within(d time.Duration, h Handler) (Outcome, error) {
	ctx, cancel := context.WithTimeout(c.r.Context(), d)
	c.leave = append(c.leave, cancel) // in the end: a stream has yet to be written
	r := c.r.WithContext(ctx)
	done := make(chan returned, 1)
	go func() { done <- try(h, r) }()
	select {
	case got := <-done:
		return got.outcome, got.err
	case <-ctx.Done():
		c.late = done
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
