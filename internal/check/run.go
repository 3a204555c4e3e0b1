package check

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// run is one run of the checker.
type run struct {
	Config
	client       *client
	yield        func(*statute.Exchange)
	values       *values
	operations   []*operation
	instances    []*instance
	named        map[string]string // identities by the names under which requests ask for them
	result       *Result
	failures     int // connections in a row that could not be made
	dead         error
	announced    bool
	brokenEscape bool // a broken percent-encoding was tried
}

// cleanupTime bounds how long a run goes on deleting what it made after it was
// interrupted.
const cleanupTime = 10 * time.Second

// Run checks an API and yields every exchange in the order sent. It returns an
// error if the server cannot be reached, or not any more; the result then says
// how far it came. Whatever happens, what the run made is deleted at the end.
func Run(ctx context.Context, c Config, yield func(*statute.Exchange)) (*Result, error) {
	start := time.Now()
	c.MaxPerOperation = cmp.Or(c.MaxPerOperation, 40)
	c.Timeout = cmp.Or(c.Timeout, 10*time.Second)
	r := &run{
		Config: c,
		client: newClient(c.Base, c.Timeout),
		yield:  yield,
		values: &values{given: c.Values, tag: strconv.FormatInt(start.UnixMilli()%(36*36*36*36), 36), now: start},
		named:  map[string]string{},
		result: &Result{},
	}
	defer r.client.close()
	r.plan()
	r.controls(ctx)
	r.cases(ctx)
	r.lives(ctx)
	r.serverCases(ctx)
	r.cleanUp(ctx)
	r.result.Stopped = ctx.Err() != nil
	for _, op := range r.operations {
		r.result.Operations = append(r.result.Operations, *op.outcome)
		last := op.outcome.Last
		switch {
		case op.outcome.State == statute.Reached && (op.Secured() || !r.describesSecurity()):
			r.result.Admitted++
		case op.outcome.State == statute.Unreached && last != nil && (last.Response.Status == 401 || last.Response.Status == 403):
			r.result.Refused++
		}
	}
	r.result.Elapsed = time.Since(start)
	return r.result, r.dead
}

// plan takes the operations from the description; without one, the base itself
// is the one operation.
func (r *run) plan() {
	described := []*openapi.Operation{{Operation: statute.Operation{Method: "GET", Path: r.Base.Path}}}
	if r.Description != nil {
		described = r.Description.Operations
	}
	for _, d := range described {
		op := &operation{Operation: d, effect: effectOf(d, described)}
		if r.Description != nil {
			op.declared = d.Declared()
		}
		op.outcome = &statute.Outcome{Operation: d.Operation}
		if why := r.leaveOut(op); why != "" {
			op.outcome.State, op.outcome.Why = statute.Skipped, why
		}
		r.operations = append(r.operations, op)
	}
}

// over reports whether the run should go no further.
func (r *run) over(ctx context.Context) bool { return ctx.Err() != nil || r.dead != nil }

// send sends one request, yields the exchange, and returns it.
func (r *run) send(ctx context.Context, o statute.Operation, declared *statute.Declared, request statute.Request, why statute.Case) *statute.Exchange {
	if why.Principal == "" {
		why.Principal = statute.Full
	}
	x := &statute.Exchange{
		Source:    statute.Source{Entry: r.result.Requests},
		Request:   request,
		Operation: o,
		Declared:  declared,
		Case:      &why,
	}
	if !x.Request.Safe() && !r.announced {
		r.announced = true
		if r.Announce != nil {
			r.Announce(r.unsafeMethods())
		}
	}
	r.result.Requests++
	if err := r.client.do(ctx, x); err != nil {
		x.Error = err.Error()
		if r.failures++; ctx.Err() == nil && (r.failures == 3 || r.result.Requests == 1) {
			r.dead = fmt.Errorf("connecting to %s: %w", r.client.address, err)
		}
	} else {
		r.failures = 0
	}
	r.yield(x)
	return x
}

// strays reports whether a target leads elsewhere than to what the template
// stands for: a parameter is empty, or steps up the path.
func strays(template, target string) bool {
	path, _, _ := strings.Cut(target, "?")
	if strings.HasSuffix(path, "/") && !strings.HasSuffix(template, "/") && template != "" {
		return true
	}
	for segment := range strings.SplitSeq(path, "/") {
		if plain, err := url.PathUnescape(segment); err == nil {
			segment = plain
		}
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// unsafeMethods lists the unsafe methods that the run will use.
func (r *run) unsafeMethods() []string {
	var methods []string
	for _, op := range r.operations {
		if !statute.SafeMethod(op.Method) && op.outcome.State != statute.Skipped && !slices.Contains(methods, op.Method) {
			methods = append(methods, op.Method)
		}
	}
	slices.Sort(methods)
	return methods
}

// try sends a call of an operation within the operation's budget; nil when that
// is spent.
func (r *run) try(ctx context.Context, op *operation, request statute.Request, why statute.Case) *statute.Exchange {
	if op.sent >= r.MaxPerOperation || r.over(ctx) || strays(op.Path, request.Target) {
		return nil
	}
	op.sent++
	return r.send(ctx, op.Operation.Operation, op.declared, request, why)
}

// progress tells the caller how far the run is.
func (r *run) progress(op *operation, done int) {
	if r.Progress != nil {
		r.Progress(Progress{Operation: op.Operation.Operation, Done: done, All: len(r.operations), Requests: r.result.Requests})
	}
}

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
			known := len(r.instances) + len(r.named)
			if op.outcome.State != statute.Unreached || op.Method == "DELETE" || pass > 0 && (op.knew == known || op.needsNothing()) {
				continue
			}
			r.progress(op, i)
			progress = r.reach(ctx, op) || progress
			op.knew = len(r.instances) + len(r.named)
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
			made := r.learn(op.call, x)
			if d.fresh { // where nothing was before
				made = &instance{template: op.Path, params: op.call.path, made: true, create: x, call: op.call}
				r.remember(made)
				op.from = made
			}
			if made != nil {
				op.traced = r.verify(ctx, made)
				// At once, before anything changes what may have to be unique.
				again := r.try(ctx, op, r.request(op.call, statute.Full), statute.Case{Cause: statute.Duplicate, Control: x})
				if again != nil && op.effect == created && x.Response.Status != 201 && r.sameAddress(op.call, made, again) {
					made.made = false // found, perhaps, and not made
				}
				r.keep(op.call, again)
			} else if cause == statute.Change && d.from != nil {
				r.readBack(ctx, d.from)
			}
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
	if matches(r.Risky, d.op.Operation) || d.from != nil && d.from.made {
		return true
	}
	_, last := splitLast(d.op.Path)
	if d.op.Method != "PUT" || !isParam(last) {
		return false
	}
	get := r.operation("GET", d.op.Path)
	if get == nil || get.outcome.State == statute.Skipped {
		return false
	}
	name := last[1 : len(last)-1]
	d.path[name] = r.newID(d.op.parameter(name))
	x := r.try(ctx, get, r.request(&call{op: get, path: d.path}, statute.Full), statute.Case{Cause: statute.Valid})
	d.fresh = x != nil && x.Response.Status == 404
	return d.fresh
}

// sameAddress reports whether the answer to the same create again names the same
// resource.
func (r *run) sameAddress(c *call, made *instance, again *statute.Exchange) bool {
	template, params := r.addressOf(c, decode(again.Response.Body.Bytes), nil)
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
	if i.location == "" && r.operation("GET", i.template) == nil {
		return i.template != ""
	}
	x := r.readBack(ctx, i)
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
// by its own operation.
func (r *run) readBack(ctx context.Context, i *instance) *statute.Exchange {
	return r.read(ctx, i, statute.ReadBack, i.create)
}

func (r *run) read(ctx context.Context, i *instance, cause statute.Cause, control *statute.Exchange) *statute.Exchange {
	get := r.operation("GET", i.template)
	if get != nil && get.outcome.State == statute.Skipped {
		return nil
	}
	why := statute.Case{Cause: cause, Control: control}
	var x *statute.Exchange
	switch {
	case i.location != "":
		if r.over(ctx) || get != nil && get.sent >= r.MaxPerOperation {
			return nil
		}
		if get != nil {
			get.sent++
		}
		o := statute.Operation{Method: "GET", Path: cmp.Or(i.template, i.location)}
		var declared *statute.Declared
		fields := statute.Fields{{Name: "Accept", Value: "application/json"}}
		if get != nil {
			declared, fields = get.declared, acceptOf(get)
		}
		x = r.send(ctx, o, declared, r.raw("GET", i.location, fields, nil, "", statute.Full), why)
	case get != nil:
		x = r.try(ctx, get, r.request(r.readCall(get, i), statute.Full), why)
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
	c.path = i.params
	return c
}

// lastRead returns the latest successful read of a resource.
func (r *run) lastRead(i *instance) *statute.Exchange {
	if i == nil {
		return nil
	}
	return i.read
}

// lives takes each operation that deletes through the life of a resource made
// for it, the innermost first: made, read, changed, deleted, read again,
// deleted again. Where no other can be made, the one that served the cases goes.
func (r *run) lives(ctx context.Context) {
	var deletes []*operation
	for _, op := range r.operations {
		if op.Method == "DELETE" && op.outcome.State != statute.Skipped {
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
	if d.from == nil || !d.from.made {
		op.outcome.Why = "it would delete what this run did not make"
		if !matches(r.Risky, op.Operation) {
			return
		}
	}
	i := d.from
	if i != nil && i.template == op.Path {
		if another := r.another(ctx, i); another != nil {
			i = another
		}
		d.call.path = i.params
		if r.readBack(ctx, i) != nil {
			if put := r.operation("PUT", op.Path); put != nil && put.call != nil {
				changed := put.call.clone()
				changed.path = i.params
				r.try(ctx, put, r.request(changed, statute.Full), statute.Case{Cause: statute.Change, Control: i.read})
				r.readBack(ctx, i)
			}
		}
	}
	x := r.try(ctx, op, r.request(d.call, statute.Full), statute.Case{Cause: statute.Delete, Control: r.lastRead(i)})
	if x == nil {
		return
	}
	op.outcome.Last = x
	if x.Response.Class() != 2 {
		return
	}
	op.call, op.control, op.from = d.call.clone(), x, i
	op.outcome.State, op.outcome.Why = statute.Reached, ""
	if i != nil && i.template == op.Path {
		i.gone = true
		if i.read != nil {
			after := r.read(ctx, i, statute.ReadDeleted, i.read)
			if after != nil && after.Response.Class() == 2 && bytes.Equal(after.Response.Body.Bytes, i.read.Response.Body.Bytes) {
				i.gone, op.keeps = false, true
			}
		}
		r.try(ctx, op, r.request(d.call, statute.Full), statute.Case{Cause: statute.DeleteAgain, Control: x})
		r.strangerDeletes(ctx, op, i)
	}
	r.idCases(ctx, op)
}

// strangerDeletes tries to delete a resource made for it without credentials,
// then with false ones.
func (r *run) strangerDeletes(ctx context.Context, op *operation, like *instance) {
	if !r.guarded(op) {
		return
	}
	i := r.another(ctx, like)
	for _, who := range []statute.Principal{statute.Nobody, statute.False} {
		if i == nil || i.gone {
			return
		}
		c := op.call.clone()
		c.path = i.params
		x := r.try(ctx, op, r.request(c, who), statute.Case{Cause: causeOf(who), Control: op.control, Principal: who})
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
		if at := strings.Index(v, r.values.tag); at >= 0 {
			end := min(len(v), at+len(r.values.tag)+serialLength)
			return v[:at] + r.values.fresh()[:end-at] + v[end:]
		}
	}
	return v
}

// cleanUp deletes what the run made, the latest first, and lists what could not
// be deleted.
func (r *run) cleanUp(ctx context.Context) {
	interrupted := ctx
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(interrupted, func() { time.AfterFunc(cleanupTime, cancel) })()
	unnamed := map[string]int{}
	for _, i := range slices.Backward(r.instances) {
		if !i.made || i.gone {
			continue
		}
		target := i.location
		if i.template != "" {
			target = r.path(i.template, i.params)
		}
		if target == "" {
			if i.create != nil {
				unnamed[i.create.Operation.String()]++
			}
			continue
		}
		deleted := false
		if op := r.operation("DELETE", i.template); op != nil && op.outcome.State != statute.Skipped && !strays(i.template, target) && ctx.Err() == nil && r.dead == nil {
			d := r.draft(op)
			d.call.path = i.params
			x := r.send(ctx, op.Operation.Operation, op.declared, r.request(d.call, statute.Full), statute.Case{Cause: statute.Delete, Control: i.read})
			s := x.Response.Status
			deleted = s/100 == 2 && !op.keeps || (s == 404 || s == 410) && i.read != nil // else it may be elsewhere
		}
		if i.gone = deleted; !deleted {
			r.result.Leftover = append(r.result.Leftover, r.client.scheme+"://"+r.client.authority+target)
		}
	}
	for _, op := range r.operations {
		if n := unnamed[op.String()]; n > 0 {
			r.result.Leftover = append(r.result.Leftover, fmt.Sprintf("what %s may have made: %d of its answers gave no address", op, n))
		}
	}
}

func causeOf(who statute.Principal) statute.Cause {
	if who == statute.Nobody {
		return statute.NoCredentials
	}
	return statute.FalseCredentials
}
