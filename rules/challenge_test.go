package rules

import (
	"strings"
	"testing"
)

func TestParseChallengeMember(t *testing.T) {
	tests := []struct {
		member string
		want   challengeMember
		ok     bool
	}{
		{`Bearer`, challengeMember{scheme: "Bearer"}, true},
		{`X-API-Key`, challengeMember{scheme: "X-API-Key"}, true},
		{`Basic realm="a, b"`, challengeMember{scheme: "Basic", name: "realm", value: `"a, b"`}, true},
		{`Basic  realm = "a"`, challengeMember{scheme: "Basic", name: "realm", value: `"a"`}, true},
		{`Digest qop=auth`, challengeMember{scheme: "Digest", name: "qop", value: "auth"}, true},
		{`error="say \"no\""`, challengeMember{name: "error", value: `"say \"no\""`}, true},
		{`stale=FALSE`, challengeMember{name: "stale", value: "FALSE"}, true},
		{`Negotiate YII/x+y==`, challengeMember{scheme: "Negotiate", token68: "YII/x+y=="}, true},
		{`Basic realm=`, challengeMember{scheme: "Basic", token68: "realm="}, true}, // a token68, if an odd one

		{`Basic: realm="a"`, challengeMember{}, false},
		{`"Bearer"`, challengeMember{}, false},
		{`Bearer realm="a" error="b"`, challengeMember{}, false},
		{`Basic realm="a`, challengeMember{}, false},
		{`Basic realm="a\"`, challengeMember{}, false},
		{`Basic realm=https://shop.example/`, challengeMember{}, false},
		{`API key required`, challengeMember{}, false},
		{`realm=`, challengeMember{}, false},
	}
	for _, test := range tests {
		got, ok := parseChallengeMember(test.member)
		if ok != test.ok || ok && got != test.want {
			t.Errorf("parseChallengeMember(%s) = %+v, %v; want %+v, %v", test.member, got, ok, test.want, test.ok)
		}
	}
}

// FuzzParseChallengeMember: what parses says the same when it is written anew.
func FuzzParseChallengeMember(f *testing.F) {
	for _, s := range []string{`Bearer`, `Basic realm="a, b"`, `error = x`, `Negotiate YII/x+y==`, `Basic: realm="a"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, ok := parseChallengeMember(s)
		if !ok {
			return
		}
		again := m.scheme + " " + m.token68
		if m.name != "" {
			again = strings.TrimLeft(m.scheme+" "+m.name+"="+m.value, " ")
		}
		if got, ok := parseChallengeMember(again); !ok || got != m {
			t.Errorf("%q is %+v, but written anew as %q it is %+v, %v", s, m, again, got, ok)
		}
	})
}
