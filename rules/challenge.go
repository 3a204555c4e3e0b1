package rules

import "strings"

// challengeMember is one member of a WWW-Authenticate or Proxy-Authenticate
// list as commas divide it. One with a scheme opens a challenge; one without
// carries another parameter of the challenge before it.
//
//	challenge  = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
//	auth-param = token BWS "=" BWS ( token / quoted-string )
//
// (RFC 9110, 11.3 and 11.6.1.)
type challengeMember struct {
	scheme  string // "" if the member only carries a parameter
	token68 string // what follows the scheme in place of parameters
	name    string // of the parameter, "" if there is none
	value   string // of the parameter, with its quotes if it has them
}

// parseChallengeMember parses a member of the list and reports whether it is
// one.
func parseChallengeMember(member string) (challengeMember, bool) {
	if name, value, ok := parseAuthParam(member); ok {
		return challengeMember{name: name, value: value}, true
	}
	scheme, rest, _ := strings.Cut(member, " ")
	rest = strings.Trim(rest, " \t")
	if !isToken(scheme) {
		return challengeMember{}, false
	}
	if rest == "" || isToken68(rest) {
		return challengeMember{scheme: scheme, token68: rest}, true
	}
	name, value, ok := parseAuthParam(rest)
	return challengeMember{scheme: scheme, name: name, value: value}, ok
}

// parseAuthParam parses an auth-param: realm="shop".
func parseAuthParam(s string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(s, "=")
	name, value = strings.TrimRight(name, " \t"), strings.TrimLeft(value, " \t")
	return name, value, ok && isToken(name) && (isToken(value) || isQuotedString(value))
}

// isToken reports whether s is a token (RFC 9110, 5.6.2).
func isToken(s string) bool {
	for i := range len(s) {
		if !isAlphaNum(s[i]) && strings.IndexByte("!#$%&'*+-.^_`|~", s[i]) < 0 {
			return false
		}
	}
	return s != ""
}

// isToken68 reports whether s is a token68 (RFC 9110, 11.2).
func isToken68(s string) bool {
	s = strings.TrimRight(s, "=")
	for i := range len(s) {
		if !isAlphaNum(s[i]) && strings.IndexByte("-._~+/", s[i]) < 0 {
			return false
		}
	}
	return s != ""
}

// isQuotedString reports whether s is a quoted-string (RFC 9110, 5.6.4).
func isQuotedString(s string) bool {
	if len(s) < 2 || s[0] != '"' {
		return false
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i == len(s)-1
		case c == '\\':
			i++
		case c < ' ' && c != '\t' || c == 0x7f:
			return false
		}
	}
	return false
}

func isAlphaNum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
