package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/statute-http/statute"
)

// The bounds of a probe.
const (
	patience = 5 * time.Second
	keep     = 4 << 20 // bytes of content
)

// answer is what came over the wire.
type answer struct {
	interim []int
	code    int // 0 for none
	fields  statute.Fields
	content string
	broken  bool // the message is not whole
	log     string
}

func (a answer) mediaType() string { return statute.MediaType(a.fields.Get("Content-Type")) }

// String returns the answer as a cell of the table: "401 problem".
func (a answer) String() string {
	var b strings.Builder
	for _, code := range a.interim {
		fmt.Fprintf(&b, "%d, ", code)
	}
	if a.code == 0 {
		b.WriteString("nothing")
		return b.String()
	}
	fmt.Fprint(&b, a.code)
	switch mediaType := a.mediaType(); {
	case a.content == "":
	case mediaType == "application/problem+json":
		b.WriteString(" problem")
	case strings.HasSuffix(mediaType, "json"):
		b.WriteString(" json")
	default:
		b.WriteString(" " + strings.TrimPrefix(strings.TrimPrefix(mediaType, "text/"), "application/"))
	}
	if a.broken {
		b.WriteString(", broken off")
	}
	return b.String()
}

// leak returns what an answer tells of the server's inside, or "".
func (a answer) leak() string {
	for _, l := range []struct{ text, what string }{
		{"hunter2", "a password"},
		{"s3cret", "the rejected value"},
		{"main.", "a Go type"},
		{"Go value", "a Go type"},
		{"Go struct", "a Go type"},
		{"newItem", "a Go type"},
		{"strconv.", "a Go function"},
		{"sql: ", "the database's words"},
		{"context deadline", "Go's words"},
		{"dial tcp", "an address"},
	} {
		if strings.Contains(a.content, l.text) {
			return l.what
		}
	}
	return ""
}

// journal is a log that may be written and read at the same time.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

// ask starts a server and sends it the requests of a probe, each over a
// connection of its own. The last answer counts.
func ask(p probe, to server) (last answer, err error) {
	refusing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return answer{}, err
	}
	refusing.Close() // from now on the address refuses connections
	e := &environment{
		items: newStore(), upstream: refusing.Addr().String(), log: new(journal), needs: p.needs,
		started: make(chan struct{}, 1), finish: make(chan struct{}), done: make(chan struct{}, 1),
	}
	s := httptest.NewServer(to.handler(e))
	defer s.Close()
	defer func() {
		close(e.finish)
		for _, conn := range e.open {
			conn.Close()
		}
	}()
	address := s.Listener.Addr().String()
	for _, step := range p.steps {
		if last, err = step.send(address, p.method, e); err != nil {
			return answer{}, err
		}
	}
	last.log = e.log.String()
	return last, nil
}

// step is one request of a probe.
type step struct {
	raw  string
	then string // what is sent after a 100
	how  int
}

// How a request is sent.
const (
	plainly = iota
	cut     // the client ends the connection's writing side behind it
	gone    // the client is gone before there is an answer
	running // the answer is not waited for
)

// send sends the request of a step and reads the answer.
func (s step) send(address, method string, e *environment) (a answer, err error) {
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return answer{}, err
	}
	if s.how == running {
		e.open = append(e.open, conn)
	} else {
		defer conn.Close()
	}
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return answer{}, err
	}
	_, _ = io.WriteString(conn, s.raw) // the answer may come before all is written
	switch s.how {
	case cut:
		_ = conn.(*net.TCPConn).CloseWrite()
	case gone, running:
		if err := e.wait(e.started); err != nil {
			return answer{}, err
		}
		if s.how == gone {
			conn.Close()
			err = e.wait(e.done)
		}
		return answer{}, err
	}
	r := bufio.NewReader(conn)
	for {
		response, err := statute.ReadResponse(r, method, keep)
		if response == nil {
			return a, nil
		}
		if response.Class() == 1 {
			a.interim = append(a.interim, response.Status)
			_, _ = io.WriteString(conn, s.then)
			continue
		}
		a.code, a.fields, a.content, a.broken = response.Status, response.Fields, string(response.Body.Bytes), err != nil
		return a, nil
	}
}

// probe is a row of the table.
type probe struct {
	name   string
	wanted string // for the reader
	needs  string // what not every library offers; "" if all can be asked
	method string
	steps  []step
	codes  []int
	fields []string // "Allow: GET, HEAD", or "Allow" if any value will do; "-Allow" must not be there
	check  func(answer) string
}

// wrong says what is wrong with an answer beside its code, and "" if nothing is.
func (p probe) wrong(a answer) string {
	if p.check != nil {
		return p.check(a)
	}
	if !slices.Contains(p.codes, a.code) {
		return "wrong code"
	}
	for _, field := range p.fields {
		name, value, exact := strings.Cut(field, ": ")
		if name, ok := strings.CutPrefix(name, "-"); ok {
			if a.fields.Has(name) {
				return "with " + name
			}
			continue
		}
		got := a.fields.Get(name)
		switch {
		case got == "":
			return "no " + name
		case exact && !strings.EqualFold(strings.ReplaceAll(got, " ", ""), strings.ReplaceAll(value, " ", "")):
			return "`" + name + ": " + got + "`"
		}
	}
	if a.broken {
		return "broken off"
	}
	return ""
}

// raw returns a request as it goes over the wire. Host is added, and for content
// its type and length unless the fields have them. A field "-Name" leaves that one
// out.
func raw(line, content string, fields ...string) string {
	all := []string{"Host: api.example"}
	if content != "" {
		all = append(all, "Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(content)))
	}
	for _, field := range fields {
		name, _, _ := strings.Cut(strings.TrimPrefix(field, "-"), ":")
		all = slices.DeleteFunc(all, func(other string) bool { return strings.HasPrefix(other, name+":") })
		if !strings.HasPrefix(field, "-") {
			all = append(all, field)
		}
	}
	return line + " HTTP/1.1\r\n" + strings.Join(all, "\r\n") + "\r\n\r\n" + content
}

// errStuck says that a handler was not entered or left in time.
var errStuck = errors.New("the handler does not move")

// wait waits for a handler.
func (e *environment) wait(moved <-chan struct{}) error {
	select {
	case <-moved:
		return nil
	case <-time.After(patience):
		return errStuck
	}
}

// watched tells when the handler has left.
func (e *environment) watched(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			select {
			case e.done <- struct{}{}:
			default:
			}
		}()
		h.ServeHTTP(w, r)
	})
}

// canceled waits until the client is gone.
func (e *environment) canceled(ctx context.Context) error {
	e.started <- struct{}{}
	<-ctx.Done()
	return ctx.Err()
}
