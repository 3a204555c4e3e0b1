package sample

import (
	"bytes"
	"cmp"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Server serves an edition until it is closed.
type Server struct {
	URL string // "http://127.0.0.1:40123"

	server *http.Server
	done   chan error
}

// Listen serves the handler at the address, "" for any free port of loopback.
func Listen(handler http.Handler, address string) (*Server, error) {
	listener, err := net.Listen("tcp", cmp.Or(address, "127.0.0.1:0"))
	if err != nil {
		return nil, fmt.Errorf("serving the sample shop: %w", err)
	}
	s := &Server{
		URL: "http://" + listener.Addr().String(),
		server: &http.Server{
			Handler:           handler,
			ReadHeaderTimeout: 5 * time.Second,
			ReadTimeout:       30 * time.Second,
			WriteTimeout:      30 * time.Second,
			IdleTimeout:       time.Minute,
		},
		done: make(chan error, 1),
	}
	go func() { s.done <- s.server.Serve(mendingListener{listener.(*net.TCPListener)}) }()
	return s, nil
}

// Close ends the server and its connections.
func (s *Server) Close() error {
	err := s.server.Close()
	<-s.done // http.ErrServerClosed, always
	return err
}

// mendingListener mends the answers that net/http gives by itself, to requests
// that no handler gets to see (no Host field, a malformed request line, an
// unknown expectation): they lack Date (RFC 9110, 6.6.1) and problem details.
type mendingListener struct{ *net.TCPListener }

// Accept returns the next connection.
func (l mendingListener) Accept() (net.Conn, error) {
	conn, err := l.AcceptTCP()
	if err != nil {
		return nil, err
	}
	return mendingConn{conn}, nil
}

type mendingConn struct{ *net.TCPConn }

// Write writes the bytes, or the mended answer if they are one of net/http's
// own. Those come in one piece and are the last of their connection.
func (c mendingConn) Write(p []byte) (int, error) {
	line, fields, _ := bytes.Cut(p, []byte("\r\n"))
	own := bytes.HasPrefix(fields, []byte("Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")) ||
		bytes.HasPrefix(line, []byte("HTTP/1.1 417 "))
	var status int
	if _, err := fmt.Sscanf(string(line), "HTTP/1.1 %d", &status); !own || err != nil {
		return c.TCPConn.Write(p)
	}
	a := problem(status, "the server cannot make sense of the request")
	a.header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	a.header.Set("Connection", "close")
	if _, err := c.TCPConn.Write(a.bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}
