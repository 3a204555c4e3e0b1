package respond

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/statute-http/statute"
)

// WebSocket is a handler for "GET" that answers a valid opening handshake 101
// and hands the connection over to serve, which speaks the protocol from there
// on; it is closed when serve returns. Other requests are answered 426, or 400
// if the handshake is malformed (RFC 6455, 4.2). A library that does the
// handshake itself goes into [Served].
//
// Browsers open WebSockets for pages of any origin, and send cookies along: where
// these authenticate, a handler around this one must look at the field Origin
// first (RFC 6455, 10.2).
func WebSocket(serve func(ctx context.Context, conn net.Conn, rw *bufio.ReadWriter)) Handler {
	return webSocket(serve)
}

type webSocket func(ctx context.Context, conn net.Conn, rw *bufio.ReadWriter)

// Respond implements [Handler].
func (serve webSocket) Respond(r *http.Request) (Outcome, error) {
	accept, err := handshake(r)
	if err != nil {
		return Outcome{}, err
	}
	return Served(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(fmt.Errorf("taking over the connection: %w", err))
		}
		defer conn.Close()
		_, _ = io.WriteString(rw, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
			"Sec-WebSocket-Accept: "+accept+"\r\n")
		_ = w.Header().Write(rw)
		_, _ = io.WriteString(rw, "\r\n")
		if rw.Flush() == nil {
			serve(r.Context(), conn, rw)
		}
	})), nil
}

func (webSocket) codes(Policy) []int { return []int{101, 426} }

// handshake returns the Sec-WebSocket-Accept for an opening handshake, or what
// to answer if it is none (RFC 6455, 4.2.1 and 4.2.2).
func handshake(r *http.Request) (accept string, err error) {
	if r.ProtoMajor != 1 || r.ProtoMinor == 0 {
		return "", BadRequest("a WebSocket is opened by HTTP/1.1")
	}
	if !hasToken(r.Header["Upgrade"], "websocket") || !hasToken(r.Header["Connection"], "upgrade") {
		return "", UpgradeRequired("websocket")
	}
	if r.Header.Get("Sec-Websocket-Version") != "13" {
		return "", UpgradeRequired("websocket").Header("Sec-WebSocket-Version", "13")
	}
	key := r.Header.Get("Sec-Websocket-Key")
	if nonce, err := base64.StdEncoding.DecodeString(key); err != nil || len(nonce) != 16 {
		return "", BadRequest("Sec-WebSocket-Key is not 16 bytes in Base64")
	}
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) // by RFC 6455, 1.3; no secret hangs on it
	return base64.StdEncoding.EncodeToString(sum[:]), nil
}

func hasToken(lists []string, token string) bool {
	for _, list := range lists {
		for member := range statute.SplitList(list) {
			if strings.EqualFold(member, token) {
				return true
			}
		}
	}
	return false
}
