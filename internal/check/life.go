package check

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/statute-http/statute"
)

// lives takes each operation that deletes through the life of a resource made
// for it, the innermost first: made, read, changed, deleted, read again,
// deleted again. Where no other can be made, the one that served the cases goes.
func (r *run) lives(ctx context.Context) {
	var deletes []*operation
	for _, op := range r.operations {
		if op.Method == "DELETE" && op.outcome.State != statute.Skipped && danger(op.Operation) == "" {
			deletes = append(deletes, op)
		}
	}
	slices.SortStableFunc(deletes, func(a, b *operation) int { return cmp.Compare(len(params(b.Path)), len(params(a.Path))) })
	for _, op := range deletes {
		if r.over(ctx) {
			return
		}
		r.progress(op, len(r.operations))
		r.life(ctx, op)
	}
}

func (r *run) life(ctx context.Context, op *operation) {
	d := r.draft(op)
	if !r.daring {
		if d.from == nil || !d.from.made {
			op.outcome.Why = harms("delete", op)
			return
		}
		d.guard()
	}
	i := d.from
	if i != nil && i.template == op.Path {
		if another := r.another(ctx, i); another != nil {
			i = another
		}
		d.call.path = i.params
		if r.readMade(ctx, i) != nil {
			if put := r.operation("PUT", op.Path); put != nil && put.call != nil {
				changed := put.call.clone()
				changed.path = i.params
				r.try(ctx, put, r.request(changed, statute.Full), statute.Case{Cause: statute.Change, Control: i.read})
				r.readBack(ctx, i)
			}
		}
		if r.staleDelete(ctx, op, d.call, i) {
			if i = r.another(ctx, i); i == nil {
				return
			}
			d.call.path = i.params
			r.readMade(ctx, i)
		}
	}
	x := r.try(ctx, op, r.request(d.call, statute.Full), statute.Case{Cause: statute.Delete, Control: r.lastRead(i)})
	if x == nil {
		return
	}
	op.outcome.Last = x
	if x.Response.Class() != 2 {
		if i != nil && i.template == op.Path && i.read != nil && x.Response.Status >= 400 { // it may be gone all the same
			after := r.read(ctx, i, statute.ReadDeleted, i.read)
			i.gone = after != nil && (after.Response.Status == 404 || after.Response.Status == 410)
		}
		return
	}
	op.call, op.control, op.from = d.call.clone(), x, i
	op.outcome.State, op.outcome.Why = statute.Reached, ""
	if i != nil && i.template == op.Path {
		i.gone = true
		if i.read != nil {
			again := func() *statute.Exchange { return r.read(ctx, i, statute.ReadDeleted, i.read) }
			after := again()
			if after != nil && x.Response.Status == http.StatusAccepted {
				after = r.await(ctx, after, again, func(s int) bool { return s/100 != 2 })
			}
			if after != nil && after.Response.Class() == 2 && bytes.Equal(after.Response.Body.Bytes, i.read.Response.Body.Bytes) {
				i.gone, op.keeps = false, true
			}
		}
		r.try(ctx, op, r.request(d.call, statute.Full), statute.Case{Cause: statute.DeleteAgain, Control: x})
		r.strangerDeletes(ctx, op, i)
	}
	r.idCases(ctx, op)
}

// patience is how long a run waits in all for what a server has accepted and
// not yet done.
const patience = 3 * time.Second

// await reads again and again, after pauses that grow, until the status is the
// one that is waited for or patience ends. It returns the latest answer.
func (r *run) await(ctx context.Context, x *statute.Exchange, read func() *statute.Exchange, done func(status int) bool) *statute.Exchange {
	for pause := 100 * time.Millisecond; !done(x.Response.Status) && r.waited+pause <= patience && !r.over(ctx); pause *= 2 {
		r.waited += pause
		r.sleep(ctx, pause)
		if later := read(); later != nil {
			x = later
		}
	}
	return x
}

// readMade reads what was made just now; if that was only accepted, until it is
// there.
func (r *run) readMade(ctx context.Context, i *instance) *statute.Exchange {
	x := r.readBack(ctx, i)
	if x == nil || i.create == nil || i.create.Response.Status != http.StatusAccepted {
		return x
	}
	there := func(status int) bool { return status/100 == 2 || status == http.StatusSeeOther } // 303: done, and the result is elsewhere
	return r.await(ctx, x, func() *statute.Exchange { return r.readBack(ctx, i) }, there)
}

// strangerDeletes tries to delete a resource made for it as each principal that
// has no right to it, or may have none.
func (r *run) strangerDeletes(ctx context.Context, op *operation, like *instance) {
	var i *instance
	for _, who := range r.strangers(op) {
		if i == nil || i.gone {
			if i = r.another(ctx, like); i == nil {
				return
			}
		}
		c := op.call.clone()
		c.path = i.params
		x := r.try(ctx, op, r.request(c, who), r.caseOf(who, op.control))
		i.gone = x != nil && x.Response.Class() == 2 && !op.keeps
	}
}

// another makes a second resource like one that this run made, by the same call
// with fresh words in it; nil if that does not succeed.
func (r *run) another(ctx context.Context, i *instance) *instance {
	if i.call == nil || i.call.op.Method != "POST" {
		return nil
	}
	c := i.call.clone()
	c.body = r.freshen(c.body)
	x := r.try(ctx, c.op, r.request(c, statute.Full), statute.Case{Cause: statute.Create, Control: i.create})
	if x == nil {
		return nil
	}
	made := r.learn(c, x)
	if made == nil || made.template != i.template {
		return nil
	}
	if i.location == "" { // dead, if there was one: see verify
		made.location = ""
	}
	return made
}

// freshen replaces the words that this run made up by new ones.
func (r *run) freshen(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = r.freshen(v[name])
		}
	case []any:
		for i := range v {
			v[i] = r.freshen(v[i])
		}
	case string:
		for _, spelt := range []func(string) string{strings.ToLower, strings.ToUpper} {
			if at := strings.Index(v, spelt(r.values.tag)); at >= 0 {
				end := min(len(v), at+len(r.values.tag)+serialLength)
				return v[:at] + spelt(r.values.fresh()[:end-at]) + v[end:]
			}
		}
	}
	return v
}

// cleanupTime bounds how long a run goes on deleting what it made after it was
// interrupted.
const cleanupTime = 10 * time.Second

// cleanUp deletes what the run made, the latest first, and lists what could not
// be deleted.
func (r *run) cleanUp(ctx context.Context) {
	interrupted := ctx
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(interrupted, func() { time.AfterFunc(cleanupTime, cancel) })()
	var left []*instance
	for _, i := range slices.Backward(r.instances) {
		if !i.made || i.gone || r.dismiss(ctx, i) {
			continue
		}
		target, deleted := r.targetOf(i), false
		if op := r.operation("DELETE", i.template); target != "" && op != nil && op.outcome.State != statute.Skipped && !strays(i.template, target) && ctx.Err() == nil && r.dead == nil {
			d := r.draft(op)
			d.call.path = i.params
			d.guard()
			for _, who := range slices.Compact([]statute.Principal{i.maker(), statute.Full}) {
				x := r.send(ctx, op.Operation.Operation, op.declared, r.request(d.call, who), statute.Case{Cause: statute.Delete, Control: i.read, Principal: who})
				s := x.Response.Status
				if deleted = s/100 == 2 && !op.keeps || (s == 404 || s == 410) && i.read != nil; deleted { // else it may be elsewhere
					break
				}
			}
		}
		if i.gone = deleted; !deleted {
			left = append(left, i)
		}
	}
	unnamed := map[string]int{}
	for _, i := range left {
		switch target := r.targetOf(i); {
		case r.vanished(ctx, i), r.wentAlong(ctx, i):
			i.gone = true
		case target != "":
			r.result.Leftover = append(r.result.Leftover, r.client.Scheme+"://"+r.client.Authority+target)
		case i.create != nil:
			unnamed[i.create.Operation.String()]++
		}
	}
	for _, op := range r.operations {
		if n := unnamed[op.String()]; n > 0 {
			r.result.Leftover = append(r.result.Leftover, fmt.Sprintf("what %s may have made: %d of its answers gave no address", op, n))
		}
	}
}

// targetOf returns the target that leads to an instance, "" if none is known.
func (r *run) targetOf(i *instance) string {
	if i.template != "" {
		return r.path(i.template, i.params)
	}
	return i.location
}

// vanished reports whether something is not there, whatever the DELETE of it was
// answered: reading it says so, or shows what reads of unknown ids do.
func (r *run) vanished(ctx context.Context, i *instance) bool {
	get := r.operation("GET", i.template)
	if get == nil || get.outcome.State != statute.Reached || i.create == nil || ctx.Err() != nil || r.dead != nil {
		return false
	}
	request := r.request(r.readCall(get, i), i.maker())
	if strays(get.Path, request.Target) {
		return false
	}
	x := r.send(ctx, get.Operation.Operation, get.declared, request, statute.Case{Cause: statute.Valid, Principal: i.maker()})
	switch {
	case x.Response.Status == http.StatusNotFound || x.Response.Status == http.StatusGone:
		return true
	case x.Response.Class() == 2 && get.missing != nil && get.missing.Response.Status == x.Response.Status && bytes.Equal(x.Response.Body.Bytes, get.missing.Response.Body.Bytes):
		return true
	}
	return i.read != nil && r.showsNothing(x, i.read)
}

// wentAlong reports whether something is gone with what it was a part of and the
// run has deleted, such as the items of an order: it cannot be read any more or, if
// nothing reads it, what it was a part of cannot.
func (r *run) wentAlong(ctx context.Context, i *instance) bool {
	if i.create == nil || i.call == nil || ctx.Err() != nil || r.dead != nil {
		return false
	}
	made, _, _ := strings.Cut(cmp.Or(r.targetOf(i), i.create.Request.Target), "?")
	at := slices.IndexFunc(r.instances, func(whole *instance) bool {
		return whole.made && whole.gone && whole.template != "" && strings.HasPrefix(made, bare(r.targetOf(whole))+"/")
	})
	if at < 0 {
		return false
	}
	own := i.template
	if own == "" && i.create.Response.Fields.Get("Location") == i.create.Request.Target {
		own = i.create.Operation.Path // such as the payment of an order
	}
	get, params := r.operation("GET", own), i.params
	if params == nil {
		params = i.call.path
	}
	if get == nil {
		get, params = r.operation("GET", r.instances[at].template), r.instances[at].params
	}
	if get == nil || get.outcome.State != statute.Reached {
		return false
	}
	request := r.request(r.readCall(get, &instance{params: params}), statute.Full)
	x := r.send(ctx, get.Operation.Operation, get.declared, request, statute.Case{Cause: statute.Valid})
	return x.Response.Status == 404 || x.Response.Status == 410
}
