package respond

import "strings"

// Challenge is a way to authenticate that a 401 offers (RFC 9110, 11.6.1).
type Challenge struct {
	Scheme string // "Bearer", "Basic"
	Realm  string // what the credentials are for
	Error  string // Bearer: "invalid_token", "invalid_request", "insufficient_scope" (RFC 6750, 3.1); "" if no credentials came
	Scope  string // Bearer: the scopes that are needed, parted by spaces
}

// String returns the challenge as WWW-Authenticate holds it.
//
//	challenge = auth-scheme [ 1*SP #auth-param ]
func (c Challenge) String() string {
	var params []string
	for _, p := range [...][2]string{{"realm", c.Realm}, {"error", c.Error}, {"scope", c.Scope}} {
		if p[1] != "" {
			params = append(params, p[0]+"="+quote(p[1]))
		}
	}
	if c.Scheme == "Basic" {
		params = append(params, `charset="UTF-8"`) // RFC 7617, 2.1
	}
	if params == nil {
		return c.Scheme
	}
	return c.Scheme + " " + strings.Join(params, ", ")
}

// quote returns a quoted-string (RFC 9110, 5.6.4). Control characters, which
// none can hold, are left out.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c >= ' ' && c != 0x7F || c == '\t':
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
