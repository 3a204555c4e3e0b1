package client

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"time"
)

// Transport is an [http.RoundTripper] that repeats what failed for a while and may
// be repeated. Its zero value is ready for use. It is safe for concurrent use; its
// fields are not changed afterwards.
type Transport struct {
	// Base sends the requests, [http.DefaultTransport] if nil.
	Base http.RoundTripper

	// Tries is how often a request is sent at most, the first time included; 0 is
	// 4.
	Tries int

	// Backoff is the wait before the second try, where the response says nothing of
	// it; it doubles from try to try up to [MaxBackoff]. 0 is 200 ms.
	Backoff time.Duration

	// Budget is the time from the first try within which the last one has to
	// begin; 0 is a minute.
	Budget time.Duration

	// Logger hears of each try: its method, address without query, code or error,
	// and whether there will be another. nil discards.
	Logger *slog.Logger

	// Jitter returns a number from 0 up to 1, by which clients that failed together
	// do not come back together; [rand.Float64] if nil.
	Jitter func() float64

	// Now and Sleep are the clock: package time's if nil. Sleep returns the cause if
	// ctx ends first.
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error

	pace pace
}

// MaxBackoff is the longest wait that no response asked for.
const MaxBackoff = 10 * time.Second

// Client returns a client that uses the transport and follows redirects as
// [Redirect] does.
func (t *Transport) Client() *http.Client {
	return &http.Client{Transport: t, CheckRedirect: Redirect}
}

// RoundTrip implements [http.RoundTripper]. The error is that of the last try; if a
// response came before it, an [*Error] in it tells of that.
func (t *Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	begun := t.now()
	limit := begun.Add(cmp.Or(t.Budget, time.Minute))
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(limit) {
		limit = deadline
	}
	host := request.URL.Scheme + "://" + request.URL.Host

	var last *Error // the response before this try
	for try := 1; ; try++ {
		// To be late is worse than to be refused: then there is a response.
		if wait := t.pace.wait(host, t.now()); wait > 0 && t.now().Add(wait).Before(limit) {
			if err := t.sleep(ctx, wait); err != nil {
				if try == 1 && request.Body != nil {
					request.Body.Close()
				}
				return nil, withLast(err, last)
			}
		}
		attempt := request
		if try > 1 {
			var err error
			if attempt, err = again(request); err != nil {
				return nil, withLast(err, last)
			}
		}
		sent := t.now()
		response, err := t.base().RoundTrip(attempt)
		now := t.now()
		var wait time.Duration
		repeat := try < cmp.Or(t.Tries, 4) && ctx.Err() == nil && passing(request, response, err)
		if response != nil {
			t.pace.learn(host, parseQuotas(response.Header, now), now)
		}
		if repeat {
			wait = t.wait(response, try, now)
			repeat = now.Add(wait).Before(limit)
		}
		t.report(ctx, request, response, err, try, now.Sub(sent), repeat, wait)
		switch {
		case !repeat && err != nil:
			return nil, withLast(err, last)
		case !repeat:
			return response, nil
		case response != nil:
			// What is said slowly is heard for as long as the wait, or a moment.
			tooLate := time.AfterFunc(min(max(wait, moment), limit.Sub(now)), func() { response.Body.Close() })
			last = newError(response, now)
			tooLate.Stop()
			read := t.now()
			if wait = max(0, wait-read.Sub(now)); !read.Add(wait).Before(limit) {
				response.Body = last.body()
				return response, nil
			}
		}
		if err := t.sleep(ctx, wait); err != nil {
			return nil, withLast(err, last)
		}
	}
}

// moment is how long to read content that is only to be remembered.
const moment = time.Second

// again returns the request for another try.
func again(request *http.Request) (*http.Request, error) {
	attempt := request.Clone(request.Context())
	if request.GetBody != nil {
		body, err := request.GetBody()
		if err != nil {
			return nil, err
		}
		attempt.Body = body
	}
	return attempt, nil
}

// withLast adds the response that came last to an error that came after it.
func withLast(err error, last *Error) error {
	if last == nil {
		return err
	}
	return &lastError{err, last}
}

// lastError is an error with the response that came before it.
type lastError struct {
	error
	last *Error
}

func (e *lastError) Error() string { return e.error.Error() + "; before that: " + e.last.Error() }

func (e *lastError) Unwrap() []error { return []error{e.error, e.last} }

// Timeout is what [net.Error] and [url.Error] ask for.
func (e *lastError) Timeout() bool {
	t, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](e.error)
	return ok && t.Timeout()
}

// passing reports whether a failure is worth another try that can do no harm.
func passing(request *http.Request, response *http.Response, err error) bool {
	if request.Body != nil && request.Body != http.NoBody && request.GetBody == nil {
		return false
	}
	harmless := idempotent(request.Method) || request.Header.Get("Idempotency-Key") != ""
	if err != nil {
		passing, unsent := broken(err)
		return passing && (harmless || unsent)
	}
	switch response.StatusCode {
	case http.StatusTooEarly:
		return true // refused before it was looked at (RFC 8470, 5.2)
	case http.StatusRequestTimeout, http.StatusTooManyRequests,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return harmless
	case http.StatusRequestEntityTooLarge: // for now, if it says until when (RFC 9110, 15.5.14)
		return harmless && response.Header.Get("Retry-After") != ""
	}
	return false
}

// idempotent reports whether a method has the same effect once or several times
// (RFC 9110, 9.2.2; QUERY: RFC 10008).
func idempotent(method string) bool {
	switch method {
	case "", http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete,
		http.MethodOptions, http.MethodTrace, "QUERY":
		return true
	}
	return false
}

// broken reports whether an error is a connection that failed, and whether it
// failed before any of the request can have been sent.
func broken(err error) (passing, unsent bool) {
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		return e.IsTemporary || e.IsTimeout, true
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		switch e.Op {
		case "dial":
			return true, true
		case "read", "write":
			return true, false
		}
		return false, false // TLS
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return true, false
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF), false
}

// wait returns how long to wait before the next try.
func (t *Transport) wait(response *http.Response, try int, now time.Time) time.Duration {
	backoff := cmp.Or(t.Backoff, 200*time.Millisecond)
	spread := time.Duration(t.jitter() * float64(backoff))
	if response != nil {
		if told, ok := RetryAfter(response.Header, now); ok {
			return told + spread
		}
		var spent time.Duration // until the last quota that is spent has more
		for _, q := range parseQuotas(response.Header, now) {
			if response.StatusCode == http.StatusTooManyRequests && q.remaining == 0 {
				spent = max(spent, q.within)
			}
		}
		if spent > 0 {
			return spent + spread
		}
	}
	for range try - 1 {
		backoff = min(2*backoff, MaxBackoff)
	}
	return backoff/2 + time.Duration(t.jitter()*float64(backoff/2))
}

// report logs a try.
func (t *Transport) report(ctx context.Context, r *http.Request, response *http.Response, err error, try int, took time.Duration, repeat bool, wait time.Duration) {
	if t.Logger == nil {
		return
	}
	attrs := []slog.Attr{
		slog.String("method", cmp.Or(r.Method, http.MethodGet)),
		slog.String("url", place(r.URL)),
		slog.Int("try", try),
		slog.Duration("took", took),
	}
	level := slog.LevelDebug
	if err != nil {
		level = slog.LevelWarn
		attrs = append(attrs, slog.Any("error", err))
	} else {
		attrs = append(attrs, slog.Int("status", response.StatusCode))
	}
	if repeat {
		level = slog.LevelWarn
		attrs = append(attrs, slog.Duration("again_in", wait))
	}
	t.Logger.LogAttrs(ctx, level, "request tried", attrs...)
}

func (t *Transport) base() http.RoundTripper {
	if t.Base != nil {
		return t.Base
	}
	return http.DefaultTransport
}

func (t *Transport) now() time.Time {
	if t.Now != nil {
		return t.Now()
	}
	return time.Now()
}

func (t *Transport) jitter() float64 {
	if t.Jitter != nil {
		return t.Jitter()
	}
	return rand.Float64()
}

func (t *Transport) sleep(ctx context.Context, d time.Duration) error {
	if t.Sleep != nil {
		return t.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
