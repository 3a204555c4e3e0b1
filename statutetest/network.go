package statutetest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/statute-http/statute/respond"
)

// host is the name of the server under test. No such host exists (RFC 2606, 2).
const host = "api.example"

// network is a listener whose connections stay in memory and are recorded, and
// the way to it.
type network struct {
	accepted chan net.Conn
	closed   chan struct{}
	close    sync.Once
	clock    atomic.Int64 // tells what came before what

	mu    sync.Mutex
	links []*link
}

// link is what went over one connection.
type link struct {
	requests, responses *stream
}

func newNetwork() *network {
	return &network{accepted: make(chan net.Conn), closed: make(chan struct{})}
}

// serve serves a handler over connections in memory. What its package respond
// takes for a programming error fails the test.
func serve(t testing.TB, h http.Handler) (*network, *httptest.Server) {
	t.Helper()
	n := newNetwork()
	server := &httptest.Server{Listener: n, Config: &http.Server{
		Handler: h,
		BaseContext: func(net.Listener) context.Context {
			return respond.WithReport(context.Background(), func(err error) { t.Errorf("statutetest: %v", err) })
		},
	}}
	server.Start()
	server.Client().Transport.(*http.Transport).DialContext = func(ctx context.Context, _, to string) (net.Conn, error) {
		if to != host+":80" {
			return nil, fmt.Errorf("statutetest: %s is not the server under test, http://%s", to, host)
		}
		return n.dial(ctx)
	}
	return n, server
}

// Accept waits for the next connection.
func (n *network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.accepted:
		return conn, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and dial; connections that are open stay so.
func (n *network) Close() error {
	n.close.Do(func() { close(n.closed) })
	return nil
}

// Addr returns the name of the server.
func (n *network) Addr() net.Addr { return address(host) }

// dial connects to the server.
func (n *network) dial(ctx context.Context) (net.Conn, error) {
	l := &link{newStream(), newStream()}
	l.requests.clock, l.responses.clock = &n.clock, &n.clock
	// A RemoteAddr is parsed by many a handler: let it be one (RFC 5737, 3).
	client := &pipe{in: l.responses, out: l.requests, local: "192.0.2.1:1024", remote: host + ":80"}
	server := &pipe{in: l.requests, out: l.responses, local: host + ":80", remote: "192.0.2.1:1024"}
	select {
	case n.accepted <- server:
	case <-n.closed:
		return nil, fmt.Errorf("statutetest: %s is closed", host)
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.links = append(n.links, l)
	return client, nil
}
