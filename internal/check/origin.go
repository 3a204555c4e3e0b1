package check

import (
	"context"
	"strings"

	"github.com/statute-http/statute"
)

// foreignOrigin is the origin of a page that no API knows.
const foreignOrigin = "https://statute.example"

// originCases ask as a page of another origin would: for what succeeds and, where
// the server lets that page read it, for what fails, and whether a write would be
// let in (Fetch, CORS protocol). All of it is safe.
func (r *run) originCases(ctx context.Context, op *operation) {
	unknown := r.unknownID(op)
	if op.control.Response.Class() != 2 || r.asOrigin >= fewOperations || unknown == nil && !r.guarded(op) {
		return
	}
	r.asOrigin++
	origin := statute.Field{Name: "Origin", Value: foreignOrigin}
	ask := func(c *call, who statute.Principal, why statute.Case) *statute.Exchange {
		request := r.request(c, who)
		request.Fields = append(request.Fields, origin)
		why.Detail = strings.TrimPrefix(why.Detail+"; Origin: "+foreignOrigin, "; ")
		return r.try(ctx, op, request, why)
	}
	let := ask(op.call, statute.Full, statute.Case{Cause: statute.Valid, In: "header"})
	if let == nil || let.Response.Class() != 2 || !let.Response.Fields.Has("Access-Control-Allow-Origin") {
		return
	}
	if unknown != nil {
		ask(unknown, statute.Full, statute.Case{Cause: statute.UnknownID, In: "path", Detail: "the id is one that nothing has", Control: let})
	}
	if r.guarded(op) {
		ask(op.call, statute.Nobody, r.caseOf(statute.Nobody, let))
	}
	method := "GET"
	for _, other := range r.operations {
		if other.Path == op.Path && !statute.SafeMethod(other.Method) {
			method = other.Method
		}
	}
	r.method(ctx, op, "OPTIONS", statute.Case{Cause: statute.Preflight, Detail: method + " from " + foreignOrigin, Principal: statute.Nobody}, statute.Fields{
		origin,
		{Name: "Access-Control-Request-Method", Value: method},
		{Name: "Access-Control-Request-Headers", Value: "authorization,content-type"},
	}, nil, "")
}

// unknownID returns the call of a read with an id in its path that nothing has;
// nil if there is none to change, or if the operation does more than read.
func (r *run) unknownID(op *operation) *call {
	names := params(bare(op.Path))
	if len(names) == 0 || op.unsafe() {
		return nil
	}
	last := names[len(names)-1]
	if p := op.parameter(last); p == nil || len(p.Schema.Enum) > 0 {
		return nil
	}
	c := op.call.clone()
	c.path[last] = r.alike(c.path[last])
	return c
}
