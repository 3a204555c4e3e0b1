package check

import (
	"context"
	"slices"

	"github.com/statute-http/statute"
)

// caseKinds are the kinds of cases, the most telling first: a budget is spent
// on them in this order. Operations that delete come later, with the lives of
// resources.
var caseKinds = []struct {
	send  func(*run, context.Context, *operation)
	of    func(*operation) bool // the operations that they are for; nil means all
	alone bool                  // one at a time: they look at other operations too, or go to the first few
}{
	{send: (*run).credentialCases},
	{send: (*run).idCases},
	{send: (*run).parameterCases},
	{send: (*run).bodyCases},
	{send: (*run).referenceCases},
	{send: (*run).wideCases, of: isCreate},
	{send: (*run).conditionalCases, of: isGet},
	{send: (*run).conditionalForms, of: isGet, alone: true},
	{send: (*run).methodCases, of: isGet},
	{send: (*run).traceCases, of: isGet, alone: true},
	{send: (*run).escapeCases, of: isGet, alone: true},
	{send: (*run).originCases, of: isGet, alone: true},
	{send: (*run).acceptCases, alone: true},
	{send: (*run).mergePatches, of: isChange},
	{send: (*run).partialPuts, of: isChange},
	{send: (*run).staleWrites, of: isChange},
	{send: (*run).slashCases, of: isGet, alone: true},
	{send: (*run).redirectCases, of: isGet, alone: true},
	{send: (*run).framingCases, alone: true},
	{send: (*run).versionCases, of: isGet, alone: true},
	{send: (*run).unsafeMethodCases, of: isGet, alone: true},
}

func isGet(op *operation) bool    { return op.Method == "GET" }
func isCreate(op *operation) bool { return op.effect == created }
func isChange(op *operation) bool { return op.effect == changes }

// cases sends, for each of the operations that was reached, the requests that
// differ from its control in one thing.
func (r *run) cases(ctx context.Context, operations []*operation) {
	var reading, others []*operation
	for _, op := range operations {
		switch {
		case op.control == nil || op.Method == "DELETE":
		case op.Method == "GET" && op.effect == reads:
			reading = append(reading, op)
		default:
			others = append(others, op)
		}
	}
	for i, kind := range caseKinds {
		send := func(op *operation) {
			if !r.over(ctx) && (kind.of == nil || kind.of(op)) {
				r.progress(op, i)
				kind.send(r, ctx, op)
			}
		}
		alone := others
		if kind.alone {
			alone = slices.Concat(reading, others)
		} else {
			r.sideBySide(reading, send)
		}
		for _, op := range alone {
			send(op)
		}
	}
	for _, op := range operations {
		r.unreachedCases(ctx, op)
	}
}

// unreachedCases send what needs no control to an operation that was tried and
// answered no request with success: no credentials, and content that does not
// parse. It goes where the tries went.
func (r *run) unreachedCases(ctx context.Context, op *operation) {
	if op.speaks != none || op.outcome.State != statute.Unreached || op.outcome.Last == nil || op.Method == "DELETE" {
		return
	}
	d := r.draft(op)
	if op.effect == changes && (d.from == nil || !d.from.made) && !r.daring {
		return
	}
	if d.guard(); !r.vacant(ctx, d) {
		return
	}
	if r.guarded(op) {
		r.keep(d.call, r.try(ctx, op, r.request(d.call, statute.Nobody), statute.Case{Cause: statute.NoCredentials, Principal: statute.Nobody}))
	}
	if statute.IsJSON(statute.MediaType(d.call.media)) {
		request := r.raw(op.Method, r.target(d.call), acceptOf(op), []byte("{"), d.call.media, statute.Full)
		r.keep(d.call, r.try(ctx, op, request, statute.Case{Cause: statute.MalformedJSON, In: "body", Detail: "one brace"}))
	}
}

// keep notes what a request made that was not meant to make anything. Its
// address counts if it came in Location, as an item of the collection, or if the
// like was found right before.
func (r *run) keep(c *call, x *statute.Exchange) {
	if x == nil || statute.SafeMethod(c.op.Method) && !c.op.makes() {
		return
	}
	made := r.learn(c, x)
	switch {
	case made == nil || c.op.traced:
	case c.op.doubted:
		made.forget()
	case made.location == "" || !made.isItem():
		made.template, made.params = "", nil
	}
}
