package respond_test

import (
	"io"
	"strings"
	"testing"
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
