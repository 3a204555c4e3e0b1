package respond_test

import (
	"bufio"
	"context"
	"net"

	"github.com/statute-http/statute/respond"
)

func ExampleWebSocket() {
	h := new(respond.API).Handler(respond.WebSocket(func(_ context.Context, _ net.Conn, rw *bufio.ReadWriter) {
		_, _ = rw.WriteString("\x81\x02hi") // a text frame
		_ = rw.Flush()
	}))
	show(h, get("/live"), "Upgrade")
	// Output:
	// 426 Upgrade Required
	// Upgrade: websocket
	// {"title":"Upgrade Required","status":426,"detail":"only by websocket","request_id":"r1"}
}
