package check

import (
	"cmp"
	"context"
	"slices"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// inventedMethod is a method that no server knows.
const inventedMethod = "STATUTE"

// tracePaths is on how many paths TRACE is tried: servers treat all alike.
const tracePaths = 3

// methodCases try safe methods on a path that a GET was answered on.
func (r *run) methodCases(ctx context.Context, get *operation) {
	r.method(ctx, get, "HEAD", statute.Case{Cause: statute.Head}, statute.Fields{{Name: "Connection", Value: "close"}}, nil, "")
	r.method(ctx, get, "OPTIONS", statute.Case{Cause: statute.Options}, nil, nil, "")
}

// traceCases try TRACE where the description does not list it.
func (r *run) traceCases(ctx context.Context, get *operation) {
	if r.traced < tracePaths && r.operation("TRACE", get.Path) == nil && !r.guarded(get) {
		r.traced++
		r.method(ctx, get, "TRACE", statute.Case{Cause: statute.UnsupportedMethod, Detail: "TRACE", Principal: statute.Nobody}, nil, nil, "")
	}
}

// unsafeMethodCases try a method that the description does not list and an
// invented one, on what this run made.
func (r *run) unsafeMethodCases(ctx context.Context, get *operation) {
	if i := get.from; !r.Write || i == nil || !i.made || i.template != get.Path {
		return
	}
	for _, method := range []string{"POST", "PATCH", "PUT"} {
		if r.operation(method, get.Path) == nil && !r.Description.Observed {
			r.method(ctx, get, method, statute.Case{Cause: statute.UnsupportedMethod, Detail: method}, nil, []byte("{}"), "application/json")
			break
		}
	}
	r.method(ctx, get, inventedMethod, statute.Case{Cause: statute.UnknownMethod, Detail: inventedMethod}, nil, nil, "")
}

// method sends another method than GET to where a GET was answered.
func (r *run) method(ctx context.Context, get *operation, method string, why statute.Case, fields statute.Fields, content []byte, media string) {
	if !r.spend(ctx, get) {
		return
	}
	o := statute.Operation{Method: method, Path: get.Path}
	var declared *statute.Declared
	if op := r.operation(method, get.Path); op != nil {
		declared = op.declared
	}
	why.Control = get.control
	request := r.raw(method, r.target(get.call), append(acceptOf(get), fields...), content, media, cmp.Or(why.Principal, statute.Full))
	if method == "TRACE" { // comes back with all that it carries: no secrets (RFC 9110, 9.3.8)
		request.Fields = slices.DeleteFunc(request.Fields, func(f statute.Field) bool { return r.Fields.Has(f.Name) })
	}
	x := r.send(ctx, o, declared, request, why)
	r.keep(&call{op: &operation{Operation: &openapi.Operation{Operation: o}, effect: changes}, path: get.call.path}, x)
}
