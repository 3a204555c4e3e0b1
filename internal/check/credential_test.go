package check

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

func TestAttach(t *testing.T) {
	fields := func(pairs ...string) (all statute.Fields) {
		for pair := range slices.Chunk(pairs, 2) {
			all = append(all, statute.Field{Name: pair[0], Value: pair[1]})
		}
		return all
	}
	for _, test := range []struct {
		name       string
		target     string
		lines      statute.Fields
		credential Credential
		wantTarget string
		wantLines  statute.Fields
	}{
		{"header", "/a", fields("Host", "h"), Credential{"header", "X-Key", "k"}, "/a", fields("Host", "h", "X-Key", "k")},
		{"header in the place of an invented one", "/a", fields("x-key", "1", "A", "b"), Credential{"header", "X-Key", "k"}, "/a", fields("x-key", "k", "A", "b")},
		{"query", "/a", nil, Credential{"query", "key", "k&l"}, "/a?key=k%26l", nil},
		{"query behind others", "/a?b=1", nil, Credential{"query", "key", "k"}, "/a?b=1&key=k", nil},
		{"query in the place of an old one", "/a?b=1&k%65y=old&c=2", nil, Credential{"query", "key", "k"}, "/a?b=1&key=k&c=2", nil},
		{"cookie", "/a", nil, Credential{"cookie", "sid", "s"}, "/a", fields("Cookie", "sid=s")},
		{"cookie behind others", "/a", fields("Cookie", "a=b"), Credential{"cookie", "sid", "s"}, "/a", fields("Cookie", "a=b; sid=s")},
		{"cookie in the place of an old one", "/a", fields("Cookie", "a=b; sid=old; c=d"), Credential{"cookie", "sid", "s"}, "/a", fields("Cookie", "a=b; sid=s; c=d")},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := slices.Clone(test.lines)
			target, lines := test.credential.attach(test.target, test.lines)
			if target != test.wantTarget {
				t.Errorf("got %s, want %s", target, test.wantTarget)
			}
			if diff := cmp.Diff(test.wantLines, lines); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, test.lines); diff != "" {
				t.Errorf("changed what it was given (-before +after):\n%s", diff)
			}
		})
	}
}

// token is a JWT whose exp is in the year 2100.
var token = strings.Join([]string{
	base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256"}`)),
	base64.RawURLEncoding.EncodeToString([]byte(`{"exp":4102444800,"sub":"ada"}`)),
	"AzSig-_nature",
}, ".")

func TestForgeries(t *testing.T) {
	now := time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC)
	parts := strings.Split(token, ".")
	past := base64.RawURLEncoding.EncodeToString([]byte(`{"exp":1795258800,"sub":"ada"}`))
	for _, test := range []struct {
		name  string
		right string
		want  []string
	}{
		{"bearer", "Bearer xyZ-123", []string{"Bearer qzX-648", "Bearer"}},
		{"hexadecimal", "Bearer 0af3-99BC", []string{"Bearer 9ad2-48AD", "Bearer"}},
		{"Basic", "Basic YWRhOnNlY3JldA==", []string{"Basic c3RhdHV0ZTpmYWxzZQ==", "Basic ?"}},
		{"key", "hunter22", []string{"qzxwvk81", ""}},
		{"JWT", "Bearer " + token, []string{
			"Bearer " + parts[0] + "." + parts[1] + ".BzSig-_nature", "Bearer " + parts[0] + "." + past + "." + parts[2], "Bearer",
		}},
		{"JWT of no object", "Bearer eyJh.eyJi.c", []string{"Bearer eyJh.eyJi.A", "Bearer eyJh.eyJi.A", "Bearer"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &run{start: now, parties: map[statute.Principal]*party{
				statute.Full: {Identity: Identity{Credentials: []Credential{{"header", "Authorization", test.right}}}},
			}}
			var got []string
			for _, f := range r.forgeries() {
				got = append(got, f.credentials[0].Value)
				if !f.cause.Wrong() || f.detail == "" {
					t.Errorf("%+v", f)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestMadeUpSecrets holds that false credentials are kept secret as far as they
// tell of the right ones: words that a run made up would be hidden everywhere.
func TestMadeUpSecrets(t *testing.T) {
	for value, want := range map[string][]string{
		"Basic YWRhOmNhbmFyeQ==": nil,
		"Bearer canary-0123":     {unknown("Bearer ", "canary-0123")},
	} {
		var told []string
		r := newRun(Config{Base: &url.URL{}, Full: Identity{Credentials: []Credential{{In: "header", Name: "Authorization", Value: value}}}}, nil)
		r.Secret = func(secret string) { told = append(told, secret) }
		r.parties[statute.Full] = &party{Identity: r.Full}
		r.forgeries()
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("%s (-want +got):\n%s", value, diff)
		}
	}
}
