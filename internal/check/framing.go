package check

import (
	"context"

	"github.com/statute-http/statute"
)

// framingCases send content in other ways than with Content-Length: in chunks and,
// once, after the server was asked whether it wants it (RFC 9110, 10.1.1). What is
// sent is what succeeds right before, to the same place: it makes what is deleted
// at the end, changes what this run made, or only asks.
func (r *run) framingCases(ctx context.Context, op *operation) {
	if r.framed == fewOperations || !statute.IsJSON(statute.MediaType(op.call.media)) {
		return
	}
	r.framed++
	plain := statute.Case{Cause: statute.Valid, Control: op.control}
	times := 1
	switch op.effect {
	case created:
		plain.Cause = statute.Create
	case changes:
		plain.Cause = statute.Change
		times = 2 // what cannot be changed to what it is already must not be taken for a matter of framing
	}
	var control *statute.Exchange
	for range times {
		control = r.framing(ctx, op, plain)
		if control == nil || control.Response.Class() != 2 || !r.succeeded(op, control) {
			return
		}
	}
	r.framing(ctx, op, statute.Case{Cause: statute.Chunked, In: "header", Detail: "Transfer-Encoding: chunked", Control: control})
	if !r.expected {
		r.expected = true
		r.framing(ctx, op, statute.Case{Cause: statute.Expected, In: "header", Detail: "Expect: 100-continue", Control: control})
	}
}

// framing repeats a call, framed as the case says, and reads back what it wrote.
func (r *run) framing(ctx context.Context, op *operation, why statute.Case) *statute.Exchange {
	if op.effect == changes && !ours(op) {
		return nil
	}
	c := r.repeat(op)
	request := r.request(c, statute.Full)
	switch why.Cause {
	case statute.Chunked:
		for i, f := range request.Fields {
			if f.Name == "Content-Length" {
				request.Fields[i] = statute.Field{Name: "Transfer-Encoding", Value: "chunked"}
			}
		}
	case statute.Expected:
		request.Fields = append(request.Fields, statute.Field{Name: "Expect", Value: "100-continue"})
	}
	x := r.try(ctx, op, request, why)
	r.keep(c, x)
	if x != nil && x.Response.Class() == 2 && op.effect == changes {
		r.readChanged(ctx, op.from, x)
	}
	return x
}
