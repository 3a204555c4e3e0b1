package check

import (
	"context"
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// protocol is what is spoken on top of HTTP at an operation's path. Where it is
// not none, requests made from the description's schemas alone would mean nothing
// there, or something that nobody foresees.
type protocol uint8

const (
	none protocol = iota
	webSocket
	graphQL
	jsonRPC
)

// protocolOf tells by name and description what an operation speaks.
func protocolOf(op *openapi.Operation) protocol {
	last := squash(lastSegment(op.Path))
	var members []string
	for _, m := range writable(op.Body) {
		if m.Schema != nil && statute.IsJSON(m.Type) {
			for _, p := range m.Schema.Properties {
				members = append(members, p.Name)
			}
		}
	}
	has := func(name string) bool { return slices.Contains(members, name) }
	post := op.Method == "POST"
	switch {
	case post && has("query") && (has("variables") || has("operationName")),
		(op.Method == "GET" || post) && (last == "graphql" || last == "gql") && (members == nil || has("query")):
		return graphQL
	case post && has("method") && (has("jsonrpc") || has("params") && has("id")),
		post && (last == "jsonrpc" || last == "rpc") && members == nil:
		return jsonRPC
	case op.Method == "GET" && upgrades(op):
		return webSocket
	}
	return none
}

// isNamed reports whether the address of an API without a description is that of
// a protocol by its name.
func isNamed(base *openapi.Operation, p protocol) bool {
	return protocolOf(&openapi.Operation{Operation: statute.Operation{Method: "POST", Path: base.Path}}) == p
}

// protocols speaks to each operation its own protocol, in the least harmful words
// that there are.
func (r *run) protocols(ctx context.Context) {
	for i, op := range r.operations {
		if op.outcome.State == statute.Skipped || r.over(ctx) {
			continue
		}
		r.progress(op, i)
		switch op.speaks {
		case graphQL:
			r.graphQLCases(ctx, op)
		case jsonRPC:
			r.rpcCases(ctx, op)
		case webSocket:
			r.socketCases(ctx, op)
		case none:
			if isGet(op) && op.effect == reads && op.outcome.State == statute.Unreached && namesSocket(op.Operation) {
				r.socketCases(ctx, op)
			}
		}
	}
}

// reached notes that an operation answered as its protocol wants it.
func (op *operation) reached(x *statute.Exchange) {
	op.outcome.State, op.outcome.Why, op.outcome.Last = statute.Reached, "", x
}

// nobody sends a request without its credentials, where some may be demanded. It
// has no control: what the protocol itself lets everybody ask is no proof that
// credentials are ignored.
func (r *run) nobody(ctx context.Context, op *operation, request func(who statute.Principal) statute.Request) {
	if r.guarded(op) {
		r.try(ctx, op, request(statute.Nobody), statute.Case{Cause: statute.NoCredentials, Principal: statute.Nobody})
	}
}

// json returns a POST of JSON to the operation's address.
func (r *run) json(c *call, accept, content string, who statute.Principal) statute.Request {
	return r.raw("POST", r.target(c), statute.Fields{{Name: "Accept", Value: accept}}, []byte(content), "application/json", who)
}

// as returns the operation with another method at the same path, as far as it is
// described, for requests that go beyond the description.
func (r *run) as(op *operation, method string) (statute.Operation, *statute.Declared) {
	o := statute.Operation{Method: method, Path: op.Path}
	if described := r.operation(method, op.Path); described != nil {
		return o, described.declared
	}
	return o, nil
}

// ask sends a request with any method to an operation's path, within the
// operation's budget; nil when that is spent.
func (r *run) ask(ctx context.Context, op *operation, request statute.Request, why statute.Case) *statute.Exchange {
	if strays(op.Path, request.Target) || !r.spend(ctx, op) {
		return nil
	}
	o, declared := r.as(op, request.Method)
	return r.send(ctx, o, declared, request, why)
}

// upgrades reports whether a description says that an operation is a WebSocket.
func upgrades(op *openapi.Operation) bool {
	if actsBySocket(op) {
		return false
	}
	return op.WebSocket || slices.ContainsFunc(op.Responses, func(r openapi.Response) bool { return r.Code == "101" }) ||
		slices.ContainsFunc(op.Servers, func(s string) bool { return strings.HasPrefix(s, "ws://") || strings.HasPrefix(s, "wss://") })
}

// namesSocket reports whether an operation may be a WebSocket by its name, or by
// what is said of it.
func namesSocket(op *openapi.Operation) bool {
	words := []string{"ws", "websocket", "websockets"}
	return !actsBySocket(op) && (nameHas(lastSegment(op.Path), words...) || nameHas(op.Summary, words[1:]...))
}

// actsBySocket reports whether opening a connection to an operation may do
// something by itself: start a shell, take part in a session.
func actsBySocket(op *openapi.Operation) bool {
	words := []string{"exec", "attach", "shell", "terminal", "console", "tty", "ssh", "vnc", "run", "portforward", "forward"}
	return nameHas(op.Path, words...) || nameHas(op.ID, words...)
}
