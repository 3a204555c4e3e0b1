package check

import (
	"context"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/wire"
)

// comparedOperations is on how many operations versions of HTTP are compared:
// what differs is what stands in front of them all.
const comparedOperations = 5

// versionCases read over each later version of HTTP that the server speaks what
// was read over HTTP/1.1 right before.
func (r *run) versionCases(ctx context.Context, op *operation) {
	if op.effect != reads || op.makes() || r.compared == comparedOperations || wire.IsStream(&op.control.Response) {
		return
	}
	if r.versions == nil {
		r.versions = r.spoken(ctx)
	}
	if len(r.versions) == 0 {
		return
	}
	r.compared++
	control := r.try(ctx, op, r.request(op.call, statute.Full), statute.Case{Cause: statute.Valid, Control: op.control})
	if control == nil || control.Response.Status == 0 {
		return
	}
	for _, proto := range r.versions {
		request := r.request(op.call, statute.Full)
		request.Proto = proto
		r.try(ctx, op, request, statute.Case{Cause: statute.Version, Detail: proto, Control: control})
	}
}

// spoken returns the later versions of HTTP to compare: over TLS HTTP/2 is there
// for all who offer it, the others are for users to ask for. It is not nil.
func (r *run) spoken(ctx context.Context) []string {
	spoken := []string{}
	for _, v := range []struct {
		proto       string
		asked, open bool
	}{{wire.HTTP2, r.HTTP2, r.client.Scheme == "https"}, {wire.HTTP3, r.HTTP3, false}} {
		switch {
		case !v.asked && !v.open:
		case r.clientOf(statute.Full).Speaks(ctx, v.proto):
			spoken = append(spoken, v.proto)
		case v.asked:
			r.result.Unspoken = append(r.result.Unspoken, v.proto)
		}
	}
	return spoken
}
