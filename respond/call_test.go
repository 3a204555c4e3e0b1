package respond_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/statute-http/statute/respond"
)

func TestClientGone(t *testing.T) {
	var written log
	s := newItems(t)
	w := serve(t, s.routes(s.api(&written)))
	conn := w.dial()
	if _, err := io.WriteString(conn, raw("GET /err/canceled", "")); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	waitFor(t, func() bool { return strings.Contains(written.String(), "status=499") })
}

func TestPanicAfterFirstByte(t *testing.T) {
	var written log
	s := newItems(t)
	w := serve(t, s.routes(s.api(&written)))
	x := w.send("GET /err/panic-late", "")
	if x.Response.Status != 200 || x.Error == "" {
		t.Errorf("got %d and %q, want a broken 200", x.Response.Status, x.Error)
	}
	if !strings.Contains(written.String(), "panic: late") {
		t.Error("the panic is not in the log")
	}
}

// TestClientGoneIsNoFailure holds that what a client broke by leaving is not
// logged as an error of the server.
func TestClientGoneIsNoFailure(t *testing.T) {
	var written log
	api := &respond.API{Logger: slog.New(slog.NewTextHandler(&written, nil))}
	started := make(chan struct{})
	w := serve(t, route(api, respond.HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		close(started)
		<-r.Context().Done()
		return respond.Outcome{}, respond.BadGateway(errors.New("asking: context canceled"))
	})))
	conn := w.dial()
	if _, err := io.WriteString(conn, raw("GET /thing", "")); err != nil {
		t.Fatal(err)
	}
	<-started
	conn.Close()
	waitFor(t, func() bool { return strings.Contains(written.String(), "status=502") })
	if !strings.Contains(written.String(), "level=INFO") {
		t.Error(written.String())
	}
}
