package wire

import (
	"context"
	"strings"

	"github.com/statute-http/statute"
)

// The later versions of HTTP, as Request.Proto names them.
const (
	HTTP2 = "HTTP/2"
	HTTP3 = "HTTP/3"
)

// seenLater is what is seen of an exchange over a later version: what frames a
// message is not a part of it there.
const seenLater = statute.SeenAll &^ statute.SeenWire

// Speaks reports whether the server speaks a later version of HTTP. It sends no
// request.
func (c *Client) Speaks(ctx context.Context, proto string) bool {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	if proto == HTTP3 {
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
