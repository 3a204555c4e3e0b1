package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/statute-http/statute"
)

// The bounds of what is sent and taken in one exchange over HTTP/2.
const (
	frameSize     = 16 << 10 // every recipient takes a frame of this size (RFC 9113, 4.2)
	initialWindow = 64<<10 - 1
	widestWindow  = 1<<31 - 1 // RFC 9113, 6.9.1
)

// overHTTP2 does what Client.Do says over HTTP/2, on a connection of its own: over
// TLS as ALPN agrees on it, else with prior knowledge (RFC 9113, 3.2, 3.3).
func (c *Client) overHTTP2(ctx context.Context, x *statute.Exchange) error {
	ctx, cancel := context.WithDeadline(ctx, x.Start.Add(c.Timeout))
	defer cancel()
	conn, err := c.dialHTTP2(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer conn.obey(ctx)()
	x.Seen = seenLater
	x.Request.Fields = carried(x.Request.Fields)
	if err := conn.exchange(x); err != nil {
		x.Response.Body.Cut = x.Response.Status != 0
		x.Error = c.explain(ctx, err)
	}
	return nil
}

// http2Connection is a connection for one exchange over HTTP/2.
type http2Connection struct {
	net.Conn
	framer  *http2.Framer
	encoder *hpack.Encoder
	header  bytes.Buffer // what the encoder has written
	room    int64        // bytes of content that the server takes on the connection
	stream  int64        // ... on a stream
	initial int64        // ... on a new stream, as its settings say
}

// dialHTTP2 opens a connection and waits until the server has shown that it
// speaks HTTP/2: its first frame holds its settings (RFC 9113, 3.4).
func (c *Client) dialHTTP2(ctx context.Context) (*http2Connection, error) {
	opened, err := c.open(ctx, http2.NextProtoTLS)
	if err != nil {
		return nil, err
	}
	if secured, ok := opened.(*tls.Conn); ok && secured.ConnectionState().NegotiatedProtocol != http2.NextProtoTLS {
		opened.Close()
		return nil, fmt.Errorf("%s does not speak HTTP/2: ALPN does not agree on it", c.Address)
	}
	conn := &http2Connection{Conn: opened, framer: http2.NewFramer(opened, opened), room: initialWindow, stream: initialWindow, initial: initialWindow}
	conn.encoder = hpack.NewEncoder(&conn.header)
	conn.framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	conn.framer.MaxHeaderListSize = maxSection
	conn.framer.SetMaxReadFrameSize(frameSize)
	defer conn.obey(ctx)()
	if err := conn.greet(); err != nil {
		conn.Close()
		return nil, fmt.Errorf("%s does not speak HTTP/2: %s", c.Address, c.explain(ctx, err))
	}
	return conn, nil
}

// obey breaks off what waits for the connection when ctx ends, until the function
// that it returns is called.
func (c *http2Connection) obey(ctx context.Context) func() bool {
	return context.AfterFunc(ctx, func() { c.SetDeadline(time.Unix(1, 0)) })
}

// greet sends the preface, with windows that no content fills, and reads the
// server's.
func (c *http2Connection) greet() error {
	if _, err := c.Write([]byte(http2.ClientPreface)); err != nil {
		return err
	}
	err := errors.Join(
		c.framer.WriteSettings(
			http2.Setting{ID: http2.SettingEnablePush, Val: 0},
			http2.Setting{ID: http2.SettingInitialWindowSize, Val: widestWindow},
			http2.Setting{ID: http2.SettingMaxHeaderListSize, Val: maxSection},
		),
		c.framer.WriteWindowUpdate(0, widestWindow-initialWindow),
	)
	if err != nil {
		return err
	}
	frame, err := c.framer.ReadFrame()
	if err != nil {
		return err
	}
	if settings, ok := frame.(*http2.SettingsFrame); ok && !settings.IsAck() {
		return c.settle(settings)
	}
	return errors.New("its first frame does not hold its settings")
}

// settle heeds the server's settings.
func (c *http2Connection) settle(settings *http2.SettingsFrame) error {
	if size, ok := settings.Value(http2.SettingInitialWindowSize); ok {
		c.stream += int64(size) - c.initial
		c.initial = int64(size)
	}
	if size, ok := settings.Value(http2.SettingHeaderTableSize); ok {
		c.encoder.SetMaxDynamicTableSizeLimit(size)
	}
	return c.framer.WriteSettingsAck()
}

// exchange sends the request of x and reads the answer into x.
func (c *http2Connection) exchange(x *statute.Exchange) error {
	content := x.Request.Body.Bytes
	if err := c.writeHead(&x.Request, len(content) == 0); err != nil {
		return err
	}
	for {
		for len(content) > 0 && min(c.room, c.stream) > 0 {
			part := content[:min(int64(len(content)), c.room, c.stream, frameSize)]
			content = content[len(part):]
			c.room, c.stream = c.room-int64(len(part)), c.stream-int64(len(part))
			if err := c.framer.WriteData(1, len(content) == 0, part); err != nil {
				return err
			}
		}
		frame, err := c.framer.ReadFrame()
		if err != nil {
			return err
		}
		if done, err := c.take(frame, x); done || err != nil {
			return err
		}
	}
}

// writeHead writes the header section of a request (RFC 9113, 8.3.1).
func (c *http2Connection) writeHead(r *statute.Request, end bool) error {
	field := func(name, value string) { c.encoder.WriteField(hpack.HeaderField{Name: name, Value: value}) } // writes to memory
	field(":method", r.Method)
	field(":scheme", r.Scheme)
	authority := r.Authority
	if host, ok := r.Fields.Lookup("Host"); ok {
		authority = host
	}
	field(":authority", authority)
	field(":path", r.Target)
	for _, f := range r.Fields {
		if name := strings.ToLower(f.Name); name != "host" {
			field(name, f.Value)
		}
	}
	part := c.header.Next(frameSize)
	err := c.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: part, EndStream: end, EndHeaders: c.header.Len() == 0})
	for err == nil && c.header.Len() > 0 {
		part = c.header.Next(frameSize)
		err = c.framer.WriteContinuation(1, c.header.Len() == 0, part)
	}
	return err
}

// take does what a frame of the server asks for, adds what it holds of the answer
// to x, and reports whether that is whole.
func (c *http2Connection) take(frame http2.Frame, x *statute.Exchange) (done bool, err error) {
	r := &x.Response
	if id := frame.Header().StreamID; id > 1 {
		return false, fmt.Errorf("a frame is about stream %d, which was not opened", id)
	}
	switch f := frame.(type) {
	case *http2.SettingsFrame:
		if !f.IsAck() {
			err = c.settle(f)
		}
	case *http2.PingFrame:
		if !f.IsAck() {
			err = c.framer.WritePing(true, f.Data)
		}
	case *http2.WindowUpdateFrame:
		if f.StreamID == 0 {
			c.room += int64(f.Increment)
		} else {
			c.stream += int64(f.Increment)
		}
	case *http2.GoAwayFrame:
		if f.LastStreamID < 1 || f.ErrCode != http2.ErrCodeNo {
			err = fmt.Errorf("the server ends the connection: %v", f.ErrCode)
		}
	case *http2.RSTStreamFrame:
		err = fmt.Errorf("the server resets the stream: %v", f.ErrCode)
	case *http2.MetaHeadersFrame:
		if f.Truncated {
			return false, fmt.Errorf("header section longer than %d KiB", maxSection>>10)
		}
		var fields statute.Fields
		for _, field := range f.RegularFields() {
			fields = append(fields, statute.Field{Name: field.Name, Value: field.Value})
		}
		if r.Status != 0 {
			r.Trailer = fields
			return f.StreamEnded(), nil
		}
		status, err := strconv.Atoi(f.PseudoValue("status"))
		if err != nil || status < 100 || status > 999 {
			return false, fmt.Errorf("%.40q is no status", f.PseudoValue("status"))
		}
		head := statute.Response{Status: status, Proto: HTTP2, Fields: fields}
		if head.Class() == 1 && !f.StreamEnded() {
			if len(x.Interim) == maxInterim {
				return false, fmt.Errorf("more than %d interim responses", maxInterim)
			}
			x.Interim = append(x.Interim, head)
			return false, nil
		}
		*r = head
		return f.StreamEnded(), nil
	case *http2.DataFrame:
		if r.Status == 0 {
			return false, errors.New("content comes before the header section")
		}
		content := f.Data()
		r.Body.Size += int64(len(content))
		r.Body.Bytes = append(r.Body.Bytes, content[:min(len(content), keepContent-len(r.Body.Bytes))]...)
		r.Body.Cut = r.Body.Size > int64(len(r.Body.Bytes))
		return f.StreamEnded(), nil
	}
	return false, err
}
