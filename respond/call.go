package respond

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync/atomic"
)

// call is one request on its way through an API, and its context.
type call struct {
	context.Context // the request's, as it came

	api   *API
	route *route // nil as long as none is known
	w     http.ResponseWriter
	r     *http.Request
	id    string
	began bool // the answer's header section is on its way

	request http.Request // what r is at first; here, so that it needs no allocation of its own

	mediaType string      // of the content that the client is to get; "" where the route does not say
	principal *Principal  // nil as long as none is known
	checked   atomic.Bool // the preconditions of a change were evaluated
	body      body
	asked     bool          // for the principal, before there was a route
	leave     []func()      // what is to be done in the end
	late      chan returned // what the handler will return; nil unless its time was up before
	replay    *recording    // of the answer, for an idempotency key; nil if there is none

	values [4]string // of header fields, so that they need no allocations of their own
	used   int
}

type callKey struct{}

// Value makes the call known to whoever has its context.
func (c *call) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// callOf returns the call that a context belongs to, nil if none.
func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// begin starts a call for a request.
func (a *API) begin(w http.ResponseWriter, r *http.Request) *call {
	c := &call{Context: r.Context(), api: a, w: w}
	c.request = *r.WithContext(c)
	c.r = &c.request
	c.id = r.Header.Get(requestID)
	if !saneID(c.id) {
		c.id = a.ids.next()
	}
	c.set(requestID, c.id)
	return c
}

// set sets a header field of the answer. The name must be in canonical form.
func (c *call) set(name, value string) {
	if c.used == len(c.values) {
		c.w.Header()[name] = []string{value}
		return
	}
	c.values[c.used] = value
	c.used++
	c.w.Header()[name] = c.values[c.used-1 : c.used : c.used]
}

// end does what is to be done in the end, when the handler has returned, even
// where its time was up before. It must be deferred.
func (c *call) end() {
	if c.late == nil {
		c.finish()
		return
	}
	go func() {
		defer func() { // nobody else would, and there is no client to answer
			if p := recover(); p != nil {
				c.log(slog.LevelError, 500, panicked(p))
			}
		}()
		defer c.finish()
		got := <-c.late
		if c.replay != nil {
			c.replay.finish(c, got)
		} else {
			got.outcome.discard()
		}
	}()
}

func (c *call) finish() {
	for _, leave := range c.leave {
		leave()
	}
}

// recover answers a panic, if there was one: with a 500 before the first byte,
// by breaking the connection after it. It must be deferred.
func (c *call) recover() {
	switch p := recover(); p {
	case nil:
	case http.ErrAbortHandler:
		panic(p)
	default:
		c.fail(panicked(p))
	}
}

// panicked returns the error for a panic, with where it came from.
func panicked(p any) error {
	return Internal(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
}

// tracked is the ResponseWriter of a call as handlers of net/http get it.
type tracked struct{ c *call }

func (t tracked) Header() http.Header { return t.c.w.Header() }

func (t tracked) WriteHeader(code int) {
	t.c.began = t.c.began || code >= 200 || code == 101
	t.c.w.WriteHeader(code)
}

func (t tracked) Write(b []byte) (int, error) {
	t.c.began = true
	return t.c.w.Write(b)
}

// Unwrap is what http.ResponseController looks for.
func (t tracked) Unwrap() http.ResponseWriter { return t.c.w }

// Flush sends what was written so far.
func (t tracked) Flush() {
	t.c.began = true
	_ = http.NewResponseController(t.c.w).Flush()
}

// Hijack hands over the connection.
func (t tracked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(t.c.w).Hijack()
	t.c.began = t.c.began || err == nil
	return conn, rw, err
}
