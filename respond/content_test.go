package respond_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/statute-http/statute/respond"
)

// closer is content that says whether it was closed.
type closer struct {
	io.ReadSeeker
	closed atomic.Int32
}

func (c *closer) Close() error {
	c.closed.Add(1)
	return nil
}

func TestContentIsClosed(t *testing.T) {
	for _, fields := range [][]string{{}, {`If-None-Match: "1"`}, {`If-Match: "0"`}, {"Range: bytes=9-"}, {"Range: bytes=0-0"}} {
		content := &closer{ReadSeeker: strings.NewReader("x")}
		w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
			return respond.Content("text/plain", content).ETag("1"), nil
		}), respond.Produces("text/plain")))
		x := w.send("GET /thing", "", fields...)
		waitFor(t, func() bool { return content.closed.Load() > 0 })
		if n := content.closed.Load(); n != 1 {
			t.Errorf("%s: %d: closed %d times", fields, x.Response.Status, n)
		}
	}
}

func TestRanges(t *testing.T) {
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Content("text/plain", strings.NewReader("0123456789")).ETag("1"), nil
	}), respond.Produces("text/plain")))
	tests := []struct{ field, want string }{
		{"bytes=0-0", "206\nbytes 0-0/10\n0"},
		{"Bytes=9-", "206\nbytes 9-9/10\n9"},
		{"bytes=5-99999999999999999999", "206\nbytes 5-9/10\n56789"},
		{"bytes=-99", "206\nbytes 0-9/10\n0123456789"},
		{"bytes=10-10", "416\nbytes */10"},
		{"bytes=99999999999999999999-", "416\nbytes */10"},
		{"bytes=", "200\n\n0123456789"},
		{"bytes=a", "200\n\n0123456789"},
		{"bytes=-", "200\n\n0123456789"},
		{"bytes=1-2-3", "200\n\n0123456789"},
		{"bytes", "200\n\n0123456789"},
		{"bytes=10-,0-1", "206\nbytes 0-1/10\n01"},
		{"bytes=0-9,0-9", "200\n\n0123456789"}, // more than there is
		{"bytes=" + strings.Repeat("0-0,", 17), "200\n\n0123456789"},
		{"bytes=0-1, 8-9", "206\n\n--B\nContent-Range: bytes 0-1/10\nContent-Type: text/plain\n\n01\n" +
			"--B\nContent-Range: bytes 8-9/10\nContent-Type: text/plain\n\n89\n--B--"},
	}
	for _, test := range tests {
		x := w.send("GET /thing", "", "Range: "+test.field)
		content := string(x.Response.Body.Bytes)
		if _, boundary, ok := strings.Cut(x.Response.Fields.Get("Content-Type"), "multipart/byteranges; boundary="); ok {
			content = strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(content), boundary, "B"), "\r\n", "\n")
		}
		got := fmt.Sprintf("%d\n%s", x.Response.Status, x.Response.Fields.Get("Content-Range"))
		if x.Response.Status != 416 {
			got += "\n" + content
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.field, got, test.want)
		}
	}
}

func TestStream(t *testing.T) {
	stream := func(write func(io.Writer) error) *wire {
		return serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
			return respond.Stream("text/plain", write).ETag("1"), nil
		}), respond.Produces("text/plain")))
	}
	fails := func(io.Writer) error { return errors.New("s3cret") }
	if got := text(stream(fails).send("GET /thing", ""), "ETag"); !strings.HasPrefix(got, "500\n{") {
		t.Errorf("an error before the first byte: got %s", got)
	}
	if got := text(stream(fails).send("HEAD /thing", ""), "ETag"); got != "200\nETag: \"1\"" {
		t.Errorf("HEAD: got %s", got)
	}
	flushes := func(w io.Writer) error {
		w.(http.Flusher).Flush()
		_, err := io.WriteString(w, "x")
		return err
	}
	if got := text(stream(flushes).send("GET /thing", ""), "Content-Type"); got != "200\nContent-Type: text/plain\nx" {
		t.Errorf("flushed: got %s", got)
	}
	if got := text(stream(func(io.Writer) error { return nil }).send("GET /thing", ""), "Content-Type"); got != "200\nContent-Type: text/plain" {
		t.Errorf("of nothing: got %s", got)
	}
}

// TestIfRangeWeakDate holds that a date is no proof within its own second.
func TestIfRangeWeakDate(t *testing.T) {
	modified := time.Date(2026, 1, 2, 3, 4, 5, 300, time.UTC)
	now := modified
	api := &respond.API{Now: func() time.Time { return now }}
	w := serve(t, route(api, respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Content("text/plain", strings.NewReader("0123456789")).LastModified(modified).Cache("no-cache"), nil
	}), respond.Produces("text/plain")))
	for after, want := range map[time.Duration]int{0: 200, 999 * time.Millisecond: 200, time.Second: 206} {
		now = modified.Truncate(time.Second).Add(after)
		x := w.send("GET /thing", "", "Range: bytes=0-3", "If-Range: Fri, 02 Jan 2026 03:04:05 GMT")
		if x.Response.Status != want {
			t.Errorf("after %v: got %d, want %d", after, x.Response.Status, want)
		}
	}
}
