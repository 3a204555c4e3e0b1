package shop

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

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

// TestLiveOrigin holds who may watch: no page of another host.
func TestLiveOrigin(t *testing.T) {
	server := serve(t, open(t, Config{}))
	for origin, want := range map[string]int{
		"http://shop.example": 101, "https://SHOP.example": 101,
		"https://evil.example": 403, "https://shop.example.evil.example": 403, "null": 403, "%": 403,
	} {
		got := send(t, server, "GET /orders/1/live HTTP/1.1\r\nHost: shop.example\r\nAuthorization: Bearer ada\r\nOrigin: "+origin+
			"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
		if got[0].Status != want {
			t.Errorf("from %q: got %d, want %d", origin, got[0].Status, want)
		}
	}
}

// TestLiveSlow holds who reads nothing to be given up.
func TestLiveSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, client := net.Pipe()
		defer conn.Close()
		defer client.Close()
		begun := time.Now()
		show(t.Context(), conn, Order{}, nil, nil)
		if took := time.Since(begun); took != patience {
			t.Errorf("it took %v, want %v", took, patience)
		}
	})
}

// TestLiveOrder shows changes that were told in the wrong order, and then the
// session ends.
func TestLiveOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, client := net.Pipe()
		defer client.Close()
		changes := make(chan Order)
		ctx, end := context.WithCancel(t.Context())
		go func() {
			defer conn.Close()
			show(ctx, conn, Order{Head: Head{Version: 1}}, changes, nil)
		}()
		var got []string
		go func() {
			for _, version := range []int64{3, 2, 4} {
				changes <- Order{Head: Head{Version: version}, Status: fmt.Sprint(version)}
			}
			end()
		}()
		for range 3 {
			got = append(got, regexp.MustCompile(`"status":"(.?)"`).FindStringSubmatch(string(message(t, client)))[1])
		}
		if diff := cmp.Diff([]string{"", "3", "4"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if rest, err := io.ReadAll(client); err != nil || string(rest) != "\x88\x02\x03\xE9" {
			t.Errorf("at the end: got %q, %v", rest, err)
		}
	})
}
