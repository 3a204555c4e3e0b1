package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"

	"github.com/statute-http/statute"
)

// overHTTP3 does what Client.Do says over HTTP/3, on a connection of its own to
// the port that the server has for the others. The order of the fields and what
// is wrong with frames is hidden by the library.
func (c *Client) overHTTP3(ctx context.Context, x *statute.Exchange) error {
	ctx, cancel := context.WithDeadline(ctx, x.Start.Add(c.Timeout))
	defer cancel()
	conn, err := c.dialHTTP3(ctx)
	if err != nil {
		return err
	}
	defer conn.close()
	x.Seen = seenLater
	x.Request.Fields = carried(x.Request.Fields)
	if err := conn.exchange(ctx, x); err != nil {
		x.Response.Body.Cut = x.Response.Status != 0
		x.Error = c.explain(ctx, err)
	}
	return nil
}

// http3Connection is a connection for one exchange over HTTP/3.
type http3Connection struct {
	quic   *quic.Conn
	socket net.PacketConn
}

// socket is a UDP socket that keeps the buffers it has: where they cannot be made
// larger, the library would print that.
type socket struct{ net.PacketConn }

func (socket) SetReadBuffer(int) error  { return nil }
func (socket) SetWriteBuffer(int) error { return nil }

// dialHTTP3 opens a connection over which the server has agreed to speak HTTP/3
// (RFC 9114, 3.2).
func (c *Client) dialHTTP3(ctx context.Context) (*http3Connection, error) {
	if c.Scheme != "https" || c.Dial != nil {
		return nil, fmt.Errorf("%s does not speak HTTP/3: that goes over TLS and UDP alone", c.Address)
	}
	address, err := net.ResolveUDPAddr("udp", c.Address)
	if err != nil {
		return nil, err
	}
	opened, err := net.ListenUDP("udp", nil)
	if err != nil {
		return nil, err
	}
	conn, err := quic.Dial(ctx, socket{opened}, address, c.offering(http3.NextProtoH3), &quic.Config{HandshakeIdleTimeout: c.Timeout})
	if err != nil {
		opened.Close()
		if certificate := (*tls.CertificateVerificationError)(nil); errors.As(err, &certificate) {
			return nil, fmt.Errorf("TLS handshake with %s: %w", c.Address, certificate)
		}
		return nil, fmt.Errorf("%s does not speak HTTP/3: %s", c.Address, c.explain(ctx, err))
	}
	return &http3Connection{conn, opened}, nil
}

func (c *http3Connection) close() {
	c.quic.CloseWithError(quic.ApplicationErrorCode(http3.ErrCodeNoError), "")
	c.socket.Close()
}

// exchange sends the request of x and reads the answer into x.
func (c *http3Connection) exchange(ctx context.Context, x *statute.Exchange) error {
	interim := make(chan statute.Response, maxInterim)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: func(status int, header textproto.MIMEHeader) error {
		select {
		case interim <- statute.Response{Status: status, Proto: HTTP3, Fields: fieldsOf(http.Header(header))}:
			return nil
		default:
			return fmt.Errorf("more than %d interim responses", maxInterim)
		}
	}})
	response, err := (&http3.Transport{DisableCompression: true, MaxResponseHeaderBytes: maxSection}).NewClientConn(c.quic).RoundTrip(requestOf(&x.Request).WithContext(ctx))
	for range len(interim) {
		x.Interim = append(x.Interim, <-interim)
	}
	if err != nil {
		return err
	}
	defer response.Body.Close()
	x.Response = statute.Response{Status: response.StatusCode, Proto: HTTP3, Fields: fieldsOf(response.Header)}
	body := &x.Response.Body
	body.Bytes, err = io.ReadAll(io.LimitReader(response.Body, keepContent))
	body.Size = int64(len(body.Bytes))
	if err == nil {
		var rest int64
		rest, err = io.Copy(io.Discard, response.Body)
		body.Size, body.Cut = body.Size+rest, rest > 0
	}
	x.Response.Trailer = fieldsOf(response.Trailer)
	return err
}

// requestOf returns a request as the library takes it. Its target goes as it is.
func requestOf(r *statute.Request) *http.Request {
	request := &http.Request{
		Method: r.Method,
		Host:   r.Authority,
		URL:    &url.URL{Scheme: r.Scheme, Host: r.Authority},
		Header: http.Header{"User-Agent": nil}, // none but that given
	}
	if host, ok := r.Fields.Lookup("Host"); ok {
		request.Host = host
	}
	request.URL.Opaque = "//" + request.Host + r.Target
	for _, f := range r.Fields {
		if !strings.EqualFold(f.Name, "Host") {
			request.Header.Add(f.Name, f.Value)
		}
	}
	if content := r.Body.Bytes; len(content) > 0 {
		request.Body, request.ContentLength = io.NopCloser(bytes.NewReader(content)), int64(len(content))
	}
	return request
}

// fieldsOf returns the field lines of a header, sorted by name, as they go over
// the wire: in lower case (RFC 9114, 4.2).
func fieldsOf(header http.Header) statute.Fields {
	var fields statute.Fields
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			fields = append(fields, statute.Field{Name: strings.ToLower(name), Value: value})
		}
	}
	return fields
}
