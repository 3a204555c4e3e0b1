package check

import (
	"context"
	"strings"

	"github.com/statute-http/statute"
)

// The later versions of HTTP, as Request.Proto names them.
const (
	http2Proto = "HTTP/2"
	http3Proto = "HTTP/3"
)

// seenLater is what is seen of an exchange over a later version: what frames a
// message is not a part of it there.
const seenLater = statute.SeenAll &^ statute.SeenWire

// comparedOperations is on how many operations versions of HTTP are compared:
// what differs is what stands in front of them all.
const comparedOperations = 5

// versionCases read over each later version of HTTP that the server speaks what
// was read over HTTP/1.1 right before.
func (r *run) versionCases(ctx context.Context, op *operation) {
	if op.effect != reads || op.makes() || r.compared == comparedOperations || isStream(&op.control.Response) {
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
	}{{http2Proto, r.HTTP2, r.client.scheme == "https"}, {http3Proto, r.HTTP3, false}} {
		switch {
		case !v.asked && !v.open:
		case r.clientOf(statute.Full).speaks(ctx, v.proto):
			spoken = append(spoken, v.proto)
		case v.asked:
			r.result.Unspoken = append(r.result.Unspoken, v.proto)
		}
	}
	return spoken
}

// speaks reports whether the server speaks a later version of HTTP. It sends no
// request.
func (c *client) speaks(ctx context.Context, proto string) bool {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	if proto == http3Proto {
		conn, err := c.dialHTTP3(ctx)
		if err == nil {
			conn.close()
		}
		return err == nil
	}
	conn, err := c.dialHTTP2(ctx)
	if err == nil {
		conn.Close()
	}
	return err == nil
}

// carried returns the fields of a request that later versions of HTTP carry: none
// that is about the connection (RFC 9113, 8.2.2). Host stands for :authority.
func carried(fields statute.Fields) statute.Fields {
	var kept statute.Fields
	for _, f := range fields {
		switch strings.ToLower(f.Name) {
		case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "http2-settings", "te":
		default:
			kept = append(kept, f)
		}
	}
	return kept
}
