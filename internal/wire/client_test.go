package wire

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/statute-http/statute"
)

// rawServer answers each request with what answer returns, byte for byte, and
// closes the connection when closes is set. It returns the client for it and
// the number of connections it took.
func rawServer(t *testing.T, closes bool, answer func(r *http.Request) string) (*Client, *atomic.Int32) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	var connections atomic.Int32
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			go func() {
				defer conn.Close()
				reader := bufio.NewReader(conn)
				for {
					r, err := http.ReadRequest(reader)
					if err != nil {
						return
					}
					io.Copy(io.Discard, r.Body)
					io.WriteString(conn, answer(r))
					if closes || r.Close {
						return
					}
				}
			}()
		}
	}()
	c := New(&url.URL{Scheme: "http", Host: listener.Addr().String()}, 2*time.Second)
	t.Cleanup(c.Close)
	return c, &connections
}

func ask(t *testing.T, c *Client, method string, fields ...statute.Field) *statute.Exchange {
	t.Helper()
	x := &statute.Exchange{Request: statute.Request{
		Method: method, Target: "/",
		Fields: append(statute.Fields{{Name: "Host", Value: c.Authority}}, fields...),
	}}
	if err := c.Do(context.Background(), x); err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	return x
}

func TestClientKeepsWhatCameOverTheWire(t *testing.T) {
	for _, test := range []struct {
		name, method, answer string
		closes               bool
		status               int
		body                 string
		fields               statute.Fields
	}{
		{
			"field lines in order and spelling", "GET", "HTTP/1.1 200 OK\r\nx-b: 1\r\nX-A: 2\r\nX-b: 3\r\nContent-Length: 2\r\n\r\nok", false, 200, "ok",
			statute.Fields{{Name: "x-b", Value: "1"}, {Name: "X-A", Value: "2"}, {Name: "X-b", Value: "3"}, {Name: "Content-Length", Value: "2"}},
		},
		{"content after HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", true, 200, "hello", nil},
		{"nothing after HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true, 200, "", nil},
		{"content after 204", "DELETE", "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\ngone", false, 204, "gone", nil},
		{"content after 304", "GET", "HTTP/1.1 304 Not Modified\r\n\r\nsame", false, 304, "same", nil},
		{"a redirect is not followed", "GET", "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", false, 302, "", nil},
		{"until the connection closes", "GET", "HTTP/1.0 200 OK\r\n\r\nall of it", true, 200, "all of it", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, _ := rawServer(t, test.closes, func(*http.Request) string { return test.answer })
			var extra []statute.Field
			if test.method == "HEAD" {
				extra = append(extra, statute.Field{Name: "Connection", Value: "close"})
			}
			x := ask(t, c, test.method, extra...)
			if x.Response.Status != test.status || string(x.Response.Body.Bytes) != test.body || x.Error != "" {
				t.Errorf("got %d %q, error %q, want %d %q", x.Response.Status, x.Response.Body.Bytes, x.Error, test.status, test.body)
			}
			if test.fields != nil && fmt.Sprint(x.Response.Fields) != fmt.Sprint(test.fields) {
				t.Errorf("fields: got %v, want %v", x.Response.Fields, test.fields)
			}
		})
	}
}

func TestClientInterim(t *testing.T) {
	c, _ := rawServer(t, false, func(*http.Request) string {
		return "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	})
	x := ask(t, c, "GET")
	if len(x.Interim) != 1 || x.Interim[0].Status != 103 || x.Response.Status != 200 {
		t.Errorf("got interim %v and final %d, want a 103 and 200", x.Interim, x.Response.Status)
	}
}

func TestClientReusesConnections(t *testing.T) {
	c, connections := rawServer(t, false, func(*http.Request) string { return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" })
	ask(t, c, "GET")
	for range 5 {
		ask(t, c, "GET")
		ask(t, c, "POST", statute.Field{Name: "Content-Length", Value: "0"})
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("11 exchanges took %d connections, want 1", n)
	}
}

// A connection on which more came than the message says is not used again: the
// rest must not be taken for the next answer.
func TestClientNeverMixesAnswers(t *testing.T) {
	c, connections := rawServer(t, false, func(*http.Request) string {
		return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
	})
	for range 3 {
		if x := ask(t, c, "GET"); x.Response.Status != 200 {
			t.Fatalf("got %d, want 200", x.Response.Status)
		}
	}
	if n := connections.Load(); n != 3 {
		t.Errorf("3 exchanges took %d connections, want 3", n)
	}
}

// A server may close an idle connection at any time; nothing is lost by that,
// and nothing unsafe is sent twice.
func TestClientMeetsClosedConnections(t *testing.T) {
	var requests atomic.Int32
	c, _ := rawServer(t, true, func(*http.Request) string {
		requests.Add(1)
		return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	})
	for _, method := range []string{"GET", "GET", "POST", "POST", "GET"} {
		x := ask(t, c, method, statute.Field{Name: "Content-Length", Value: "0"})
		if x.Response.Status != 200 {
			t.Fatalf("%s: got %d, %s", method, x.Response.Status, x.Error)
		}
	}
	if n := requests.Load(); n != 5 {
		t.Errorf("server saw %d requests, want 5", n)
	}
}

func TestClientErrors(t *testing.T) {
	for _, test := range []struct{ name, answer, want string }{
		{"closed without an answer", "", "connection closed without an answer"},
		{"cut off", "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\ntwelve bytes", "content ended after 12 of 40 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, _ := rawServer(t, true, func(*http.Request) string { return test.answer })
			if x := ask(t, c, "GET"); !strings.Contains(x.Error, test.want) {
				t.Errorf("got error %q, want %q", x.Error, test.want)
			}
		})
	}
	t.Run("no answer in time", func(t *testing.T) {
		hang := make(chan struct{})
		s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
		defer s.Close()
		defer close(hang)
		base, _ := url.Parse(s.URL)
		c := New(base, 50*time.Millisecond)
		if x := ask(t, c, "GET"); x.Error != "timeout: no answer within 50ms" {
			t.Errorf("got error %q", x.Error)
		}
	})
	t.Run("nobody there", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listener.Close()
		c := New(&url.URL{Scheme: "http", Host: listener.Addr().String()}, time.Second)
		if err := c.Do(context.Background(), &statute.Exchange{Request: statute.Request{Method: "GET", Target: "/"}}); err == nil {
			t.Error("want an error")
		}
	})
	t.Run("interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		c, _ := rawServer(t, false, func(*http.Request) string { cancel(); return "" })
		x := &statute.Exchange{Request: statute.Request{Method: "GET", Target: "/", Fields: statute.Fields{{Name: "Host", Value: "a"}}}}
		if err := c.Do(ctx, x); err != nil || x.Error != "interrupted" {
			t.Errorf("got %v, error %q, want interrupted", err, x.Error)
		}
	})
}

// A server that answers and closes before it has read a large request: the
// answer counts.
func TestClientEarlyAnswer(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	}))
	defer s.Close()
	base, _ := url.Parse(s.URL)
	c := New(base, 5*time.Second)
	content := []byte(strings.Repeat("x", 8<<20))
	x := &statute.Exchange{Request: statute.Request{
		Method: "POST", Target: "/",
		Fields: statute.Fields{{Name: "Host", Value: base.Host}, {Name: "Content-Length", Value: fmt.Sprint(len(content))}},
		Body:   statute.Body{Bytes: content},
	}}
	if err := c.Do(context.Background(), x); err != nil {
		t.Fatal(err)
	}
	if x.Response.Status != 413 {
		t.Errorf("got %d, %q, want 413", x.Response.Status, x.Error)
	}
}

func TestClientTLS(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	base, _ := url.Parse(s.URL)
	c := New(base, time.Second)
	err := c.Do(context.Background(), &statute.Exchange{Request: statute.Request{Method: "GET", Target: "/"}})
	if err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("got %v, want an error about the certificate", err)
	}
}

// TestSound holds that nothing a description or an answer says can turn one
// request into two.
func TestSound(t *testing.T) {
	ok := statute.Request{Method: "GET", Target: "/", Fields: statute.Fields{{Name: "A", Value: "b c"}}}
	if err := sound(&ok); err != nil {
		t.Error(err)
	}
	for _, bad := range []statute.Request{
		{Method: "GET", Target: "/ HTTP/1.1\r\nA: b"},
		{Method: "GET\r\n", Target: "/"},
		{Method: "GET", Target: ""},
		{Method: "GET", Target: "/", Fields: statute.Fields{{Name: "A", Value: "b\r\n\r\nDELETE / HTTP/1.1"}}},
		{Method: "GET", Target: "/", Fields: statute.Fields{{Name: "A:\nB", Value: "b"}}},
		{Method: "GET", Target: "/", Fields: statute.Fields{{Name: "transfer-encoding", Value: "chunked"}}},
		{Method: "GET", Target: "/", Fields: statute.Fields{{Name: "Content-Length", Value: "3"}}},
	} {
		if sound(&bad) == nil {
			t.Errorf("%+v passes", bad)
		}
	}
	c, connections := rawServer(t, false, func(*http.Request) string { return "HTTP/1.1 200 OK\r\n\r\n" })
	x := &statute.Exchange{Request: statute.Request{Method: "GET", Target: "/\r\n"}}
	if err := c.Do(context.Background(), x); err != nil || !strings.HasPrefix(x.Error, "not sent") || connections.Load() > 0 {
		t.Errorf("got %v, %q, %d connections", err, x.Error, connections.Load())
	}
}
