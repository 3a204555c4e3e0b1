package respond_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/statute-http/statute/respond"
)

// TestContinue holds that the content of a request is asked for only when
// nothing speaks against it.
func TestContinue(t *testing.T) {
	s := newItems(t)
	w := serve(t, s.routes(s.api(t.Output())))
	tests := []struct{ name, request, want string }{
		{"good", raw("POST /private", valid, "Authorization: Bearer good", "Expect: 100-continue"), "100 201"},
		{"bad credentials", raw("POST /private", valid, "Authorization: Bearer bad", "Expect: 100-continue"), "401"},
		{"no credentials", raw("POST /private", valid, "Expect: 100-continue"), "401"},
		{"too large", raw("POST /items", valid, "Content-Length: 2097152", "Expect: 100-continue"), "413"},
		{"another type", raw("POST /items", valid, "Content-Type: text/plain", "Expect: 100-continue"), "415"},
		{"unwanted answer", raw("POST /items", valid, "Accept: text/plain", "Expect: 100-continue"), "406"},
		{"no condition", raw("PUT /items/1", valid, "Expect: 100-continue"), "428"},
		{"another method", raw("PATCH /items/1", valid, "Expect: 100-continue"), "405"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s.reset()
			head := strings.TrimSuffix(test.request, valid)
			conn := w.dial()
			if _, err := io.WriteString(conn, head); err != nil {
				t.Fatal(err)
			}
			request := head
			if strings.HasPrefix(test.want, "100") {
				r := bufio.NewReader(conn)
				if line, err := r.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100 ") {
					t.Fatalf("got %q (%v) before the content, want 100", line, err)
				}
				if _, err := r.ReadString('\n'); err != nil {
					t.Fatal(err)
				}
				if _, err := io.WriteString(conn, valid); err != nil {
					t.Fatal(err)
				}
				request += valid
			}
			x := w.receive(conn, request)
			if got := fmt.Sprint(x.Response.Status); got != strings.TrimPrefix(test.want, "100 ") || x.Interim != nil {
				t.Errorf("got %s after %d interim responses, want %s", got, len(x.Interim), test.want)
			}
		})
	}
}

func TestTooLarge(t *testing.T) {
	s := newItems(t)
	w := serve(t, s.routes(s.api(t.Output())))
	name := strings.Repeat("x", 2<<20)
	content := `{"name":"` + name + `","qty":1}`
	chunked := fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(content), content)
	most := `{"name":"` + strings.Repeat("x", 1<<20-len(`{"name":"","qty":1}`)) + `","qty":1}`
	tests := []struct {
		name, request string
		want          int
	}{
		{"declared", raw("POST /items", content), 413},
		{"that nobody asked for", raw("DELETE /items/1", content), 413},
		{"chunked", raw("POST /items", "", "Content-Type: application/json", "Transfer-Encoding: chunked") + chunked, 413},
		{"as much as is allowed", raw("POST /items", most), 201},
		{"a byte more", raw("POST /items", most+" "), 413},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			conn := w.dial()
			sent := make(chan struct{})
			go func() {
				defer close(sent)
				_, _ = io.WriteString(conn, test.request) // the server may close in the midst of it
			}()
			x := w.receive(conn, test.request)
			<-sent
			if x.Response.Status != test.want {
				t.Errorf("got %d, want %d", x.Response.Status, test.want)
			}
			if test.want == 413 && !x.Response.Fields.HasToken("Connection", "close") {
				t.Error("the connection stays open with content unread")
			}
		})
	}
}

// TestCutContent holds that content which breaks off or is malformed is a 400,
// whether In or the handler reads it.
func TestCutContent(t *testing.T) {
	s := newItems(t)
	mux := s.routes(s.api(t.Output()))
	mux.HandleFunc("POST /raw", func(r *http.Request) (respond.Outcome, error) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return respond.Outcome{}, fmt.Errorf("storing: %w", err)
		}
		return respond.NoContent(), nil
	})
	w := serve(t, mux)
	for _, request := range []string{
		raw("POST /items", valid, fmt.Sprintf("Content-Length: %d", len(valid)+10)),
		raw("POST /items", "", "Content-Type: application/json", "Transfer-Encoding: chunked") + "16\r\n" + valid[:10],
		raw("POST /items", "", "Content-Type: application/json", "Transfer-Encoding: chunked") + "x\r\n" + valid,
		raw("POST /raw", valid, fmt.Sprintf("Content-Length: %d", len(valid)+10)),
		raw("POST /raw", "", "Transfer-Encoding: chunked") + "16\r\n" + valid[:10],
		raw("POST /raw", "", "Transfer-Encoding: chunked") + "x\r\n" + valid,
	} {
		conn := w.dial()
		if _, err := io.WriteString(conn, request); err != nil {
			t.Fatal(err)
		}
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if x := w.receive(conn, request); x.Response.Status != 400 {
			t.Errorf("got %d, want 400", x.Response.Status)
		}
	}
	if s.last != 1 {
		t.Error("something was stored")
	}
}

func TestEarlyHints(t *testing.T) {
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.OK(1), nil
	}), respond.EarlyHints("</style.css>; rel=preload; as=style")))
	x := w.send("GET /thing", "")
	if len(x.Interim) != 1 || x.Interim[0].Status != 103 || !x.Interim[0].Fields.Has("Link") || x.Response.Fields.Has("Link") {
		t.Errorf("got interim responses %+v and %+v", x.Interim, x.Response.Fields)
	}
}
