package respond_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/respond"
	"github.com/statute-http/statute/rules"
)

// wire is a server under test. All that comes over the wire is judged: when the
// test ends, there must be no finding.
type wire struct {
	t      *testing.T
	server *httptest.Server
	judge  *statute.Judge
	sent   int

	reports []string // programming errors
}

// serve serves a handler until the test ends.
func serve(t *testing.T, h http.Handler) *wire {
	t.Helper()
	w := &wire{t: t, judge: statute.NewJudge(rules.All)}
	w.server = httptest.NewUnstartedServer(h)
	w.server.Config.ErrorLog = nil
	w.server.Config.BaseContext = func(net.Listener) context.Context {
		return respond.WithReport(context.Background(), func(err error) { w.reports = append(w.reports, err.Error()) })
	}
	w.server.Start()
	t.Cleanup(func() {
		w.server.Close()
		for _, f := range w.judge.Verdict().Findings {
			if f.Rule.ID == "error-without-content" && f.Status == 417 {
				continue // net/http answers before any handler
			}
			t.Errorf("%s: %s, %s %s answered %d", f.Rule.ID, f.Message, f.Operation.Method, f.Path, f.Status)
		}
	})
	return w
}

// dial opens a connection.
func (w *wire) dial() net.Conn {
	w.t.Helper()
	conn, err := net.Dial("tcp", w.server.Listener.Addr().String())
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		w.t.Fatal(err)
	}
	return conn
}

// raw returns a request as it goes over the wire. Host is added, and for
// content its type and length unless the fields have them. A field "-Name"
// leaves that one out.
func raw(line, content string, fields ...string) string {
	all := []string{"Host: api.example"}
	if content != "" {
		all = append(all, "Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(content)))
	}
	for _, field := range fields {
		name, _, _ := strings.Cut(strings.TrimPrefix(field, "-"), ":")
		if name != "Authorization" {
			all = slices.DeleteFunc(all, func(other string) bool { return strings.HasPrefix(other, name+":") })
		}
		if !strings.HasPrefix(field, "-") {
			all = append(all, field)
		}
	}
	return line + " HTTP/1.1\r\n" + strings.Join(all, "\r\n") + "\r\n\r\n" + content
}

// send sends a request over a connection of its own and judges the answer.
func (w *wire) send(line, content string, fields ...string) *statute.Exchange {
	w.t.Helper()
	return w.sendRaw(raw(line, content, fields...))
}

func (w *wire) sendRaw(request string) *statute.Exchange {
	w.t.Helper()
	conn := w.dial()
	if _, err := io.WriteString(conn, request); err != nil {
		w.t.Fatal(err)
	}
	return w.receive(conn, request)
}

// receive reads the answer to a request and judges it.
func (w *wire) receive(conn net.Conn, request string) *statute.Exchange {
	w.t.Helper()
	sent, err := statute.ReadRequest(bufio.NewReader(strings.NewReader(request)), 4<<20)
	if sent == nil {
		w.t.Fatal(err)
	}
	x := &statute.Exchange{
		Source: statute.Source{Entry: w.sent}, Seen: statute.SeenAll, Request: *sent, Start: time.Now(),
	}
	w.sent++
	r := bufio.NewReader(conn)
	for {
		response, err := statute.ReadResponse(r, sent.Method, 4<<20)
		if err != nil {
			x.Error = err.Error()
		}
		if response == nil {
			break
		}
		if response.Class() == 1 && response.Status != 101 {
			x.Interim = append(x.Interim, *response)
			continue
		}
		x.Response = *response
		if extra := r.Buffered(); extra > 0 && response.Status != 101 {
			w.t.Errorf("%d bytes after the answer", extra)
		}
		break
	}
	w.judge.See(x)
	return x
}

// text returns an answer as a test states it: interim codes and code, the named
// fields that it has, and the content.
func text(x *statute.Exchange, names ...string) string {
	var b bytes.Buffer
	for _, interim := range x.Interim {
		fmt.Fprintf(&b, "%d ", interim.Status)
	}
	if x.Response.Status == 0 {
		b.WriteString("nothing")
		return b.String()
	}
	fmt.Fprintf(&b, "%d", x.Response.Status)
	for _, name := range names {
		for value := range x.Response.Fields.Values(name) {
			fmt.Fprintf(&b, "\n%s: %s", name, value)
		}
	}
	if !x.Response.Body.Empty() {
		id := x.Response.Fields.Get("X-Request-Id")
		fmt.Fprintf(&b, "\n%s", strings.ReplaceAll(string(x.Response.Body.Bytes), id, "ID"))
	}
	return b.String()
}

// log is a log that may be written and read at the same time.
type log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// waitFor waits until a condition holds that something else brings about.
func waitFor(t *testing.T, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it did not come about")
		}
	}
}
