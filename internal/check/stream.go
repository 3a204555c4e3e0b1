package check

import (
	"context"
	"crypto/rand"
	"encoding/base64"

	"github.com/statute-http/statute"
)

// socketCases open a WebSocket and close it again. Where the description says that
// there is one, they also ask without a handshake: 426 and 400 say what lacks.
func (r *run) socketCases(ctx context.Context, op *operation) {
	c := r.draft(op).call
	shake := func(who statute.Principal) statute.Request {
		request := r.request(c, who)
		request.Fields = append(request.Fields, handshake()...)
		return request
	}
	x := r.try(ctx, op, shake(statute.Full), statute.Case{Cause: statute.Handshake, In: "header"})
	if x == nil {
		return
	}
	r.asNobody(ctx, op, shake)
	if x.Response.Status != 101 {
		op.failed(x)
		return
	}
	op.reached(x)
	if op.speaks == webSocket { // else it was asked so before
		r.try(ctx, op, r.request(c, statute.Full), statute.Case{Cause: statute.NoHandshake, In: "header", Control: x})
	}
}

// handshake returns the fields that ask for a WebSocket (RFC 6455, 4.1).
func handshake() statute.Fields {
	var nonce [16]byte
	rand.Read(nonce[:])
	return statute.Fields{
		{Name: "Connection", Value: "Upgrade"},
		{Name: "Upgrade", Value: "websocket"},
		{Name: "Sec-WebSocket-Version", Value: "13"},
		{Name: "Sec-WebSocket-Key", Value: base64.StdEncoding.EncodeToString(nonce[:])},
	}
}
