package shop

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/statute-http/statute/client"
)

// breaker keeps the shop from asking a server that fails: after so many failures
// in a row nobody asks for a while, then one asks again. Its zero value is ready.
type breaker struct {
	mu       sync.Mutex
	failures int
	until    time.Time
}

const (
	mostFailures = 3
	openFor      = 10 * time.Second
)

// wait returns for how long the server is not to be asked, 0 if it may be. Who
// asks then says how it went, by told; if nobody does, the next may ask after
// openFor.
func (b *breaker) wait(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < mostFailures {
		return 0
	}
	if wait := b.until.Sub(now); wait > 0 {
		return wait
	}
	b.until = now.Add(openFor) // the others wait for this one
	return 0
}

// told says how asking the server went. One that refuses a request by a 4xx does
// not fail: the next request may be a better one.
func (b *breaker) told(err error, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	answer, ok := errors.AsType[*client.Error](err)
	switch {
	case err == nil, ok && answer.Code < 500:
		b.failures = 0
	case errors.Is(err, context.Canceled): // who asked is gone: nothing is known
	default:
		b.failures++
		b.until = now.Add(openFor)
	}
}
