package check

import (
	"context"
	"net/url"

	"github.com/statute-http/statute"
)

// graphQLTypes is what a GraphQL client accepts: in the first of them the code
// tells whether the document was executed (GraphQL over HTTP, Accept).
const graphQLTypes = "application/graphql-response+json, application/json;q=0.9"

// graphQLCases ask a GraphQL endpoint for the name of its root type, which every
// schema has and which nothing happens for, then in ways that are wrong: content
// that does not parse, a document that does not, a field that no type has. The
// mutation that goes by GET asks for a name alone too, so that it changes nothing
// even where it is carried out.
func (r *run) graphQLCases(ctx context.Context, op *operation) {
	c := r.draft(op).call
	if op.Method == "GET" {
		r.graphQLByGet(ctx, op, c)
		if r.Description != nil || !r.Write {
			return
		}
	}
	const query = `{"query":"{__typename}"}`
	post := func(content string, why statute.Case) *statute.Exchange {
		why.In = "body"
		return r.ask(ctx, op, r.postJSON(c, graphQLTypes, content, statute.Full), why)
	}
	control := post(query, statute.Case{Cause: statute.Valid, Detail: "{__typename}"})
	if control == nil {
		return
	}
	r.asNobody(ctx, op, func(who statute.Principal) statute.Request { return r.postJSON(c, graphQLTypes, query, who) })
	if !isTypename(control) {
		op.failed(control)
		return
	}
	op.reached(control)
	post(query[:len(query)-1], statute.Case{Cause: statute.MalformedJSON, Detail: "the last byte is cut off", Control: control})
	post(`{"query":"{"}`, statute.Case{Cause: statute.BadDocument, Detail: "{ does not parse", Control: control})
	post(`{"query":"{statuteNone}"}`, statute.Case{Cause: statute.BadDocument, Detail: "no type has a field statuteNone", Control: control})
	if r.operation("GET", op.Path) == nil {
		r.graphQLByGet(ctx, op, c)
	}
}

// graphQLByGet asks by GET and, where that is answered, for a mutation (GraphQL
// over HTTP, GET).
func (r *run) graphQLByGet(ctx context.Context, op *operation, c *call) {
	get := func(document string, why statute.Case) *statute.Exchange {
		why.In, why.Detail = "query", document
		target := addQuery(r.target(&call{op: op, path: c.path}), "query="+url.QueryEscape(document))
		return r.ask(ctx, op, r.raw("GET", target, statute.Fields{{Name: "Accept", Value: graphQLTypes}}, nil, "", statute.Full), why)
	}
	control := get("{__typename}", statute.Case{Cause: statute.Valid})
	if control == nil {
		return
	}
	if !isTypename(control) {
		op.failed(control)
		return
	}
	op.reached(control)
	get("mutation{__typename}", statute.Case{Cause: statute.MutationByGet, Control: control})
}

// isTypename reports whether an answer is that of GraphQL to {__typename}.
func isTypename(x *statute.Exchange) bool {
	object, _ := decode(x.Response.Body.Bytes).(map[string]any)
	data, _ := object["data"].(map[string]any)
	_, ok := data["__typename"].(string)
	return ok && x.Error == "" && x.Response.Class() == 2
}
