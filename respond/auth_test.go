package respond_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/statute-http/statute/respond"
)

func TestHidden(t *testing.T) {
	bearer := respond.Bearer{Realm: "x", Verify: func(context.Context, string) (respond.Principal, bool, error) {
		return respond.Principal{ID: "jo"}, true, nil
	}}
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.OK(1), nil
	}), respond.Auth(bearer, "admin"), respond.Hidden()))
	if x := w.send("GET /thing", "", "Authorization: Bearer t"); x.Response.Status != 404 || x.Response.Fields.Has("WWW-Authenticate") {
		t.Errorf("got %s, want a bare 404", text(x, "WWW-Authenticate"))
	}
	if x := w.send("GET /thing", ""); x.Response.Status != 401 {
		t.Errorf("without credentials: got %d, want 401", x.Response.Status)
	}
}

func TestBasic(t *testing.T) {
	basic := respond.Basic{Realm: "x", Verify: func(_ context.Context, user, password string) (respond.Principal, bool, error) {
		if user == "broken" {
			return respond.Principal{}, false, errors.New("s3cret")
		}
		return respond.Principal{ID: user}, password == "right", nil
	}}
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		caller, ok := respond.Caller(r.Context())
		return respond.OK(fmt.Sprint(caller.ID, ok)), nil
	}), respond.Auth(basic)))
	request := func(user, password string) *http.Request {
		r := httptest.NewRequest("GET", "/", nil)
		r.SetBasicAuth(user, password)
		return r
	}
	const challenge = "\nWWW-Authenticate: Basic realm=\"x\", charset=\"UTF-8\""
	tests := []struct{ credentials, want string }{
		{request("jo", "right").Header.Get("Authorization"), "200\n\"jotrue\""},
		{request("jo", "s3cret").Header.Get("Authorization"), "401" + challenge},
		{request("broken", "").Header.Get("Authorization"), "500"},
		{"Basic !", "401" + challenge},
		{"", "401" + challenge},
	}
	for _, test := range tests {
		got, _, _ := strings.Cut(text(w.send("GET /thing", "", "Authorization: "+test.credentials), "WWW-Authenticate"), "\n{")
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.credentials, got, test.want)
		}
	}
}

// TestMalformedToken holds that what cannot be a token is not looked up.
func TestMalformedToken(t *testing.T) {
	bearer := respond.Bearer{Verify: func(_ context.Context, token string) (respond.Principal, bool, error) {
		t.Errorf("asked for %q", token)
		return respond.Principal{}, true, nil
	}}
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.NoContent(), nil
	}), respond.Auth(bearer)))
	for _, credentials := range []string{"Bearer", "Bearer a b", "Bearer \"a\"", "Bearer =", "Bearer \u00fc", "Basic YTpi", "bearertoken"} {
		if x := w.send("GET /thing", "", "Authorization: "+credentials); x.Response.Status != 401 {
			t.Errorf("%s: got %d, want 401", credentials, x.Response.Status)
		}
	}
}
