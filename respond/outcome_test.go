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

// TestProgrammingErrors holds that what the RFC demands cannot be left out.
func TestProgrammingErrors(t *testing.T) {
	none := respond.Outcome{}
	tests := []struct {
		name    string
		outcome respond.Outcome
		err     error
	}{
		{"nothing", none, nil},
		{"OK of nothing", respond.OK(nil), nil},
		{"Created nowhere", respond.Created("", 1), nil},
		{"Accepted without monitor", respond.Accepted("", nil), nil},
		{"Created at no URI", respond.Created("/items/a b", 1), nil},
		{"SeeOther nowhere", respond.SeeOther(""), nil},
		{"Content without type", respond.Content("", strings.NewReader("x")), nil},
		{"Content of nothing", respond.Content("text/plain", nil), nil},
		{"Bytes without type", respond.Bytes("", nil), nil},
		{"line break in a field", respond.NoContent().Header("X-A", "a\r\nX-B: b"), nil},
		{"NUL in a field", respond.NoContent().Header("X-A", "\x00"), nil},
		{"space in a name", respond.NoContent().Header("X A", ""), nil},
		{"no name", respond.NoContent().Header("", "a"), nil},
		{"line break in a field of an error", none, respond.Conflict("").Header("X-A", "a\nb")},
		{"Stream of nothing", respond.Stream("text/plain", nil), nil},
		{"Served by nobody", respond.Served(nil), nil},
		{"half a tag", respond.OK(1).ETag(`a"`), nil},
		{"malformed tag", respond.OK(1).ETag("a b"), nil},
		{"not JSON", respond.OK(func() {}), nil},
		{"no challenge", none, respond.Unauthorized()},
		{"challenge without scheme", none, respond.Unauthorized(respond.Challenge{Realm: "x"})},
		{"no wait", none, respond.TooManyRequests(0)},
		{"no wait, 503", none, respond.Unavailable(-1)},
		{"401 as a problem", none, respond.Problem{Code: 401}.New("")},
		{"405 as a problem", none, respond.Problem{Code: 405}.New("")},
		{"429 as a problem", none, respond.Problem{Code: 429}},
		{"no protocol", none, respond.UpgradeRequired()},
		{"blocked by nobody", none, respond.LegalReasons("")},
		{"no media type", none, respond.Unsupported()},
		{"no code", none, respond.Problem{Title: "x"}.New("")},
		{"success as a problem", none, respond.Problem{Code: 200}.New("")},
		{"standard member", none, respond.Conflict("").With("status", 3)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var written log
			api := &respond.API{Logger: slog.New(slog.NewTextHandler(&written, nil))}
			w := serve(t, route(api, respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
				return test.outcome, test.err
			})))
			if x := w.send("POST /thing", "{}"); x.Response.Status != 500 {
				t.Errorf("got %d, want 500", x.Response.Status)
			}
			if test.name != "not JSON" && (len(w.reports) != 1 || !strings.Contains(written.String(), "programming error")) {
				t.Errorf("got reports %q and the log %q", w.reports, written.String())
			}
		})
	}
}

func TestRedirects(t *testing.T) {
	tests := []struct {
		outcome   respond.Outcome
		get, post int
	}{
		{respond.SeeOther("/there"), 303, 303},
		{respond.TemporaryRedirect("/there"), 307, 307},
		{respond.PermanentRedirect("/there"), 308, 308},
		{respond.MovedPermanently("/there"), 301, 308},
		{respond.Found("/there"), 302, 307},
	}
	for _, test := range tests {
		w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
			return test.outcome, nil
		})))
		for method, want := range map[string]int{"GET": test.get, "POST": test.post} {
			x := w.send(method+" /thing", "")
			if x.Response.Status != want || x.Response.Fields.Get("Location") != "/there" {
				t.Errorf("%s: got %d to %q, want %d", method, x.Response.Status, x.Response.Fields.Get("Location"), want)
			}
		}
	}
}

// TestJSONAsPage holds that a value in JSON does not go out as a page that a
// browser would run.
func TestJSONAsPage(t *testing.T) {
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.OK("<script>alert(1)</script>"), nil
	}), respond.Produces("application/vnd.x+json; v=1", "text/html")))
	for accept, want := range map[string]string{
		"application/vnd.x+json": "200\nContent-Type: application/vnd.x+json; v=1",
		"text/html":              "500\nContent-Type: application/problem+json",
	} {
		got := text(w.send("POST /thing", "", "Accept: "+accept), "Content-Type")
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %s, want %s", accept, got, want)
		}
	}
	if len(w.reports) != 1 {
		t.Errorf("got reports %q, want one", w.reports)
	}
}

// TestMapsInOrder holds that the same value has the same bytes, as a strong ETag
// promises.
func TestMapsInOrder(t *testing.T) {
	names := map[string]int{"e": 5, "b": 2, "d": 4, "a": 1, "c": 3}
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		if r.Method == http.MethodGet {
			return respond.Outcome{}, respond.Conflict("").With("names", names)
		}
		return respond.OK(names), nil
	})))
	const want = `{"a":1,"b":2,"c":3,"d":4,"e":5}`
	for range 10 {
		for _, line := range []string{"POST /thing", "GET /thing"} {
			if got := text(w.send(line, "")); !strings.Contains(got, want) {
				t.Fatalf("%s: got %s, want %s", line, got, want)
			}
		}
	}
}

// TestFailedStream holds that nothing of a stream that fails before its first byte
// is in the answer.
func TestFailedStream(t *testing.T) {
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Stream("text/csv", func(io.Writer) error { return errors.New("failed") }).
			Header("Set-Cookie", "a=b").Header("Content-Disposition", "attachment").ETag("1").Cache("max-age=60"), nil
	})))
	want := "500\nContent-Type: application/problem+json\nCache-Control: no-store\n{"
	names := []string{"Set-Cookie", "Content-Disposition", "ETag", "Content-Type", "Cache-Control"}
	if got := text(w.send("POST /thing", ""), names...); !strings.HasPrefix(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestBytes(t *testing.T) {
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Bytes("text/html; charset=utf-8", []byte("<p>hello")).ETag("1").Cache("no-cache"), nil
	}), respond.Produces("application/json", "text/html")))
	for line, want := range map[string]string{
		"GET /thing":  "200\nContent-Type: text/html; charset=utf-8\nContent-Length: 8\n<p>hello",
		"HEAD /thing": "200\nContent-Type: text/html; charset=utf-8\nContent-Length: 8",
	} {
		if got := text(w.send(line, ""), "Content-Type", "Content-Length"); got != want {
			t.Errorf("%s: got %s, want %s", line, got, want)
		}
	}
	if got := w.send("GET /thing", "", `If-None-Match: "1"`).Response.Status; got != 304 {
		t.Errorf("got %d, want 304", got)
	}
}
