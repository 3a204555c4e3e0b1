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

// graphQLMembers are the members of a request's content (GraphQL over HTTP,
// Request).
var graphQLMembers = []string{"query", "variables", "operationName", "extensions"}

// protocolOf tells by name and description what an operation speaks. It errs
// towards none: content of one protocol may mean something in another.
func (r *run) protocolOf(op *operation) protocol {
	described := op.Operation
	if r.Description == nil && r.Write { // then the address may take more than GET
		described = &openapi.Operation{Operation: statute.Operation{Method: "POST", Path: op.Path}}
	}
	last := squash(lastSegment(op.Path))
	names := memberNames(described.Body)
	has := func(name string) bool { return slices.Contains(names, name) }
	others := slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(graphQLMembers, name) })
	post := described.Method == "POST"
	switch {
	case post && (last == "graphql" || last == "gql") && (names == nil || has("query")),
		post && has("query") && has("operationName") && !others,
		isGet(op) && (last == "graphql" || last == "gql") && (op.parameter("query") != nil || r.Description == nil):
		return graphQL
	case post && (last == "jsonrpc" || last == "rpc") && (names == nil || has("method")),
		post && has("method") && has("jsonrpc"):
		return jsonRPC
	case isGet(op) && op.effect == reads && upgrades(op.Operation):
		return webSocket
	}
	return none
}

// memberNames returns the names of the members of a body's JSON, nil if none are
// described.
func memberNames(b *openapi.Body) (names []string) {
	for _, m := range writable(b) {
		if m.Schema != nil && statute.IsJSON(m.Type) {
			for _, p := range m.Schema.Properties {
				names = append(names, p.Name)
			}
		}
	}
	return names
}

// protocols speaks to each operation its own protocol, in the least harmful words
// that there are.
func (r *run) protocols(ctx context.Context) {
	for i, op := range r.operations {
		send := r.socketCases
		switch op.speaks {
		case graphQL:
			send = r.graphQLCases
		case jsonRPC:
			send = r.rpcCases
		case none:
			if !isGet(op) || op.effect != reads || op.makes() || !namesSocket(op.Operation) {
				continue
			}
		}
		if op.outcome.State == statute.Unreached && !r.over(ctx) {
			r.progress(op, i)
			send(ctx, op)
		}
	}
}

// reached notes that an operation answered as its protocol wants it.
func (op *operation) reached(x *statute.Exchange) {
	if op.outcome.State != statute.Reached {
		op.outcome.State, op.outcome.Why, op.outcome.Last = statute.Reached, "", x
	}
}

// failed notes an answer that is none of its protocol, if there was no other.
func (op *operation) failed(x *statute.Exchange) {
	if op.outcome.Last == nil {
		op.outcome.Last, op.outcome.Why = x, x.Error
	}
}

// asNobody sends a request without its credentials, where some may be demanded.
// It has no control: that everybody may ask what is harmless is no proof that
// credentials are ignored.
func (r *run) asNobody(ctx context.Context, op *operation, request func(who statute.Principal) statute.Request) {
	if r.guarded(op) {
		r.ask(ctx, op, request(statute.Nobody), statute.Case{Cause: statute.NoCredentials, Principal: statute.Nobody})
	}
}

// postJSON returns a POST of JSON to the operation's address.
func (r *run) postJSON(c *call, accept, content string, who statute.Principal) statute.Request {
	return r.raw("POST", r.target(c), statute.Fields{{Name: "Accept", Value: accept}}, []byte(content), "application/json", who)
}

// ask sends a request with any method to an operation's path, within the
// operation's budget; nil when that is spent.
func (r *run) ask(ctx context.Context, op *operation, request statute.Request, why statute.Case) *statute.Exchange {
	if strays(op.Path, request.Target) || !r.spend(ctx, op) {
		return nil
	}
	o := statute.Operation{Method: request.Method, Path: op.Path}
	var declared *statute.Declared
	if described := r.operation(o.Method, o.Path); described != nil {
		declared = described.declared
	}
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
