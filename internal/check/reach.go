package check

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// controls looks for a request that succeeds, for each operation: first what
// can be read without knowing anything, then what is made, parents before
// children, then what needs one of these. What failed is tried again when more
// is known.
func (r *run) controls(ctx context.Context) {
	order := slices.Clone(r.operations)
	slices.SortStableFunc(order, func(a, b *operation) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(len(params(a.Path)), len(params(b.Path))))
	})
	for pass := range 2 {
		progress := false
		for i, op := range order {
			if r.over(ctx) {
				return
			}
			known := len(r.instances) + r.named.size() + len(r.links)
			if op.speaks != none || op.outcome.State != statute.Unreached || op.Method == "DELETE" || pass > 0 && (op.knew == known || op.needsNothing()) {
				continue
			}
			r.progress(op, i)
			progress = r.reach(ctx, op) || progress
			op.knew = len(r.instances) + r.named.size() + len(r.links)
		}
		if !progress {
			break
		}
	}
}

// rank orders operations by what they need and what they give.
func rank(op *operation) int {
	switch {
	case op.effect == reads && len(params(op.Path)) == 0:
		return 0
	case op.effect == created:
		return 1
	case op.effect == reads:
		return 2
	case ends(lastSegment(op.Path)): // what it is about goes
		return 4
	}
	return 3
}

// reach looks for a request to the operation that succeeds.
func (r *run) reach(ctx context.Context, op *operation) bool {
	d := r.draft(op)
	if op.effect == changes && !r.may(ctx, d) {
		op.outcome.Why = "it would act on what this run did not make"
		return false
	}
	cause := statute.Valid
	switch {
	case op.effect == created:
		cause = statute.Create
	case op.Method == "PUT" || op.Method == "PATCH":
		cause = statute.Change
	}
	for range maxTries {
		x := r.try(ctx, op, r.request(d.call, statute.Full), statute.Case{Cause: cause, Control: r.lastRead(d.from)})
		if x == nil {
			return false
		}
		op.outcome.Last = x
		if r.succeeded(op, x) {
			op.call, op.control, op.from = d.call.clone(), x, d.from
			op.outcome.State, op.outcome.Why = statute.Reached, ""
			r.heed(op.call, x)
			if d.subject != "" && d.from != nil && ends(lastSegment(op.Path)) {
				d.from.gone = true
			}
			made := r.learn(op.call, x)
			if d.fresh { // where nothing was before
				made = &instance{template: op.Path, params: op.call.path, made: true, create: x, call: op.call}
				r.remember(made)
				op.from = made
			}
			if made != nil {
				op.traced = r.verify(ctx, made)
				if op.Method == "GET" {
					return true
				}
				// At once, before anything changes what may have to be unique.
				if op.Method == "PUT" {
					r.putAgain(ctx, op, made)
					return true
				}
				again := r.try(ctx, op, r.request(op.call, statute.Full), statute.Case{Cause: statute.Duplicate, Control: x})
				if again != nil && op.effect == created && x.Response.Status != 201 && r.sameAddress(op.call, made, again) {
					made.made = false // found, perhaps, and not made
				}
				r.keep(op.call, again)
			} else if cause == statute.Change && d.from != nil {
				r.readBack(ctx, d.from)
				if op.Method == "PUT" && ours(op) {
					r.putAgain(ctx, op, d.from)
				}
			}
			r.lookAbove(ctx, op)
			return true
		}
		if d.fresh && mayHaveMade(x) {
			r.remember(&instance{template: op.Path, params: maps.Clone(d.path), made: true, create: x, call: d.call.clone()})
		}
		r.keep(d.call, x)
		if x.Error != "" {
			op.outcome.Why = x.Error
			return false
		}
		if !d.mend(x) {
			break
		}
	}
	return false
}

// may reports whether an operation that changes something may be sent: only to
// what this run made. A PUT may also go where nothing is yet, and so make it.
func (r *run) may(ctx context.Context, d *draft) bool {
	made := d.from != nil && d.from.made
	if matches(r.Risky, d.op.Operation) || made && d.from.template == d.op.Path {
		return true
	}
	_, last := splitLast(d.op.Path)
	get := r.operation("GET", d.op.Path)
	if d.op.Method != "PUT" || !isParam(last) || get == nil || get.outcome.State == statute.Skipped {
		return made
	}
	name := last[1 : len(last)-1]
	d.path[name] = r.newID(d.op.parameter(name))
	x := r.try(ctx, get, r.request(&call{op: get, path: d.path}, statute.Full), statute.Case{Cause: statute.Valid})
	d.fresh = x != nil && x.Response.Status == 404
	return made || d.fresh
}

// sameAddress reports whether the answer to the same create again names the same
// resource.
func (r *run) sameAddress(c *call, made *instance, again *statute.Exchange) bool {
	answered := decode(again.Response.Body.Bytes)
	if made.noun != "" {
		for _, source := range []any{answered, unwrap(answered)} {
			object, _ := source.(map[string]any)
			for name, member := range object {
				value, _ := scalar(member)
				if noun, ok := askedNoun(name, made.noun); ok && noun == made.noun && value == made.params[made.noun] {
					return true
				}
			}
		}
		return false
	}
	template, params := r.addressOf(&call{op: c.op, path: c.path}, answered)
	return again.Response.Class() == 2 && template == made.template && maps.Equal(params, made.params)
}

// newID returns an id for a resource that a PUT makes.
func (r *run) newID(p *openapi.Parameter) string {
	switch {
	case p == nil:
		return r.values.word(&openapi.Schema{})
	case kind(p.Schema) == "integer", kind(p.Schema) == "number":
		r.values.serial++
		return strconv.Itoa(98_765_000 + r.values.serial)
	case p.Schema.Format != "":
		if id := r.values.format(p.Name, p.Schema.Format); id != "" {
			return id
		}
	}
	return r.values.word(p.Schema)
}

// verify reads back what a create is taken to have made, and reports whether
// its address is right. An address that only the content suggested and that
// does not answer is given up: it may be a stranger's.
func (r *run) verify(ctx context.Context, i *instance) bool {
	if i.noun != "" {
		return r.askBack(ctx, i)
	}
	if i.location == "" && r.operation("GET", i.template) == nil {
		return i.template != ""
	}
	x := r.readMade(ctx, i)
	if x != nil && x.Response.Class() == 4 && i.location != "" && r.operation("GET", i.template) != nil {
		location := i.location
		i.location = "" // not to be read there: the resource may be where the description says
		if x = r.readBack(ctx, i); x == nil || x.Response.Class() != 2 {
			i.location = location
		}
	}
	if x != nil && x.Response.Class() == 2 {
		return true
	}
	if i.location == "" {
		i.template, i.params = "", nil
	}
	return false
}

// operation returns the operation of a method on a path template, nil if none
// is described.
func (r *run) operation(method, path string) *operation {
	for _, op := range r.operations {
		if op.Method == method && op.Path == path {
			return op
		}
	}
	return nil
}

func (r *run) succeeded(op *operation, x *statute.Exchange) bool {
	if x.Error != "" || r.Failed != nil && r.Failed(x) { // cut off or without an end; a failure called success
		return false
	}
	switch x.Response.Class() {
	case 2:
		return true
	case 3:
		return op.effect == reads && x.Response.Status != 304 || x.Response.Status == 303
	}
	return false
}

// readBack reads a resource that this run made: where its Location says, else
// by its own operation. That proves what was written, and so takes nothing from
// the budget of the operation that reads.
func (r *run) readBack(ctx context.Context, i *instance) *statute.Exchange {
	return r.read(ctx, i, statute.ReadBack, i.create)
}

func (r *run) read(ctx context.Context, i *instance, cause statute.Cause, control *statute.Exchange) *statute.Exchange {
	get := r.operation("GET", i.template)
	if get != nil && get.outcome.State == statute.Skipped || r.over(ctx) || cause != statute.ReadBack && get != nil && !r.spend(ctx, get) {
		return nil
	}
	why := statute.Case{Cause: cause, Control: control}
	var x *statute.Exchange
	switch {
	case i.location != "":
		o := statute.Operation{Method: "GET", Path: cmp.Or(i.template, i.location)}
		var declared *statute.Declared
		fields := statute.Fields{{Name: "Accept", Value: "application/json"}}
		if get != nil {
			declared, fields = get.declared, acceptOf(get)
		}
		x = r.send(ctx, o, declared, r.raw("GET", i.location, fields, nil, "", statute.Full), why)
	case get != nil:
		request := r.request(r.readCall(get, i), statute.Full)
		if strays(get.Path, request.Target) {
			return nil
		}
		x = r.send(ctx, get.Operation.Operation, get.declared, request, why)
	default:
		return nil
	}
	if x != nil && x.Response.Class() == 2 && cause == statute.ReadBack {
		i.read = x
		if get != nil && get.control == nil {
			get.call, get.control, get.from = r.readCall(get, i), x, i
			get.outcome.State, get.outcome.Last = statute.Reached, x
		}
	}
	return x
}

// readCall is a call of a GET on a resource, with the parameters it demands.
func (r *run) readCall(get *operation, i *instance) *call {
	c := r.draft(get).call
	c.path = maps.Clone(i.params)
	return c
}

// lastRead returns the latest successful read of a resource.
func (r *run) lastRead(i *instance) *statute.Exchange {
	if i == nil {
		return nil
	}
	return i.read
}
