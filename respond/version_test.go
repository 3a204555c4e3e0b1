package respond_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/statute-http/statute/respond"
)

// TestPreconditions goes through RFC 9110, 13.2.2, for a resource that is read
// and one that is changed.
func TestPreconditions(t *testing.T) {
	modified := time.Date(2026, 1, 2, 3, 4, 5, 678, time.UTC)
	const before, same, after = "Fri, 02 Jan 2026 03:04:04 GMT", "Fri, 02 Jan 2026 03:04:05 GMT", "Fri, 02 Jan 2026 03:04:06 GMT"
	strong, weak := respond.Version{ETag: "1", Modified: modified}, respond.Version{ETag: `W/"1"`}
	none := respond.Version{}
	tests := []struct {
		version   respond.Version
		fields    []string
		get, post int
	}{
		{strong, nil, 200, 204},
		{strong, []string{`If-Match: "1"`}, 200, 204},
		{strong, []string{`If-Match: "0", "1"`}, 200, 204},
		{strong, []string{`If-Match: W/"1"`}, 412, 412},
		{strong, []string{`If-Match: "0"`}, 412, 412},
		{strong, []string{`If-Match: *`}, 200, 204},
		{weak, []string{`If-Match: W/"1"`}, 412, 412}, // strong comparison: weak tags are equal to none
		{none, []string{`If-Match: *`}, 200, 412},     // what is read exists, what is changed does not
		{none, []string{`If-Match: "1"`}, 412, 412},
		{strong, []string{"If-Unmodified-Since: " + before}, 412, 412},
		{strong, []string{"If-Unmodified-Since: " + same}, 200, 204},
		{strong, []string{"If-Unmodified-Since: yesterday"}, 200, 204},
		{strong, []string{`If-Match: "1"`, "If-Unmodified-Since: " + before}, 200, 204},
		{weak, []string{"If-Unmodified-Since: " + before}, 200, 204}, // it has no date
		{strong, []string{`If-None-Match: "1"`}, 304, 412},
		{strong, []string{`If-None-Match: W/"1"`}, 304, 412},
		{weak, []string{`If-None-Match: "1"`}, 304, 412},
		{strong, []string{`If-None-Match: "0"`}, 200, 204},
		{strong, []string{`If-None-Match: *`}, 304, 412},
		{none, []string{`If-None-Match: *`}, 304, 204},
		{strong, []string{"If-Modified-Since: " + same}, 304, 204},
		{strong, []string{"If-Modified-Since: " + after}, 304, 204},
		{strong, []string{"If-Modified-Since: " + before}, 200, 204},
		{strong, []string{`If-None-Match: "0"`, "If-Modified-Since: " + same}, 200, 204},
		{strong, []string{`If-Match: "1"`, `If-None-Match: "1"`}, 304, 412},
		{strong, []string{`If-Match: "0"`, `If-None-Match: "1"`}, 412, 412},
	}
	for _, test := range tests {
		h := respond.HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
			if r.Method == http.MethodGet {
				return respond.OK(1).Version(test.version).Cache("no-cache"), nil
			}
			return respond.NoContent(), respond.Check(r.Context(), test.version)
		})
		w := serve(t, route(new(respond.API), h))
		if got := w.send("GET /thing", "", test.fields...).Response.Status; got != test.get {
			t.Errorf("GET, %+v, %q: got %d, want %d", test.version, test.fields, got, test.get)
		}
		if got := w.send("POST /thing", "", test.fields...).Response.Status; got != test.post {
			t.Errorf("POST, %+v, %q: got %d, want %d", test.version, test.fields, got, test.post)
		}
		versioned := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
			if test.post == 412 {
				t.Errorf("Versioned, %+v, %q: the handler ran", test.version, test.fields)
			}
			return respond.NoContent(), nil
		}), respond.Versioned(func(*http.Request) (respond.Version, error) { return test.version, nil })))
		if got := versioned.send("POST /thing", "", test.fields...).Response.Status; got != test.post {
			t.Errorf("Versioned, %+v, %q: got %d, want %d", test.version, test.fields, got, test.post)
		}
	}
	if err := respond.Check(context.Background(), none); err != nil {
		t.Errorf("outside of a request: %v", err)
	}
}

// TestConditional holds that what RFC 9110 says to ignore, or what does not name
// the version that a change is based on, is no precondition.
func TestConditional(t *testing.T) {
	modified := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	dated, tagged := respond.Version{ETag: "1", Modified: modified}, respond.Version{ETag: "1"}
	const same, before = "If-Unmodified-Since: Fri, 02 Jan 2026 03:04:05 GMT", "If-Unmodified-Since: Fri, 02 Jan 2026 03:04:04 GMT"
	tests := []struct {
		version respond.Version
		field   string
		want    int
	}{
		{dated, "X-None: 1", 428},
		{dated, `If-Match: "1"`, 204},
		{dated, `If-Match: "0"`, 412},
		{dated, "If-Match:", 412},
		{dated, same, 204},
		{dated, before, 412},
		{dated, "If-Unmodified-Since: yesterday", 428},
		{dated, same + "\r\n" + same, 428},
		{tagged, same, 428},
		{tagged, before, 428},
		{dated, `If-None-Match: *`, 412},
		{respond.Version{}, `If-None-Match: *`, 204},
		{dated, `If-None-Match: "0"`, 428},
		{dated, `If-None-Match:`, 428},
		{dated, "If-None-Match: *\r\nIf-None-Match: *", 428},
		{dated, "If-None-Match: \"0\"\r\n" + same, 204},
	}
	for _, test := range tests {
		changed := false
		check := route(new(respond.API), respond.HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
			if err := respond.Check(r.Context(), test.version); err != nil {
				return respond.Outcome{}, err
			}
			changed = true
			return respond.NoContent(), nil
		}), respond.Conditional())
		versioned := route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
			changed = true
			return respond.NoContent(), nil
		}), respond.Conditional(), respond.Versioned(func(*http.Request) (respond.Version, error) { return test.version, nil }))
		for name, h := range map[string]http.Handler{"Check": check, "Versioned": versioned} {
			changed = false
			x := serve(t, h).send("PUT /thing", "{}", test.field)
			if got := x.Response.Status; got != test.want || changed != (test.want == 204) {
				t.Errorf("%s, %+v, %q: got %d, want %d; changed: %v", name, test.version, test.field, got, test.want, changed)
			}
		}
	}
}

// TestPreconditionIgnored holds that a precondition which nothing evaluates is
// heard of, and a fault where the route demands one.
func TestPreconditionIgnored(t *testing.T) {
	change := respond.HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		if r.Method == http.MethodGet {
			return respond.OK(1), nil
		}
		switch r.URL.RawQuery {
		case "fail":
			return respond.Outcome{}, respond.Conflict("")
		case "other":
			return respond.SeeOther("/other"), nil
		case "moved":
			return respond.MovedPermanently("/moved"), nil
		}
		return respond.NoContent(), nil
	})
	const date = "If-Unmodified-Since: Fri, 02 Jan 2026 03:04:05 GMT"
	tests := []struct {
		line, field string
		options     []respond.Option
		want        int
		report      string
	}{
		{"POST /thing", `If-Match: "1"`, nil, 204, "POST /thing: If-Match was ignored: neither Versioned nor Check"},
		{"PUT /thing", `If-None-Match: *`, nil, 204, "PUT /thing: If-None-Match was ignored: neither Versioned nor Check"},
		{"PUT /thing", `If-Modified-Since: x`, nil, 204, ""},
		{"PUT /thing", `If-Match: "1"`, []respond.Option{respond.Conditional()}, 500, "PUT /thing: Conditional, and neither Versioned nor Check"},
		{"PUT /thing", date, nil, 204, "PUT /thing: If-Unmodified-Since was ignored: neither Versioned nor Check"},
		{"PUT /thing", "If-Unmodified-Since: yesterday", nil, 204, ""},
		{"PUT /thing", date, []respond.Option{respond.Conditional()}, 500, "PUT /thing: Conditional, and neither Versioned nor Check"},
		{"PUT /thing?other", `If-Match: "1"`, nil, 303, "PUT /thing: If-Match was ignored: neither Versioned nor Check"},
		{"PUT /thing?other", `If-Match: "1"`, []respond.Option{respond.Conditional()}, 500, "PUT /thing: Conditional, and neither Versioned nor Check"},
		{"PUT /thing?moved", `If-Match: "1"`, []respond.Option{respond.Conditional()}, 308, ""},
		{"PUT /thing?fail", `If-Match: "1"`, []respond.Option{respond.Conditional()}, 409, ""},
		{"GET /thing", `If-Match: *`, []respond.Option{respond.Conditional()}, 200, ""},
	}
	for _, test := range tests {
		w := serve(t, route(new(respond.API), change, test.options...))
		x := w.send(test.line, "", test.field)
		if got := strings.Join(w.reports, "; "); x.Response.Status != test.want || got != test.report {
			t.Errorf("%s, %s: got %d and %q, want %d and %q", test.line, test.field, x.Response.Status, got, test.want, test.report)
		}
	}
}
