package check

import (
	"context"
	"fmt"

	"github.com/statute-http/statute"
)

// rpcCases call by JSON-RPC 2.0 a method that cannot exist: alone, as a
// notification, in a batch, and in content that does not parse. Nothing is ever
// called that is there. Of what is wrong with a call the content tells, whatever
// the code, so none of these is the control of another.
func (r *run) rpcCases(ctx context.Context, op *operation) {
	c := r.draft(op).call
	method := "statute.none." + r.values.tag
	call := func(id int) string { return fmt.Sprintf(`{"jsonrpc":"2.0","method":%q,"id":%d}`, method, id) }
	request := func(content string) func(who statute.Principal) statute.Request {
		return func(who statute.Principal) statute.Request { return r.postJSON(c, "application/json", content, who) }
	}
	post := func(content string, cause statute.Cause, detail string) *statute.Exchange {
		return r.ask(ctx, op, request(content)(statute.Full), statute.Case{Cause: cause, In: "body", Detail: detail})
	}
	x := post(call(1), statute.Procedure, method)
	if x == nil {
		return
	}
	r.asNobody(ctx, op, request(call(1)))
	if !isRPC(x) {
		op.failed(x)
		return
	}
	op.reached(x)
	post(call(1)[:len(call(1))-1], statute.MalformedJSON, "the last byte is cut off")
	post(fmt.Sprintf(`{"jsonrpc":"2.0","method":%q}`, method), statute.Procedure, "a notification")
	post("["+call(1)+","+call(2)+"]", statute.Procedure, "a batch of two")
}

// isRPC reports whether an answer is one of JSON-RPC 2.0 that says that there is
// no such method, or refuses the call otherwise.
func isRPC(x *statute.Exchange) bool {
	object, _ := decode(x.Response.Body.Bytes).(map[string]any)
	_, failed := object["error"].(map[string]any)
	return x.Error == "" && object["jsonrpc"] == "2.0" && failed
}
