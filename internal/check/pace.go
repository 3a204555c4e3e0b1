package check

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/statute-http/statute"
)

// A run takes turns: whoever holds run.turn thinks and changes what the run
// knows; while a request is under way it is somebody else's turn. Most of a run
// is one goroutine that never waits for its turn; what is safe and independent
// goes side by side.

// sideBySide does the jobs, each about one operation that only reads, several
// at a time. What they send is yielded job by job, as if they had been done one
// after the other.
func (r *run) sideBySide(operations []*operation, job func(op *operation)) {
	yield := r.yield
	var held []*statute.Exchange
	r.yield = func(x *statute.Exchange) { held = append(held, x) }
	r.together(len(operations), r.Parallel, func(i int) { job(operations[i]) })
	r.yield = yield
	order := map[string]int{}
	for i, op := range operations {
		order[op.Path] = i
	}
	slices.SortStableFunc(held, func(a, b *statute.Exchange) int {
		return cmp.Compare(order[a.Operation.Path], order[b.Operation.Path])
	})
	for _, x := range held {
		yield(x)
	}
}

// together does n jobs, a few of them under way at the same time. Each has the turn
// but for while its requests are under way.
func (r *run) together(n, atOnce int, job func(i int)) {
	slots := make(chan struct{}, atOnce)
	var group sync.WaitGroup
	r.turn.Unlock()
	for i := range n {
		slots <- struct{}{}
		group.Go(func() {
			r.turn.Lock()
			defer func() {
				r.turn.Unlock()
				<-slots
			}()
			job(i)
		})
	}
	group.Wait()
	r.turn.Lock()
}

// The bounds of what a run waits because the server told it to.
const (
	maxWait  = 30 * time.Second // at once
	maxWaits = 20
)

// exchange sends a request at the pace that the user and the server allow. A
// 429 that nobody asked for says nothing of the request: the exchange loses its
// case. If the limit is one that the run has reached, and not the operation's
// usual answer, the request goes out once more after the wait.
func (r *run) exchange(ctx context.Context, x *statute.Exchange) (*statute.Exchange, error) {
	r.rest(ctx)
	who := x.Case.Principal
	r.refresh(ctx, who, x)
	r.result.Requests++
	r.turn.Unlock()
	err := r.clientOf(who).Do(ctx, x)
	r.turn.Lock()
	if again := r.renewed(ctx, who, x); again != nil { // then nobody needs to know that a credential expired
		x, err = r.exchange(ctx, again)
		if x.Response.Status != http.StatusUnauthorized {
			r.parties[who].futile = 0
		}
		return x, err
	}
	asked := x.Case.Cause == statute.Burst || x.Case.Cause == statute.AfterWait
	if err != nil || asked || x.Response.Status != http.StatusTooManyRequests {
		r.admitted[x.Operation], r.limited = true, statute.Operation{}
		return x, err
	}
	why := x.Case
	x.Case = nil
	r.result.Limited++
	reached := r.admitted[x.Operation] || r.limited != statute.Operation{} && r.limited != x.Operation
	r.limited = x.Operation
	wait := retryAfter(&x.Response, time.Now())
	if !reached || wait > maxWait || r.waits == maxWaits || r.over(ctx) {
		return x, nil
	}
	r.waits++
	r.yield(x)
	r.next = time.Now().Add(wait)
	return r.exchange(ctx, &statute.Exchange{Request: x.Request, Operation: x.Operation, Declared: x.Declared, Case: why})
}

// rest waits until the next request may go out.
func (r *run) rest(ctx context.Context) {
	now := time.Now()
	at := r.next
	if at.Before(now) {
		at = now
	}
	if r.PerSecond > 0 {
		r.next = at.Add(time.Duration(float64(time.Second) / r.PerSecond))
	}
	if wait := at.Sub(now); wait > 0 {
		r.sleep(ctx, wait)
	}
}

// sleep gives the turn up for a while, or until the run is interrupted.
func (r *run) sleep(ctx context.Context, d time.Duration) {
	r.turn.Unlock()
	timer := time.NewTimer(d)
	select {
	case <-timer.C:
	case <-ctx.Done():
		timer.Stop()
	}
	r.turn.Lock()
}

// retryAfter returns the wait that an answer tells, a second if it tells none.
func retryAfter(response *statute.Response, now time.Time) time.Duration {
	if wait, ok := toldWait(response, now); ok {
		return wait
	}
	return time.Second
}

// toldWait returns the wait that an answer tells, in seconds or as a date (RFC
// 9110, 10.2.3), and whether it tells one. A date is by the server's clock, where
// the answer says what that shows.
func toldWait(response *statute.Response, now time.Time) (time.Duration, bool) {
	value := response.Fields.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, 1<<31)) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if said, err := http.ParseTime(response.Fields.Get("Date")); err == nil {
		now = said
	}
	return max(0, at.Sub(now)), true
}

// over reports whether the run should go no further, and notes why.
func (r *run) over(ctx context.Context) bool {
	switch {
	case r.dead != nil:
		return true
	case r.result.Ended != "":
		return true
	case ctx.Err() != nil:
		r.result.Ended = "interrupted"
	case r.MaxRequests > 0 && r.result.Requests >= r.MaxRequests:
		r.result.Ended = fmt.Sprintf("after as many requests as allowed (%d)", r.MaxRequests)
	case r.MaxTime > 0 && time.Since(r.start) >= r.MaxTime:
		r.result.Ended = fmt.Sprintf("after %v", r.MaxTime)
	}
	return r.result.Ended != ""
}
