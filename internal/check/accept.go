package check

import (
	"context"

	"github.com/statute-http/statute"
)

// acceptCases ask a few operations for a media type that nobody has: 406 and
// what the server has anyway are both right. And they look how it speaks of an
// error to a client that accepts anything. What is unsafe here does not parse, or
// goes to what this run made.
func (r *run) acceptCases(ctx context.Context, op *operation) {
	switch {
	case op.Method == "GET" && op.control.Response.Class() == 2 && !op.control.Response.Body.Empty() && r.negotiated < fewOperations:
		r.negotiated++
		r.accepting(ctx, op, r.request(op.call, statute.Full), "application/x-statute", statute.Case{Cause: statute.NotAcceptable, In: "header"})
		if unknown := r.unknownID(op); unknown != nil {
			r.accepting(ctx, op, r.request(unknown, statute.Full), "*/*", statute.Case{Cause: statute.UnknownID, In: "path"})
		}
	case op.unsafe() && statute.IsJSON(statute.MediaType(op.call.media)) && r.indifferent < fewOperations:
		r.indifferent++
		c := r.repeat(op)
		request := r.raw(op.Method, r.target(c), nil, []byte("{"), c.media, statute.Full)
		r.keep(c, r.accepting(ctx, op, request, "*/*", statute.Case{Cause: statute.MalformedJSON, In: "body"}))
	}
}

// accepting sends a request with another Accept field than its own.
func (r *run) accepting(ctx context.Context, op *operation, request statute.Request, accept string, why statute.Case) *statute.Exchange {
	field := statute.Field{Name: "Accept", Value: accept}
	request.Fields = under(request.Fields, field)
	why.Detail, why.Control = "Accept: "+accept, op.control
	return r.try(ctx, op, request, why)
}
