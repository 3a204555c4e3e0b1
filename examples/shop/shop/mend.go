package shop

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Mend returns a listener that mends what net/http answers by itself, to
// requests that no handler gets to see: no Host field, a malformed request line,
// too many fields, an unknown expectation. Those answers lack Date (RFC 9110,
// 6.6.1) and the shape of all others.
func Mend(l net.Listener) net.Listener { return mendingListener{l} }

type mendingListener struct{ net.Listener }

// Accept implements net.Listener.
func (l mendingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return mendingConn{conn}, nil
}

type mendingConn struct{ net.Conn }

// Write writes the bytes, or the mended answer if they are one of net/http's
// own. Those come in one piece and are the last of their connection.
func (c mendingConn) Write(p []byte) (int, error) {
	line, fields, _ := bytes.Cut(p, []byte("\r\n"))
	own := bytes.HasPrefix(fields, []byte("Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")) ||
		bytes.HasPrefix(line, []byte("HTTP/1.1 417 "))
	var status int
	if _, err := fmt.Sscanf(string(line), "HTTP/1.1 %d", &status); !own || err != nil {
		return c.Conn.Write(p)
	}
	content := fmt.Sprintf(`{"title":%q,"status":%d,"detail":"the server cannot make sense of the request"}`, http.StatusText(status), status)
	_, err := fmt.Fprintf(c.Conn, "HTTP/1.1 %d %s\r\nDate: %s\r\nContent-Type: application/problem+json\r\nCache-Control: no-store\r\n"+
		"Content-Length: %d\r\nConnection: close\r\n\r\n%s",
		status, http.StatusText(status), time.Now().UTC().Format(http.TimeFormat), len(content), content)
	if err != nil {
		return 0, err
	}
	return len(p), nil
}
