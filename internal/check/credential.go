package check

import (
	"context"
	"slices"

	"github.com/statute-http/statute"
)

// credentialCases leave out the credentials, then falsify them.
func (r *run) credentialCases(ctx context.Context, op *operation) {
	if !r.guarded(op) {
		return
	}
	for _, who := range []statute.Principal{statute.Nobody, statute.False} {
		x := r.try(ctx, op, r.request(op.call, who), statute.Case{Cause: causeOf(who), Control: op.control, Principal: who})
		r.keep(op.call, x)
	}
}

// guarded reports whether an operation may demand credentials: there are some
// to give, and the description says so, or says it of no operation at all.
func (r *run) guarded(op *operation) bool {
	return len(r.Credentials) > 0 && (op.Secured() || !r.describesSecurity())
}

// describesSecurity reports whether the description says of any operation that
// it demands credentials: then its silence about others means something.
func (r *run) describesSecurity() bool {
	return slices.ContainsFunc(r.operations, func(op *operation) bool { return op.Secured() })
}
