// Package wire speaks HTTP to one server and hides nothing of what came over the
// wire: not the order and the spelling of field lines, not what is wrong in them,
// not what follows a response that has no content. It follows no redirects.
package wire

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
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/coding"
)

// The limits of the client.
const (
	keepContent  = 256 << 10              // bytes of content kept of one response
	maxSection   = 256 << 10              // bytes of a header section over a later version
	afterClose   = 100 * time.Millisecond // waited for what a response to HEAD should not be followed by
	afterNothing = time.Millisecond       // the same after a 204 or 304, where the connection stays open
	maxInterim   = 16                     // 1xx responses taken before one exchange
	idleLimit    = 2 * time.Second        // an idle connection older than this is not used again
	continueWait = time.Second            // content is held back for, where the server was asked whether it wants it
)

// Dial opens a connection.
type Dial func(context.Context) (net.Conn, error)

// Client speaks HTTP/1.1 to one server over raw connections: it follows no
// redirects, hides nothing that came over the wire and keeps field lines as
// they came. Requests that name another version go over that. It is safe for
// concurrent use.
type Client struct {
	Scheme    string // "http" or "https"
	Authority string // what Host says
	Address   string // host and port dialled
	Timeout   time.Duration
	TLS       *tls.Config // but for the name of the server
	Dial      Dial        // nil means over TCP, to Address

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
	spent  bool // what came over it was not read to its end, or read ahead
}

// New returns a client of the server that a URL names. An exchange takes no longer
// than the timeout.
func New(base *url.URL, timeout time.Duration) *Client {
	port := base.Port()
	if port == "" {
		port = "80"
		if base.Scheme == "https" {
			port = "443"
		}
	}
	return &Client{
		Scheme:    base.Scheme,
		Authority: base.Host,
		Address:   net.JoinHostPort(base.Hostname(), port),
		Timeout:   timeout,
		TLS:       &tls.Config{},
	}
}

// Close closes the connections that are idle.
func (c *Client) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.idle {
		conn.Close()
	}
	c.idle = nil
}

// learn notes how the server treats connections.
func (c *Client) learn(keeps, closes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keeps, c.closes = c.keeps || keeps, c.closes || closes
}

// Do sends the request of x and fills in what came back, content without its gzip
// or deflate coding. What goes wrong on the way is part of the exchange: Error says
// it. The returned error is that the server cannot be reached at all. A request that
// is not safe is not broken off when ctx ends: what it made must become known, to be
// deleted again.
func (c *Client) Do(ctx context.Context, x *statute.Exchange) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !x.Request.Safe() {
		ctx = context.WithoutCancel(ctx)
	}
	x.Seen = statute.SeenAll
	check := sound
	if contradicts(x) {
		check = clean
	}
	if err := check(&x.Request); err != nil {
		x.Error = "not sent: " + err.Error()
		return nil
	}
	x.Request.Scheme, x.Request.Authority = c.Scheme, c.Authority
	x.Start = time.Now()
	defer func() {
		x.Took = time.Since(x.Start)
		x.Response.Body = coding.Decode(x.Response.Body, x.Response.Fields, keepContent)
	}()
	switch x.Request.Proto {
	case HTTP2:
		return c.overHTTP2(ctx, x)
	case HTTP3:
		return c.overHTTP3(ctx, x)
	}
	x.Request.Proto = "HTTP/1.1"

	conn, err := c.connect(ctx, x)
	if err != nil {
		return err
	}
	reused := conn.reused
	err = c.exchange(ctx, conn, x)
	c.learn(reused && err == nil, false)
	if reused && x.Response.Status == 0 && x.Request.Safe() && !isTimeout(err) && ctx.Err() == nil {
		// The server has closed the idle connection as the request was under way.
		c.learn(false, true)
		if conn, err = c.dial(ctx); err != nil {
			return err
		}
		err = c.exchange(ctx, conn, x)
	}
	if err != nil {
		x.Error = c.explain(ctx, err)
	}
	return nil
}

// sound refuses what would make one request into two, or into none: names and
// values may come from descriptions and answers.
func sound(r *statute.Request) error {
	chunked := r.Fields.Has("Transfer-Encoding")
	for _, f := range r.Fields {
		if strings.EqualFold(f.Name, "Transfer-Encoding") && (!strings.EqualFold(f.Value, "chunked") || r.Body.Empty()) ||
			strings.EqualFold(f.Name, "Content-Length") && (chunked || f.Value != strconv.Itoa(len(r.Body.Bytes))) {
			return fmt.Errorf("the field %q would frame the content otherwise", f.Name)
		}
	}
	return clean(r)
}

// clean refuses what would end a line of a request before its time.
func clean(r *statute.Request) error {
	if r.Method == "" || strings.ContainsFunc(r.Method+r.Target, func(c rune) bool { return c <= ' ' || c == 0x7f }) || r.Target == "" {
		return fmt.Errorf("white space or control characters in %q", r.Method+" "+r.Target)
	}
	for _, f := range r.Fields {
		if strings.ContainsAny(f.Name, "\r\n\x00: ") || strings.ContainsAny(f.Value, "\r\n\x00") {
			return fmt.Errorf("line breaks or white space in the field %q", f.Name)
		}
	}
	return nil
}

// contradicts reports whether a request is to contradict itself about its
// framing. It has no content, so that no reader can take a part of that for
// another request.
func contradicts(x *statute.Exchange) bool {
	return x.Case != nil && x.Case.Cause == statute.BadFraming && x.Request.Safe() && x.Request.Body.Empty() && !x.Request.Fields.Has("Transfer-Encoding")
}

// encode writes a request as it goes over the wire: its header section, and its
// content in the framing that the fields tell.
func encode(r *statute.Request) (head, content []byte) {
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
	if r.Fields.Has("Transfer-Encoding") {
		return b, inChunks(r.Body.Bytes)
	}
	return b, r.Body.Bytes
}

// inChunks writes content in two chunks, if there is enough of it (RFC 9112,
// 7.1).
func inChunks(content []byte) []byte {
	var b []byte
	half := len(content) / 2
	for _, part := range [][]byte{content[:half], content[half:]} {
		if len(part) > 0 {
			b = fmt.Appendf(b, "%x\r\n%s\r\n", len(part), part)
		}
	}
	return append(b, "0\r\n\r\n"...)
}

// alone reports whether a request gets a connection to itself. Where the server
// reads less of it than was sent, or ends it elsewhere, what it has not read
// would be taken for the beginning of the next one.
func alone(x *statute.Exchange) bool {
	if x.Case != nil {
		switch x.Case.Cause {
		case statute.BadFraming, statute.NoHost, statute.TwoHosts, statute.LongTarget, statute.LongFields, statute.LargeContent:
			return true
		}
	}
	return x.Request.Fields.Has("Transfer-Encoding") || x.Request.Fields.Has("Expect")
}

// connect returns an idle connection if there is one fit for use, or a new one.
// A request that is not safe must not meet a connection that the server has
// closed, for nobody could say then whether it was carried out: it goes over a
// used connection only where the server has shown that it keeps them.
func (c *Client) connect(ctx context.Context, x *statute.Exchange) (*connection, error) {
	if alone(x) {
		return c.dial(ctx)
	}
	conn, keeps := c.take()
	if conn == nil {
		return c.dial(ctx)
	}
	if conn.reader.Buffered() > 0 || !x.Request.Safe() && !(keeps && conn.quiet()) {
		conn.Close()
		return c.dial(ctx)
	}
	conn.reused = true
	return conn, nil
}

// take returns the idle connection that was used last, nil if none is fresh
// enough, and whether the server keeps them.
func (c *Client) take() (conn *connection, keeps bool) {
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
func (c *Client) put(conn *connection) {
	c.mu.Lock()
	defer c.mu.Unlock()
	conn.used = time.Now()
	c.idle = append(c.idle, conn)
}

// quiet reports whether the connection is open and has nothing to read.
func (c *connection) quiet() bool { return c.silent(time.Millisecond) }

// silent reports whether the connection stays open for that long and brings
// nothing to read.
func (c *connection) silent(wait time.Duration) bool {
	c.SetReadDeadline(time.Now().Add(wait))
	_, err := c.reader.Peek(1)
	return isTimeout(err)
}

func (c *Client) dial(ctx context.Context) (*connection, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	conn, err := c.open(ctx, "http/1.1")
	if err != nil {
		return nil, err
	}
	return &connection{Conn: conn, reader: bufio.NewReaderSize(conn, 16<<10)}, nil
}

// open opens a connection. Over TLS that protocol is offered to the server (RFC
// 7301).
func (c *Client) open(ctx context.Context, protocol string) (net.Conn, error) {
	dial := c.Dial
	if dial == nil {
		dial = func(ctx context.Context) (net.Conn, error) { return new(net.Dialer).DialContext(ctx, "tcp", c.Address) }
	}
	conn, err := dial(ctx)
	if err != nil || c.Scheme != "https" {
		return conn, err
	}
	secured := tls.Client(conn, c.offering(protocol))
	if err := secured.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("TLS handshake with %s: %w", c.Address, err)
	}
	return secured, nil
}

// offering returns how to speak TLS with the server, for that protocol.
func (c *Client) offering(protocol string) *tls.Config {
	config := c.TLS.Clone()
	config.ServerName, _, _ = net.SplitHostPort(c.Address)
	config.NextProtos = []string{protocol}
	return config
}

// exchange sends the request of x over the connection and reads the answer into
// x. The connection is kept for reuse if that is right, else closed.
func (c *Client) exchange(ctx context.Context, conn *connection, x *statute.Exchange) (err error) {
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
	deadline := x.Start.Add(c.Timeout)
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	// A server may answer and close before it has read the whole request, so
	// the answer counts even where writing failed.
	head, content := encode(&x.Request)
	held := len(content) > 0 && x.Request.Fields.HasToken("Expect", "100-continue")
	if !held {
		head = append(head, content...)
	}
	_, writeErr := conn.Write(head)
	for {
		if held && (wanted(x) || conn.silent(continueWait)) {
			held = false
			_, writeErr = conn.Write(content)
		}
		conn.SetReadDeadline(deadline)
		response, err := conn.read(x.Request.Method)
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
	case x.Response.Status == 101 && x.Response.Fields.HasToken("Upgrade", "websocket"):
		conn.leave()
	case x.Response.Status == 204, x.Response.Status == 304:
		overran = overrun(conn, &x.Response, afterNothing)
	}
	reusable = writeErr == nil && !overran && !conn.spent && !alone(x) && x.Response.Class() != 1 && x.Response.KeepsConnection(x.Request.Method) &&
		!x.Request.Fields.HasToken("Connection", "close")
	return nil
}

// wanted reports whether the server has asked for the content (RFC 9110, 15.2.1).
func wanted(x *statute.Exchange) bool {
	return slices.ContainsFunc(x.Interim, func(r statute.Response) bool { return r.Status == 100 })
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
func (c *Client) explain(ctx context.Context, err error) string {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return "interrupted"
	case isTimeout(err), errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("timeout: no answer within %v", c.Timeout)
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

// Send sends the request of x to the server that the URL names, over a
// connection of its own, and fills in what came back. The request needs all its
// fields. The error is that the server cannot be reached; what else goes wrong
// stands in x.Error.
func Send(ctx context.Context, server *url.URL, timeout time.Duration, x *statute.Exchange) error {
	c := New(server, timeout)
	defer c.Close()
	return c.Do(ctx, x)
}
