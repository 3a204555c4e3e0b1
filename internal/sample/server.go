package sample

import (
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
	go func() { s.done <- s.server.Serve(listener) }()
	return s, nil
}

// Close ends the server and its connections.
func (s *Server) Close() error {
	err := s.server.Close()
	<-s.done // http.ErrServerClosed, always
	return err
}
