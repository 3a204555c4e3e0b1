package statute

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFields(t *testing.T) {
	fields := Fields{{"content-type", "text/plain"}, {"Allow", "GET, HEAD"}, {"X-Empty", ""}, {"ALLOW", "POST"}}
	if got, ok := fields.Lookup("Content-Type"); got != "text/plain" || !ok {
		t.Errorf("Content-Type = %q, %v", got, ok)
	}
	if got, ok := fields.Lookup("X-Empty"); got != "" || !ok || !fields.Has("x-empty") {
		t.Errorf("X-Empty = %q, %v", got, ok)
	}
	if got, ok := fields.Lookup("X"); got != "" || ok || fields.Has("X") || fields.Get("X") != "" {
		t.Errorf("X = %q, %v", got, ok)
	}
	if got := fields.Get("allow"); got != "GET, HEAD" {
		t.Errorf("first Allow = %q", got)
	}
	if diff := cmp.Diff([]string{"GET, HEAD", "POST"}, slices.Collect(fields.Values("Allow"))); diff != "" {
		t.Errorf("values of Allow (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"GET", "HEAD", "POST"}, slices.Collect(fields.List("Allow"))); diff != "" {
		t.Errorf("list of Allow (-want +got):\n%s", diff)
	}
	for member := range fields.List("Allow") { // stopping early must stop over all lines
		if member != "GET" {
			t.Errorf("%s after the loop was left", member)
		}
		break
	}
}

func TestSplitList(t *testing.T) {
	for _, tt := range []struct {
		value string
		want  []string
	}{
		{"", nil},
		{" , ,\t", nil},
		{"a", []string{"a"}},
		{"a,b", []string{"a", "b"}},
		{"\ta \t, b c ,,d", []string{"a", "b c", "d"}},
		{`W/"a,b", "c\",d", e`, []string{`W/"a,b"`, `"c\",d"`, "e"}},
		{`a="b, c`, []string{`a="b, c`}},
		{`"a\`, []string{`"a\`}},
		{`a\,b`, []string{`a\`, "b"}},
	} {
		if diff := cmp.Diff(tt.want, slices.Collect(SplitList(tt.value))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.value, diff)
		}
	}
}

func TestHasToken(t *testing.T) {
	for _, tt := range []struct {
		value, token string
		want         bool
	}{
		{"close", "close", true},
		{"Keep-Alive, CLOSE", "close", true},
		{"no-cache ; x=1, max-age=60", "No-Cache", true},
		{"closed", "close", false},
		{`x="a, close"`, "close", false},
		{"", "close", false},
	} {
		if got := (Fields{{"A", tt.value}}).HasToken("a", tt.token); got != tt.want {
			t.Errorf("%q has %q: %v", tt.value, tt.token, got)
		}
	}
}

func TestMediaType(t *testing.T) {
	for _, tt := range []struct {
		value, want string
		json        bool
	}{
		{"application/json", "application/json", true},
		{"Application/Problem+JSON ; charset=utf-8", "application/problem+json", true},
		{"text/json", "text/json", true},
		{"text/html; charset=utf-8", "text/html", false},
		{"application/jsonlines", "application/jsonlines", false},
		{"", "", false},
	} {
		got := MediaType(tt.value)
		if got != tt.want || IsJSON(got) != tt.json {
			t.Errorf("%q is %q, JSON: %v", tt.value, got, IsJSON(got))
		}
	}
}
