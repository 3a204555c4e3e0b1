package check

import (
	"context"

	"github.com/statute-http/statute"
)

// caseKinds are the kinds of cases, the most telling first: a budget is spent
// on them in this order. Operations that delete come later, with the lives of
// resources.
var caseKinds = []struct {
	send func(*run, context.Context, *operation)
	of   func(*operation) bool // the operations that they are for; nil means all
}{
	{(*run).credentialCases, nil},
	{(*run).idCases, nil},
	{(*run).parameterCases, nil},
	{(*run).bodyCases, nil},
	{(*run).conditionalCases, func(op *operation) bool { return op.Method == "GET" }},
	{(*run).staleWrite, func(op *operation) bool { return op.effect == changes }},
	{(*run).methodCases, func(op *operation) bool { return op.Method == "GET" }},
}

// cases sends, for each operation that was reached, the requests that differ
// from its control in one thing.
func (r *run) cases(ctx context.Context) {
	var reading, others []*operation
	for _, op := range r.operations {
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
		r.sideBySide(reading, send)
		for _, op := range others {
			send(op)
		}
	}
	for _, op := range reading {
		r.unsafeMethodCases(ctx, op)
	}
}

// keep notes what a request made that was not meant to make anything. Its
// address counts if it came in Location, or if the like was found right before.
func (r *run) keep(c *call, x *statute.Exchange) {
	if x == nil || statute.SafeMethod(c.op.Method) {
		return
	}
	if made := r.learn(c, x); made != nil && made.location == "" && !c.op.traced {
		made.template, made.params = "", nil
	}
}
