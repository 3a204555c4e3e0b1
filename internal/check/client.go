package check

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/statute-http/statute"
)

// The limits of the client.
const (
	keepContent  = 256 << 10              // bytes of content kept of one response
	afterClose   = 100 * time.Millisecond // waited for what a response to HEAD should not be followed by
	afterNothing = time.Millisecond       // the same after a 204 or 304, where the connection stays open
	maxInterim   = 16                     // 1xx responses taken before one exchange
	idleLimit    = 2 * time.Second        // an idle connection older than this is not used again
)

// client speaks HTTP/1.1 to one server over raw connections: it follows no
// redirects, hides nothing that came over the wire and keeps field lines as
// they came. It is safe for concurrent use.
type client struct {
	scheme    string // "http" or "https"
	authority string // what Host says
	address   string // host and port dialled
	timeout   time.Duration
	tls       *tls.Config // but for the name of the server
	dialer    Dial        // nil means over TCP, to address

	mu     sync.Mutex
	idle   []*connection
	keeps  bool // the server has answered on a connection used before
	closes bool // the server has closed a connection without saying so before
}

type connection struct {
	net.Conn
	reader *bufio.Reader
	used   time.Time // when its last response ended
	reused bool
}

func newClient(base *url.URL, timeout time.Duration) *client {
	port := base.Port()
	if port == "" {
		port = "80"
		if base.Scheme == "https" {
			port = "443"
		}
	}
	return &client{
		scheme:    base.Scheme,
		authority: base.Host,
		address:   net.JoinHostPort(base.Hostname(), port),
		timeout:   timeout,
		tls:       &tls.Config{},
	}
}

func (c *client) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.idle {
		conn.Close()
	}
	c.idle = nil
}

// learn notes how the server treats connections.
func (c *client) learn(keeps, closes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keeps, c.closes = c.keeps || keeps, c.closes || closes
}

// do sends the request of x and fills in what came back. What goes wrong on the
// way is part of the exchange: Error says it. The returned error is that the
// server cannot be reached at all. A request that is not safe is not broken off
// when ctx ends: what it made must become known, to be deleted again.
func (c *client) do(ctx context.Context, x *statute.Exchange) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !x.Request.Safe() {
		ctx = context.WithoutCancel(ctx)
	}
	x.Seen = statute.SeenAll
	if err := sound(&x.Request); err != nil {
		x.Error = "not sent: " + err.Error()
		return nil
	}
	x.Request.Scheme, x.Request.Authority, x.Request.Proto = c.scheme, c.authority, "HTTP/1.1"
	message := encode(&x.Request)
	x.Start = time.Now()
	defer func() { x.Took = time.Since(x.Start) }()

	conn, err := c.connect(ctx, x.Request.Safe())
	if err != nil {
		return err
	}
	reused := conn.reused
	err = c.exchange(ctx, conn, message, x)
	c.learn(reused && err == nil, false)
	if reused && x.Response.Status == 0 && x.Request.Safe() && !isTimeout(err) && ctx.Err() == nil {
		// The server has closed the idle connection as the request was under way.
		c.learn(false, true)
		if conn, err = c.dial(ctx); err != nil {
			return err
		}
		err = c.exchange(ctx, conn, message, x)
	}
	if err != nil {
		x.Error = c.explain(ctx, err)
	}
	return nil
}

// sound refuses what would make one request into two, or into none: names and
// values may come from descriptions and answers.
func sound(r *statute.Request) error {
	if r.Method == "" || strings.ContainsFunc(r.Method+r.Target, func(c rune) bool { return c <= ' ' || c == 0x7f }) || r.Target == "" {
		return fmt.Errorf("white space or control characters in %q", r.Method+" "+r.Target)
	}
	for _, f := range r.Fields {
		if strings.EqualFold(f.Name, "Transfer-Encoding") || strings.EqualFold(f.Name, "Content-Length") && f.Value != strconv.Itoa(len(r.Body.Bytes)) {
			return fmt.Errorf("the field %q would frame the content otherwise", f.Name)
		}
		if strings.ContainsAny(f.Name, "\r\n\x00: ") || strings.ContainsAny(f.Value, "\r\n\x00") {
			return fmt.Errorf("line breaks or white space in the field %q", f.Name)
		}
	}
	return nil
}

// encode writes a request as it goes over the wire.
func encode(r *statute.Request) []byte {
	b := make([]byte, 0, 512+len(r.Body.Bytes))
	b = append(b, r.Method...)
	b = append(b, ' ')
	b = append(b, r.Target...)
	b = append(b, " HTTP/1.1\r\n"...)
	for _, f := range r.Fields {
		b = append(b, f.Name...)
		b = append(b, ": "...)
		b = append(b, f.Value...)
		b = append(b, "\r\n"...)
	}
	b = append(b, "\r\n"...)
	return append(b, r.Body.Bytes...)
}

// connect returns an idle connection if there is one fit for use, or a new one.
// A request that is not safe must not meet a connection that the server has
// closed, for nobody could say then whether it was carried out: it goes over a
// used connection only where the server has shown that it keeps them.
func (c *client) connect(ctx context.Context, safe bool) (*connection, error) {
	conn, keeps := c.take()
	if conn == nil {
		return c.dial(ctx)
	}
	if conn.reader.Buffered() > 0 || !safe && !(keeps && conn.quiet()) {
		conn.Close()
		return c.dial(ctx)
	}
	conn.reused = true
	return conn, nil
}

// take returns the idle connection that was used last, nil if none is fresh
// enough, and whether the server keeps them.
func (c *client) take() (conn *connection, keeps bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if last := len(c.idle) - 1; last >= 0 {
		conn, c.idle = c.idle[last], c.idle[:last]
		if c.closes || time.Since(conn.used) > idleLimit {
			conn.Close()
			conn = nil
		}
	}
	return conn, c.keeps
}

// put keeps a connection for reuse.
func (c *client) put(conn *connection) {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn.used = time.Now()
	c.idle = append(c.idle, conn)
}

// quiet reports whether the connection is open and has nothing to read.
func (c *connection) quiet() bool {
	c.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err := c.reader.Peek(1)
	return isTimeout(err)
}

func (c *client) dial(ctx context.Context) (*connection, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	dial := c.dialer
	if dial == nil {
		dial = func(ctx context.Context) (net.Conn, error) { return new(net.Dialer).DialContext(ctx, "tcp", c.address) }
	}
	conn, err := dial(ctx)
	if err != nil {
		return nil, err
	}
	if c.scheme == "https" {
		config := c.tls.Clone()
		config.ServerName, _, _ = net.SplitHostPort(c.address)
		config.NextProtos = []string{"http/1.1"}
		secured := tls.Client(conn, config)
		if err := secured.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, fmt.Errorf("TLS handshake with %s: %w", c.address, err)
		}
		conn = secured
	}
	return &connection{Conn: conn, reader: bufio.NewReaderSize(conn, 16<<10)}, nil
}

// exchange sends the message over the connection and reads the answer into x.
// The connection is kept for reuse if that is right, else closed.
func (c *client) exchange(ctx context.Context, conn *connection, message []byte, x *statute.Exchange) (err error) {
	reusable := false
	defer func() {
		if reusable && ctx.Err() == nil {
			c.put(conn)
		} else {
			conn.Close()
		}
	}()
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if err := conn.SetDeadline(x.Start.Add(c.timeout)); err != nil {
		return err
	}
	// A server may answer and close before it has read the whole request, so
	// the answer counts even where writing failed.
	_, writeErr := conn.Write(message)
	for {
		response, err := statute.ReadResponse(conn.reader, x.Request.Method, keepContent)
		if response != nil {
			if response.Status/100 == 1 && response.Status != 101 && len(x.Interim) < maxInterim {
				x.Interim = append(x.Interim, *response)
				continue
			}
			x.Response = *response
		}
		if err != nil {
			return moreTelling(writeErr, err)
		}
		break
	}
	overran := false
	switch {
	case x.Request.Method == "HEAD":
		overran = overrun(conn, &x.Response, afterClose)
	case x.Response.Status == 204, x.Response.Status == 304:
		overran = overrun(conn, &x.Response, afterNothing)
	}
	reusable = writeErr == nil && !overran && x.Response.Class() != 1 && x.Response.KeepsConnection(x.Request.Method) &&
		!x.Request.Fields.HasToken("Connection", "close")
	return nil
}

// overrun reads what follows a response that has no content, for the first
// byte of which it waits that long, and reports whether there was anything.
func overrun(conn *connection, r *statute.Response, wait time.Duration) bool {
	conn.SetReadDeadline(time.Now().Add(wait))
	if _, err := conn.reader.Peek(1); err != nil {
		return false
	}
	conn.SetReadDeadline(time.Now().Add(afterClose))
	content, _ := io.ReadAll(io.LimitReader(conn.reader, keepContent))
	r.Body = statute.Body{Bytes: content, Size: int64(len(content))}
	return true
}

// moreTelling returns the more telling of the errors of writing and reading.
func moreTelling(write, read error) error {
	if write != nil && errors.Is(read, io.EOF) {
		return write
	}
	return read
}

// explain says in the words of reports what went wrong.
func (c *client) explain(ctx context.Context, err error) string {
	switch {
	case ctx.Err() != nil:
		return "interrupted"
	case isTimeout(err):
		return fmt.Sprintf("timeout: no answer within %v", c.timeout)
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "connection reset"
	case errors.Is(err, io.EOF):
		return "connection closed without an answer"
	}
	return err.Error()
}

func isTimeout(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded)
}
