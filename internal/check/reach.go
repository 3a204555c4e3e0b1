package check

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// controls looks for a request that succeeds, for each operation: first what
// can be read without knowing anything, then what is made, parents before
// children, then what needs one of these. What failed is tried again when more
// is known. What the user alone wants comes at the end of the run: see risks.
func (r *run) controls(ctx context.Context) {
	order := slices.Clone(r.operations)
	slices.SortStableFunc(order, func(a, b *operation) int {
		var parts int // what is a part of others goes before they do
		if a.ends() && b.ends() {
			parts = cmp.Compare(r.needs(strings.Join(b.noun(), " ")), r.needs(strings.Join(a.noun(), " ")))
		}
		return cmp.Or(cmp.Compare(rank(a), rank(b)), parts, cmp.Compare(len(params(a.Path)), len(params(b.Path))))
	})
	for pass := range 2 {
		progress := false
		for i, op := range order {
			if r.over(ctx) {
				return
			}
			if op.speaks != none || op.outcome.State != statute.Unreached || op.Method == "DELETE" || danger(op.Operation) != "" ||
				pass > 0 && (op.knew == r.knows() || op.needsNothing()) {
				continue
			}
			r.progress(op, i)
			progress = r.reach(ctx, op) || progress
			op.knew = r.knows()
		}
		if !progress {
			break
		}
	}
}

// knows returns how much was learned so far.
func (r *run) knows() int { return len(r.instances) + r.named.size() + len(r.links) }

// rank orders operations by what they need and what they give.
func rank(op *operation) int {
	switch {
	case op.effect == reads && len(params(op.Path)) == 0:
		return 0
	case op.effect == created:
		return 1
	case op.effect == reads:
		return 2
	case op.ends():
		return 4
	}
	return 3
}

// reach looks for a request to the operation that succeeds.
func (r *run) reach(ctx context.Context, op *operation) bool {
	d := r.draft(op)
	if op.effect == changes && !r.may(ctx, d) {
		op.outcome.Why = harms("act on", op)
		return false
	}
	for range maxTries {
		if !r.daring {
			d.guard()
			if !r.vacant(ctx, d) {
				op.outcome.Why = harms("perhaps overwrite", op)
				return false
			}
		}
		x := r.try(ctx, op, r.request(d.call, statute.Full), statute.Case{Cause: op.cause(), Control: r.lastRead(d.from)})
		if x == nil {
			return false
		}
		op.outcome.Last = x
		if r.succeeded(op, x) {
			r.reached(ctx, d, x)
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

// harms says why an operation is not tried.
func harms(how string, op *operation) string {
	why := "it would " + how + " what this run did not make"
	if op.Method == "POST" && len(params(op.Path)) == 0 {
		why = "it acts, and nothing in its path tells on what"
	}
	return why + "; --risky '" + op.String() + "' sends it"
}

// cause returns what a request to the operation is meant to do.
func (o *operation) cause() statute.Cause {
	switch {
	case o.effect == created:
		return statute.Create
	case o.Method == "PUT" || o.Method == "PATCH":
		return statute.Change
	}
	return statute.Valid
}

// reached keeps the call that succeeded and what it teaches, and proves what it
// made or changed at once, before anything changes what may have to be unique.
func (r *run) reached(ctx context.Context, d *draft, x *statute.Exchange) {
	op := d.op
	op.call, op.control, op.from = d.call.clone(), x, d.from
	op.outcome.State, op.outcome.Why = statute.Reached, ""
	r.heed(op.call, x)
	for _, a := range slices.Concat(op.call.query, op.call.field) {
		if _, _, asks := asksFor(a.Name); !asks && !op.makes() && !op.calls {
			r.did[a.In+" "+a.Name] = a.value
		}
	}
	if d.subject != "" && d.from != nil && op.ends() {
		d.from.gone = true
		if !op.makes() {
			d.from.end = x
		}
	}
	made := r.learn(op.call, x)
	if d.fresh { // where nothing was before
		made = &instance{template: op.Path, params: op.call.path, made: true, create: x, call: op.call}
		r.remember(made)
		op.from = made
	}
	switch {
	case made != nil && op.Method == "PUT":
		if op.traced = r.verify(ctx, made); !op.traced && d.fresh && d.fillUp() {
			made = r.putFuller(ctx, d, made)
		}
		r.putAgain(ctx, op, made)
		return
	case made != nil:
		op.traced = r.verify(ctx, made)
		r.prove(ctx, op, made)
	case op.cause() == statute.Change && d.from != nil:
		r.readBack(ctx, d.from)
		if op.Method == "PUT" && ours(op) {
			r.putAgain(ctx, op, d.from)
		}
	}
	r.lookAbove(ctx, op)
}

// putFuller puts more, at another place, where the least that the description
// demands left nothing to be read. It returns what it made.
func (r *run) putFuller(ctx context.Context, d *draft, hollow *instance) *instance {
	d.path = maps.Clone(d.path)
	d.elsewhere()
	d.guard()
	x := r.try(ctx, d.op, r.request(d.call, statute.Full), statute.Case{Cause: statute.Change})
	if x == nil || !r.succeeded(d.op, x) {
		return hollow
	}
	made := &instance{template: d.op.Path, params: d.path, made: true, create: x, call: d.call.clone()}
	r.remember(made)
	d.op.call, d.op.control, d.op.from, d.op.outcome.Last = made.call, x, made, x
	d.op.traced = r.verify(ctx, made)
	return made
}

// may reports whether an operation that changes something may be sent: only to
// what this run made. A PUT may also go where nothing is yet, and so make it.
func (r *run) may(ctx context.Context, d *draft) bool {
	made := d.from != nil && d.from.made
	if r.daring || made && d.from.template == d.op.Path {
		return true
	}
	get := r.operation("GET", d.op.Path)
	if d.op.Method != "PUT" || !isParam(lastSegment(d.op.Path)) || get == nil || get.outcome.State == statute.Skipped {
		return made
	}
	if !made { // it may be below what others made, as what a create makes
		d.path, _ = r.find(d.op, created, 0)
	}
	d.elsewhere()
	c := r.draft(get).call
	c.path = d.path
	x := r.try(ctx, get, r.request(c, statute.Full), statute.Case{Cause: statute.Valid})
	d.fresh = x != nil && x.Response.Status == 404
	return made || d.fresh
}

// elsewhere directs a call to an id that the run makes up, in its path and where
// its content repeats that.
func (d *draft) elsewhere() {
	name := lastParam(d.op.Path)
	d.path[name] = d.run.newID(d.op.parameter(name))
	d.relate(d.schema, d.body, 0, nil)
}

// prove sends a create once more, and gives an address up that may be of
// something else: see proves. The like of it is then not trusted either.
func (r *run) prove(ctx context.Context, op *operation, made *instance) {
	again := r.try(ctx, op, r.request(op.call, statute.Full), statute.Case{Cause: statute.Duplicate, Control: made.create})
	if made.found() && !r.proves(made, again) {
		op.traced, op.doubted = false, true
		made.forget()
	}
	r.keep(op.call, again)
}

// proves reports whether the address that a create is taken to have answered is
// that of what it made: the run made the id up, or what is read there says what it
// sent, or it belongs to what the run made. Failing that, the same create again
// must have made another one; if it was refused, a 201 is believed about an item
// of the very collection.
func (r *run) proves(made *instance, again *statute.Exchange) bool {
	op := made.call.op
	part := op.from != nil && op.from.made && !op.from.gone
	item := made.noun != "" || made.isItem()
	if part && item || r.echoes(made, item) {
		return true
	}
	for name, value := range made.call.path {
		if part && refersTo(stateOf(made.read), name, value) {
			return true
		}
	}
	for name, value := range made.params {
		if made.call.path[name] != value && r.values.drew(value) {
			return true
		}
	}
	if again == nil || again.Response.Class() != 2 {
		return item && made.create.Response.Status == 201
	}
	second := &instance{create: again, call: made.call}
	r.address(second, decode(again.Response.Body.Bytes))
	return item && second.found() && !maps.Equal(second.params, made.params)
}

// refersTo reports whether a thing says that it belongs to another one, by the
// name of its parameter: {"project_id": 17} or {"project": {"id": 17}}.
func refersTo(thing map[string]any, name, value string) bool {
	if shown, ok := identityOf(name, "", thing, nil); ok {
		return shown == value
	}
	words, _, ok := asksFor(name)
	inner, _ := thing[strings.Join(words, "_")].(map[string]any)
	shown, _ := scalar(inner["id"])
	return ok && shown == value
}

// echoes reports whether what is read of an instance holds the words of the run
// that it was sent; under the same names, if it may be something else that the new
// one is a part of.
func (r *run) echoes(made *instance, item bool) bool {
	if made.read == nil {
		return false
	}
	if item {
		return r.values.marks(string(made.read.Response.Body.Bytes))
	}
	for _, sent := range descriptions(made.call.body) {
		for _, shown := range descriptions(decode(made.read.Response.Body.Bytes)) {
			for name, value := range sent {
				if word, ok := value.(string); ok && shown[name] == word && r.values.marks(word) {
					return true
				}
			}
		}
	}
	return false
}

// newID returns an id for a resource that the run makes. See vacant: it may be
// somebody's all the same, where the schema leaves little choice.
func (r *run) newID(p *openapi.Parameter) string {
	switch {
	case p == nil:
		return r.values.draw(r.values.word(&openapi.Schema{}))
	case kind(p.Schema) == "integer", kind(p.Schema) == "number":
		r.values.serial++
		return r.values.draw(strconv.Itoa(madeNumber + r.values.serial))
	case p.Schema.Format != "":
		if id := r.values.format(p.Name, p.Schema.Format); id != "" {
			return r.values.draw(id)
		}
	case p.Schema.Pattern != "":
		vary := []byte(r.values.fresh())
		slices.Reverse(vary) // what differs most comes first
		if id, ok := r.values.match(p.Schema, string(vary)); ok {
			return r.values.draw(id)
		}
	}
	return r.values.draw(r.values.word(p.Schema))
}

// verify reads back what a create is taken to have made, and reports whether
// its address is right. An address that only the content suggested and that
// does not answer is given up: it may be a stranger's.
func (r *run) verify(ctx context.Context, i *instance) bool {
	if i.noun != "" {
		if r.askBack(ctx, i) {
			return true
		}
		i.noun, i.params = "", nil
		return false
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
	if cause == statute.ReadDeleted && get != nil {
		why.Elsewhere = get.missing
	}
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
