package shop

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/statute-http/statute"
)

// TestLive watches an order that changes, and leaves.
func TestLive(t *testing.T) {
	s := open(t, Config{})
	server := serve(t, s)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "GET /orders/1/live HTTP/1.1\r\nHost: shop.example\r\nAuthorization: Bearer ada\r\n"+
		"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	response, err := statute.ReadResponse(r, "GET", 1<<20)
	if err != nil || response.Status != 101 {
		t.Fatalf("got %v, %v", response, err)
	}
	if got := string(message(t, r)); !strings.Contains(got, `"note":"ring twice"`) {
		t.Errorf("at first: got %s", got)
	}
	patch := `{"note":"` + strings.Repeat("knock ", 30) + `"}`
	answer := send(t, server, fmt.Sprintf("PATCH /orders/1 HTTP/1.1\r\nHost: shop.example\r\nAuthorization: Bearer ada\r\n"+
		"Content-Type: application/merge-patch+json\r\nContent-Length: %d\r\n\r\n%s", len(patch), patch))
	if answer[0].Status != 200 {
		t.Fatalf("PATCH: got %d %s", answer[0].Status, answer[0].Body.Bytes)
	}
	if got := string(message(t, r)); !strings.Contains(got, `"note":"knock`) {
		t.Errorf("after the change: got %s", got)
	}

	if _, err := conn.Write([]byte{0x88, 0x80, 0, 0, 0, 0}); err != nil { // close
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != "\x88\x02\x03\xE8" {
		t.Errorf("after leaving: got %q, %v", got, err)
	}
	s.watchers.mu.Lock()
	defer s.watchers.mu.Unlock()
	if len(s.watchers.orders) != 0 {
		t.Error("who left is still told")
	}
}
