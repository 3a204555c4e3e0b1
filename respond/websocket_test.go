package respond_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/statute-http/statute/respond"
)

func TestWebSocket(t *testing.T) {
	echo := respond.WebSocket(func(_ context.Context, _ net.Conn, rw *bufio.ReadWriter) {
		line, _ := rw.ReadString('\n')
		_, _ = rw.WriteString(line)
		_ = rw.Flush()
	})
	w := serve(t, route(new(respond.API), echo))
	upgrade := []string{"Connection: keep-alive, Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"}
	const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==" // RFC 6455, 1.3
	tests := []struct {
		name   string
		fields []string
		want   string
	}{
		{"plain GET", nil, "426\nConnection: Upgrade, close\nUpgrade: websocket"},
		{"plain GET that closes", []string{"Connection: close"}, "426\nConnection: Upgrade, close\nUpgrade: websocket"},
		{"other version", append(upgrade[:2:2], "Sec-WebSocket-Version: 8", key), "426\nConnection: Upgrade, close\nUpgrade: websocket\nSec-WebSocket-Version: 13"},
		{"no key", upgrade, "400"},
		{"short key", append(upgrade[:3:3], "Sec-WebSocket-Key: AAAA"), "400"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := text(w.send("GET /thing", "", test.fields...), "Connection", "Upgrade", "Sec-WebSocket-Version")
			got, _, _ = strings.Cut(got, "\n{")
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}

	conn := w.dial()
	request := raw("GET /thing", "", append(upgrade[:3:3], key, "X-Request-Id: ws-1")...)
	if _, err := io.WriteString(conn, request+"hello\n"); err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	want := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nX-Request-Id: ws-1\r\n\r\nhello\n"
	if diff := cmp.Diff(want, string(b)); diff != "" {
		t.Errorf("got +, want -:\n%s", diff)
	}
}
