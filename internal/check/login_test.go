package check

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

func TestTake(t *testing.T) {
	answer := &statute.Response{
		Fields: statute.Fields{
			{Name: "Set-Cookie", Value: "sid=s1; Path=/; HttpOnly"},
			{Name: "Set-Cookie", Value: "csrf=c1"},
			{Name: "Set-Cookie", Value: "gone=; Max-Age=0"},
			{Name: "X-Token", Value: "t1"},
		},
		Body: statute.Body{Bytes: []byte(`{"a":[{"b/c":"j1"}],"n":17,"o":{},"x":"line\nbreak"}`)},
	}
	bearer := Credential{"header", "Authorization", "Bearer {}"}
	for _, test := range []struct {
		name string
		take Take
		want []Credential // nil: an error
	}{
		{"pointer", Take{"json", "/a/0/b~1c", bearer}, []Credential{{"header", "Authorization", "Bearer j1"}}},
		{"number", Take{"json", "/n", bearer}, []Credential{{"header", "Authorization", "Bearer 17"}}},
		{"object", Take{"json", "/o", bearer}, nil},
		{"nowhere", Take{"json", "/a/1/b", bearer}, nil},
		{"into a number", Take{"json", "/n/0", bearer}, nil},
		{"no pointer", Take{"json", "", bearer}, nil},
		{"line break", Take{"json", "/x", bearer}, nil},
		{"cookie", Take{"cookie", "sid", Credential{In: "cookie"}}, []Credential{{"cookie", "sid", "s1"}}},
		{"all cookies", Take{"cookie", "", Credential{In: "cookie"}}, []Credential{{"cookie", "sid", "s1"}, {"cookie", "csrf", "c1"}}},
		{"a cookie that is taken away", Take{"cookie", "gone", Credential{In: "cookie"}}, nil},
		{"field", Take{"header", "x-token", Credential{In: "query", Name: "key"}}, []Credential{{"query", "key", "t1"}}},
		{"no field", Take{"header", "X-Other", bearer}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := (&Login{Take: []Take{test.take}}).take(answer)
			if (err != nil) != (test.want == nil) {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLifetime(t *testing.T) {
	for content, want := range map[string]time.Duration{
		`{"expires_in":3600}`:   time.Hour,
		`{"expires_in":"1.5"}`:  1500 * time.Millisecond,
		`{"expires_in":-1}`:     0,
		`{"expires_in":1e300}`:  0,
		`{"expires_in":"soon"}`: 0,
		`{}`:                    0,
		`[]`:                    0,
		``:                      0,
	} {
		if got := lifetime([]byte(content)); got != want {
			t.Errorf("%s: got %v, want %v", content, got, want)
		}
	}
}

// TestLoginFails holds that a log-in that fails ends the run before anything
// else is sent, and that the error holds no secret.
func TestLoginFails(t *testing.T) {
	for name, test := range map[string]struct {
		status        int
		content, want string
	}{
		"refused":  {401, `{"password":"canary"}`, "logging in by POST URL/login: the answer is 401 Unauthorized"},
		"no token": {200, `{"other":"canary"}`, "logging in by POST URL/login: the answer has no json /token"},
		"broken":   {200, `{"token":`, "logging in by POST URL/login: the answer has no json /token"},
	} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked = append(asked, r.URL.Path)
				w.WriteHeader(test.status)
				io.WriteString(w, test.content)
			}))
			defer server.Close()
			base := address(t, server)
			c := Config{Base: base, Full: Identity{Login: loginAt(base, `{"user":"ada","password":"canary"}`)}}
			_, err := Run(context.Background(), c, func(x *statute.Exchange) { t.Errorf("yielded %s", x.Request.Target) })
			if want := strings.ReplaceAll(test.want, "URL", server.URL); err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
			if len(asked) != 1 {
				t.Errorf("asked for %v", asked)
			}
		})
	}
}

func loginAt(base *url.URL, content string) *Login {
	return &Login{
		Method: "POST", URL: &url.URL{Scheme: base.Scheme, Host: base.Host, Path: "/login"}, Content: []byte(content),
		Fields: statute.Fields{{Name: "Content-Type", Value: "application/json"}},
		Take:   []Take{{"json", "/token", Credential{"header", "Authorization", "Bearer {}"}}},
	}
}

// TestEstranged holds that what is sent with a wrong password holds neither the
// user's name nor a secret.
func TestEstranged(t *testing.T) {
	base := &url.URL{Scheme: "http", Host: "127.0.0.1"}
	r := &run{values: &values{tag: "tag"}}
	form := loginAt(base, "grant_type=password&username=ada&password=canary")
	form.Fields = statute.Fields{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}}
	basic := loginAt(base, "")
	basic.Fields = statute.Fields{{Name: "Authorization", Value: "Basic YWRhOmNhbmFyeQ=="}}
	for name, test := range map[string]struct {
		login *Login
		want  string // "" if it is no log-in of a user with a password
	}{
		"JSON":   {loginAt(base, `{"email":"ada@shop.example","password":"canary","remember":true}`), `{"email":"statute-tag@statute.example","password":"Statute-wrong-1","remember":true}`},
		"nested": {loginAt(base, `{"session":{"userName":"ada","passwd":"canary"}}`), `{"session":{"passwd":"Statute-wrong-1","userName":"statute-tag"}}`},
		"form":   {form, "grant_type=password&password=Statute-wrong-1&username=statute-tag"},
		"Basic":  {basic, "Basic c3RhdHV0ZTpmYWxzZQ=="},
		"code":   {loginAt(base, `{"code":"canary"}`), ""},
		"text":   {loginAt(base, "ada canary"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			request, ok := r.estranged(test.login)
			if ok != (test.want != "") {
				t.Fatalf("got %v", ok)
			}
			got := string(request.Body.Bytes) + request.Fields.Get("Authorization")
			if ok && got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
