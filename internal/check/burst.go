package check

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

const (
	maxBurstWait  = time.Minute            // waited for what a refusal told
	burstMargin   = 100 * time.Millisecond // waited longer than told: timers differ
	burstParallel = 20                     // copies under way at the same time
)

// burst sends copies of one read until the server refuses one for being too many.
// Then it sends one more alone: where that is refused too, nothing else is under
// way, so that the wait it tells can be held to, and is. It is the last that a run
// does, when nothing is left that a refusal could hinder.
func (r *run) burst(ctx context.Context) {
	if r.Burst == 0 {
		return
	}
	op := r.burstOn()
	if op == nil {
		r.result.Burst = "No burst was sent: no GET was reached that is fit for it (--burst-on names one)."
		return
	}
	all := r.copies(ctx, op)
	said := fmt.Sprintf("A burst of %d requests, %s: ", len(all), op)
	defer func() { r.result.Burst = said + "." }()
	switch {
	case slices.ContainsFunc(all, isRefusal):
		said += "too many for the server"
	case slices.ContainsFunc(all, broke):
		said += "it ended at one that failed"
		return
	default:
		said += "no limit was met"
		return
	}
	last := r.one(ctx, op, statute.Burst)
	switch {
	case last == nil:
	case !isRefusal(last):
		said += ", and the next one, alone, was let in"
	default:
		wait, ok := toldWait(&last.Response, time.Now())
		switch {
		case !ok:
			said += ", without a wait that was told"
			return
		case wait > maxBurstWait:
			said += fmt.Sprintf("; to hold the server to the wait that was told, %v, would take too long", wait)
			return
		}
		r.sleep(ctx, wait+burstMargin)
		after := r.one(ctx, op, statute.AfterWait)
		if after == nil {
			return
		}
		if said += fmt.Sprintf("; after the wait that was told, %v, ", wait); isRefusal(after) {
			said += "refused again"
		} else {
			said += "let in"
		}
	}
}

// burstOn returns the first read that was reached and is fit for a burst.
func (r *run) burstOn() *operation {
	i := slices.IndexFunc(r.operations, func(op *operation) bool {
		return r.bears(op) && op.control != nil && op.control.Response.Class() == 2 && (op.from == nil || !op.from.made)
	})
	if i < 0 {
		return nil
	}
	return r.operations[i]
}

// bears reports whether an operation may get a burst: it is one that the user
// names or, if none is named, one that demands no parameters.
func (r *run) bears(op *operation) bool {
	if !isGet(op) || op.effect != reads || op.makes() || op.speaks != none {
		return false
	}
	if r.BurstOn != "" {
		return Matches(r.BurstOn, op.Operation)
	}
	return !slices.ContainsFunc(op.Parameters, func(p openapi.Parameter) bool { return p.Required })
}

// copies sends copies of a read side by side until one is refused or fails.
func (r *run) copies(ctx context.Context, op *operation) (all []*statute.Exchange) {
	stop := false
	r.together(r.Burst, burstParallel, func(int) {
		if stop || r.over(ctx) {
			return
		}
		x := r.copy(ctx, op, statute.Burst)
		all = append(all, x)
		stop = stop || isRefusal(x) || broke(x)
	})
	slices.SortStableFunc(all, func(a, b *statute.Exchange) int { return a.Start.Compare(b.Start) })
	for _, x := range all {
		r.yield(x)
	}
	return all
}

// one sends one copy alone and yields it; nil if the run is over.
func (r *run) one(ctx context.Context, op *operation, cause statute.Cause) *statute.Exchange {
	if r.over(ctx) {
		return nil
	}
	x := r.copy(ctx, op, cause)
	r.yield(x)
	return x
}

// copy sends a copy of a read that succeeded. That a connection cannot be made is
// the burst's doing, and does not mean that the server is gone.
func (r *run) copy(ctx context.Context, op *operation, cause statute.Cause) *statute.Exchange {
	x, err := r.exchange(ctx, &statute.Exchange{
		Request:   r.request(op.call, statute.Full),
		Operation: op.Operation.Operation,
		Declared:  op.declared,
		Case:      &statute.Case{Cause: cause, Control: op.control, Principal: statute.Full},
	})
	if err != nil {
		x.Error = err.Error()
	}
	return x
}

// broke reports whether a request got no answer, or one that the server failed.
func broke(x *statute.Exchange) bool { return x.Error != "" || x.Response.Class() == 5 }

// isRefusal reports whether an answer says that there were too many requests.
func isRefusal(x *statute.Exchange) bool {
	return x.Response.Status == http.StatusTooManyRequests ||
		x.Response.Status == http.StatusServiceUnavailable && strings.TrimSpace(x.Response.Fields.Get("Retry-After")) != ""
}
