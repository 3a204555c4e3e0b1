package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/quic-go/quic-go/http3"

	"github.com/statute-http/statute"
)

// post is an exchange with content that is framed by the fields.
func post(c *Client, content string, fields ...statute.Field) *statute.Exchange {
	return &statute.Exchange{Request: statute.Request{
		Method: "POST", Target: "/orders?a=%2F",
		Fields: append(statute.Fields{{Name: "Host", Value: c.Authority}}, fields...),
		Body:   statute.Body{Bytes: []byte(content), Size: int64(len(content))},
	}}
}

func TestClientChunks(t *testing.T) {
	for _, content := range []string{"call the smith", "x"} {
		c, connections := rawServer(t, false, func(r *http.Request) string {
			return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSeen: %v %d\r\n\r\n", r.TransferEncoding, r.ContentLength)
		})
		for range 2 {
			x := post(c, content, statute.Field{Name: "Transfer-Encoding", Value: "chunked"})
			if err := c.Do(t.Context(), x); err != nil || x.Error != "" || x.Response.Fields.Get("Seen") != "[chunked] -1" {
				t.Errorf("got %v, %q, %v", err, x.Error, x.Response)
			}
		}
		if n := connections.Load(); n != 2 {
			t.Errorf("got %d connections, want one for each", n)
		}
	}
	if got, want := string(inChunks([]byte("abcde"))), "2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestClientExpects holds that content goes after a 100 or a wait, and not after a
// final answer.
func TestClientExpects(t *testing.T) {
	const final = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
	for _, test := range []struct {
		name, first string // what the server answers to the header section
		status      int
		sent, waits bool
	}{
		{"100", "HTTP/1.1 100 Continue\r\n\r\n", 201, true, false},
		{"a hint before", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n", 201, true, false},
		{"a final answer", "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n", 413, false, false},
		{"silence", "", 201, true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			got := make(chan string, 1)
			go func() {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				reader := bufio.NewReader(conn)
				request, err := http.ReadRequest(reader)
				if err != nil {
					return
				}
				io.WriteString(conn, test.first)
				content, _ := io.ReadAll(request.Body)
				got <- string(content)
				io.WriteString(conn, final)
			}()
			c := New(&url.URL{Scheme: "http", Host: listener.Addr().String()}, 5*time.Second)
			x := post(c, "hello", statute.Field{Name: "Content-Length", Value: "5"}, statute.Field{Name: "Expect", Value: "100-continue"})
			if err := c.Do(t.Context(), x); err != nil || x.Error != "" || x.Response.Status != test.status {
				t.Fatalf("got %v, %q, %d", err, x.Error, x.Response.Status)
			}
			if content := <-got; (content == "hello") != test.sent {
				t.Errorf("the server read %q", content)
			}
			if waited := x.Took >= continueWait; waited != test.waits {
				t.Errorf("took %v", x.Took)
			}
		})
	}
}

func length(value string) statute.Field { return statute.Field{Name: "Content-Length", Value: value} }

// TestContradiction holds that framing which contradicts itself goes only with
// requests that are about it, and with no content.
func TestContradiction(t *testing.T) {
	two := []statute.Field{length("0"), length("none")}
	about := &statute.Case{Cause: statute.BadFraming}
	for _, test := range []struct {
		name   string
		method string
		body   string
		why    *statute.Case
		fields []statute.Field
		sent   bool
	}{
		{"about it", "GET", "", about, two, true},
		{"about something else", "GET", "", &statute.Case{Cause: statute.Valid}, two, false},
		{"recorded", "GET", "", nil, two, false},
		{"with content", "GET", "x", about, two, false},
		{"unsafe", "POST", "", about, two, false},
		{"in chunks", "GET", "", about, append([]statute.Field{{Name: "Transfer-Encoding", Value: "chunked"}}, two...), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, _ := rawServer(t, false, func(*http.Request) string { return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" })
			x := post(c, test.body, test.fields...)
			x.Request.Method, x.Case = test.method, test.why
			if err := c.Do(t.Context(), x); err != nil {
				t.Fatal(err)
			}
			if sent := !strings.HasPrefix(x.Error, "not sent"); sent != test.sent {
				t.Errorf("sent: %v, %q", sent, x.Error)
			}
		})
	}
}

// mirror answers with what it was sent, after a hint.
func mirror(w http.ResponseWriter, r *http.Request) {
	content, _ := io.ReadAll(r.Body)
	w.Header().Set("Link", "</a.css>")
	w.WriteHeader(http.StatusEarlyHints)
	w.Header().Del("Link")
	w.Header().Set("X-Seen", fmt.Sprintf("%s %s %s %s", r.Proto, r.Host, r.RequestURI, r.Header))
	w.Header().Set("Trailer", "X-Sum")
	w.WriteHeader(http.StatusCreated)
	w.Write(content)
	w.Header().Set("X-Sum", strconv.Itoa(len(content)))
}

// laterServers serves a handler over HTTP/2, with and without TLS, and HTTP/3, and
// returns a client for each with its protocol.
func laterServers(t *testing.T, handler http.Handler) map[string]*Client {
	t.Helper()
	quiet := log.New(io.Discard, "", 0)
	serve := func(start func(*httptest.Server)) *Client {
		s := httptest.NewUnstartedServer(handler)
		s.Config.ErrorLog = quiet
		start(s)
		t.Cleanup(s.Close)
		base, err := url.Parse(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		c := New(base, 5*time.Second)
		if s.Certificate() != nil {
			roots := x509.NewCertPool()
			roots.AddCert(s.Certificate())
			c.TLS = &tls.Config{RootCAs: roots}
		}
		return c
	}
	plain := serve(func(s *httptest.Server) {
		s.Config.Protocols = new(http.Protocols)
		s.Config.Protocols.SetUnencryptedHTTP2(true)
		s.Start()
	})
	var certificates []tls.Certificate
	secured := serve(func(s *httptest.Server) {
		s.EnableHTTP2 = true
		s.StartTLS()
		certificates = s.TLS.Certificates
	})
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	quic := &http3.Server{Handler: handler, TLSConfig: http3.ConfigureTLSConfig(&tls.Config{Certificates: certificates})}
	served := make(chan error, 1)
	go func() { served <- quic.Serve(socket) }()
	t.Cleanup(func() {
		quic.Close()
		<-served
		socket.Close()
	})
	third := New(&url.URL{Scheme: "https", Host: socket.LocalAddr().String()}, 5*time.Second)
	third.TLS = secured.TLS
	return map[string]*Client{"HTTP/2": secured, "HTTP/2 without TLS": plain, "HTTP/3": third}
}

// protoOf returns the protocol that a name of laterServers begins with.
func protoOf(name string) string {
	proto, _, _ := strings.Cut(name, " ")
	return proto
}

func TestLaterVersions(t *testing.T) {
	content := strings.Repeat("0123456789", 40_000) // more than one window
	for name, c := range laterServers(t, http.HandlerFunc(mirror)) {
		t.Run(name, func(t *testing.T) {
			proto := protoOf(name)
			x := post(c, content,
				length(strconv.Itoa(len(content))), statute.Field{Name: "X-A", Value: "1"}, statute.Field{Name: "User-Agent", Value: "statute"},
				statute.Field{Name: "Connection", Value: "close"})
			x.Request.Proto = proto
			if err := c.Do(t.Context(), x); err != nil || x.Error != "" {
				t.Fatalf("got %v, %q", err, x.Error)
			}
			if x.Response.Status != 201 || x.Response.Proto != proto || x.Request.Proto != proto || x.Seen.Has(statute.SeenWire) {
				t.Errorf("got %d, %s to %s, seen: %v", x.Response.Status, x.Response.Proto, x.Request.Proto, x.Seen)
			}
			body := x.Response.Body
			if body.Size != int64(len(content)) || !body.Cut || string(body.Bytes) != content[:keepContent] {
				t.Errorf("got %d bytes, kept %d, cut %v", body.Size, len(body.Bytes), body.Cut)
			}
			want := fmt.Sprintf("%s.0 %s /orders?a=%%2F map[Content-Length:[%d] User-Agent:[statute] X-A:[1]]", proto, c.Authority, len(content))
			if got := x.Response.Fields.Get("x-seen"); got != want {
				t.Errorf("the server saw %s, want %s", got, want)
			}
			if x.Request.Fields.Has("Connection") {
				t.Error("the exchange shows a field that was not carried")
			}
			if diff := cmp.Diff([]int{103}, statuses(x.Interim)); diff != "" {
				t.Error(diff)
			}
			if got := x.Response.Trailer.Get("x-sum"); got != strconv.Itoa(len(content)) {
				t.Errorf("trailer: got %q", got)
			}
		})
	}
}

func statuses(all []statute.Response) (codes []int) {
	for _, r := range all {
		codes = append(codes, r.Status)
	}
	return codes
}

func TestLaterVersionsTimeOut(t *testing.T) {
	hang := make(chan struct{})
	clients := laterServers(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	}))
	defer close(hang)
	for name, c := range clients {
		t.Run(name, func(t *testing.T) {
			c.Timeout = 300 * time.Millisecond
			x := post(c, "")
			x.Request.Method, x.Request.Proto = "GET", protoOf(name)
			if err := c.Do(t.Context(), x); err != nil || x.Error != "timeout: no answer within 300ms" {
				t.Errorf("got %v, %q", err, x.Error)
			}
			c.Timeout = 5 * time.Second
			ctx, cancel := context.WithCancel(t.Context())
			x = post(c, "")
			x.Request.Method, x.Request.Proto = "GET", protoOf(name)
			time.AfterFunc(200*time.Millisecond, cancel)
			if err := c.Do(ctx, x); err != nil && ctx.Err() == nil || err == nil && x.Error != "interrupted" {
				t.Errorf("got %v, %q", err, x.Error)
			}
		})
	}
}

// TestSpeaks holds that what a server does not speak is told from what it does,
// and is no answer.
func TestSpeaks(t *testing.T) {
	for name, c := range laterServers(t, http.NotFoundHandler()) {
		if !c.Speaks(t.Context(), protoOf(name)) {
			t.Errorf("%s: not spoken", name)
		}
	}
	for _, secured := range []bool{false, true} {
		s := httptest.NewUnstartedServer(http.NotFoundHandler())
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		roots := x509.NewCertPool()
		if secured {
			s.StartTLS() // without HTTP/2
			roots.AddCert(s.Certificate())
		} else {
			s.Start()
		}
		defer s.Close()
		base, _ := url.Parse(s.URL)
		c := New(base, 500*time.Millisecond)
		c.TLS = &tls.Config{RootCAs: roots}
		for _, proto := range []string{HTTP2, HTTP3} {
			if c.Speaks(t.Context(), proto) {
				t.Errorf("%s: %s is spoken", s.URL, proto)
			}
			x := post(c, "")
			x.Request.Proto = proto
			if err := c.Do(t.Context(), x); err == nil || x.Response.Status != 0 {
				t.Errorf("%s: got %v, %d", s.URL, err, x.Response.Status)
			} else {
				t.Log(err)
			}
		}
	}
}

// TestHostileHTTP2 holds that frames which make no sense are one error.
func TestHostileHTTP2(t *testing.T) {
	settings := "\x00\x00\x00\x04\x00\x00\x00\x00\x00"
	for _, test := range []struct{ name, answer, want string }{
		{"nothing after the settings", settings, "connection closed without an answer"},
		{"the connection ends", settings + "\x00\x00\x08\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0b", "ENHANCE_YOUR_CALM"},
		{"the stream is reset", settings + "\x00\x00\x04\x03\x00\x00\x00\x00\x01\x00\x00\x00\x0d", "HTTP_1_1_REQUIRED"},
		{"no status", settings + "\x00\x00\x00\x01\x05\x00\x00\x00\x01", "is no status"},
		{"content before the header section", settings + "\x00\x00\x02\x00\x01\x00\x00\x00\x01ok", "content comes before"},
		{"a frame without end", settings + "\xff\xff\xff\x01\x05\x00\x00\x00\x01", "frame too large"},
		{"another stream", settings + "\x00\x00\x01\x01\x05\x00\x00\x00\x03\x88", "which was not opened"},
	} {
		t.Run(test.name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			go func() {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				io.WriteString(conn, test.answer)
				conn.(*net.TCPConn).CloseWrite()
				io.Copy(io.Discard, conn)
			}()
			c := New(&url.URL{Scheme: "http", Host: listener.Addr().String()}, 5*time.Second)
			x := post(c, "")
			x.Request.Proto = HTTP2
			if err := c.Do(t.Context(), x); err != nil || !strings.Contains(x.Error, test.want) {
				t.Errorf("got %v, %q, want %q", err, x.Error, test.want)
			}
		})
	}
}
