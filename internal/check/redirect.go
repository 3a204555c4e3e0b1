package check

import (
	"context"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// maxHops is how many redirects in a row are followed.
const maxHops = 5

// slashCases read what was read at the path with a slash at its end more, or
// less: the answer may be the same, a redirect or 404.
func (r *run) slashCases(ctx context.Context, op *operation) {
	path, query, asks := strings.Cut(op.control.Request.Target, "?")
	if op.effect != reads || r.slashed >= fewOperations || path == "/" || r.Description == nil || !r.spend(ctx, op) {
		return
	}
	r.slashed++
	if shorter, had := strings.CutSuffix(path, "/"); had {
		path = shorter
	} else {
		path += "/"
	}
	request := r.request(op.call, statute.Full)
	if request.Target = path; asks {
		request.Target += "?" + query
	}
	why := statute.Case{Cause: statute.OtherSlash, In: "path", Detail: path, Control: op.control}
	r.follow(ctx, op, r.send(ctx, op.Operation.Operation, op.declared, request, why))
}

// redirectCases follow the redirect that a read was answered with.
func (r *run) redirectCases(ctx context.Context, op *operation) { r.follow(ctx, op, op.control) }

// follow follows the redirects that answer a GET, as far as they stay on this
// server and lead to nothing whose name speaks of harm.
func (r *run) follow(ctx context.Context, op *operation, x *statute.Exchange) {
	for range maxHops {
		target := ""
		if x != nil && x.Request.Method == "GET" && x.Response.Class() == 3 {
			target = r.locate(x)
		}
		if target == "" || strays("", target) || !r.harmlessTarget(target) || !r.spend(ctx, op) {
			return
		}
		o := statute.Operation{Method: "GET"}
		if o.Path, _ = r.matchTarget(target); o.Path == "" {
			o.Path, _, _ = strings.Cut(target, "?")
		}
		var declared *statute.Declared
		if to := r.operation("GET", o.Path); to != nil {
			declared = to.declared
		}
		x = r.send(ctx, o, declared, r.raw("GET", target, acceptOf(op), nil, "", statute.Full), statute.Case{Cause: statute.Valid, Detail: "where a redirect leads"})
	}
}

// harmlessTarget reports whether a GET of a target that an answer gave does no
// harm, as far as its path tells.
func (r *run) harmlessTarget(target string) bool {
	template, _ := r.matchTarget(target)
	if get := r.operation("GET", template); get != nil && (get.outcome.State == statute.Skipped || get.effect != reads) {
		return false
	}
	path, _, _ := strings.Cut(target, "?")
	_, last := splitLast(path)
	return !acts(last) && danger(&openapi.Operation{Operation: statute.Operation{Method: "GET", Path: path}}) == ""
}
