package check

import (
	"context"
	"fmt"

	"github.com/statute-http/statute"
)

// conditionalCases ask for what is known already, and for parts, where the
// control's answer offers that.
func (r *run) conditionalCases(ctx context.Context, op *operation) {
	control := op.control
	if control.Response.Status != 200 || !control.Response.Fields.Has("ETag") && !control.Response.Fields.Has("Accept-Ranges") {
		return
	}
	// Writes may have come since the control.
	if x := r.try(ctx, op, r.request(op.call, statute.Full), statute.Case{Cause: statute.Valid}); x != nil && x.Response.Status == 200 {
		control = x
	}
	again := func(field, value string, cause statute.Cause) {
		request := r.request(op.call, statute.Full)
		request.Fields = append(request.Fields, statute.Field{Name: field, Value: value})
		r.try(ctx, op, request, statute.Case{Cause: cause, In: "header", Detail: field + ": " + value, Control: control})
	}
	answer := control.Response
	if etag := answer.Fields.Get("ETag"); etag != "" {
		again("If-None-Match", etag, statute.Unchanged)
	}
	if size := answer.Body.Size; answer.Fields.HasToken("Accept-Ranges", "bytes") && size > 1 {
		again("Range", fmt.Sprintf("bytes=0-%d", size/2-1), statute.Part)
		again("Range", fmt.Sprintf("bytes=%d-", size), statute.BeyondEnd)
	}
}

// staleWrite writes with a false If-Match where reading gave an ETag, and reads
// back whether that was carried out.
func (r *run) staleWrite(ctx context.Context, op *operation) {
	i := op.from
	if op.Method != "PUT" && op.Method != "PATCH" || i == nil || !i.made || i.template != op.Path {
		return
	}
	before := r.readBack(ctx, i)
	if before == nil || before.Response.Fields.Get("ETag") == "" {
		return
	}
	c := op.call.clone()
	c.body = r.freshen(c.body)
	request := r.request(c, statute.Full)
	request.Fields = append(request.Fields, statute.Field{Name: "If-Match", Value: `"statute-false"`})
	x := r.try(ctx, op, request, statute.Case{Cause: statute.FalseIfMatch, In: "header", Detail: `If-Match: "statute-false"`, Control: before})
	if x != nil {
		r.read(ctx, i, statute.ReadBack, x)
	}
}
