package respond

import (
	"context"
	"net/http"
	"slices"
	"strings"
)

// Principal is who a request comes from.
type Principal struct {
	ID     string   // tells principals apart, for limits and idempotency keys
	Scopes []string // what they may do
	Value  any      // what the API wants to know of them besides
}

// Caller returns the principal of the request that a context belongs to, and
// whether its route has authenticated one.
func Caller(ctx context.Context) (Principal, bool) {
	c := callOf(ctx)
	switch {
	case c == nil:
		return Principal{}, false
	case c.route == nil:
		c.asked = true
		return Principal{}, false
	case c.principal == nil:
		return Principal{}, false
	}
	return *c.principal, true
}

// Authenticator finds out who a request comes from. Where that fails, or where
// the principal lacks one of the scopes, it returns what to answer: a 401 with
// challenges, a 403.
type Authenticator interface {
	Authenticate(r *http.Request, scopes []string) (Principal, error)
}

// Bearer authenticates by a token (RFC 6750, 2.1).
type Bearer struct {
	Realm string

	// Verify returns whose token it is, and whether it is valid. The error says
	// that this could not be found out.
	Verify func(ctx context.Context, token string) (Principal, bool, error)
}

// Authenticate implements [Authenticator]: 401 without an error code where no
// token came, 401 invalid_token where it is expired, malformed or not known,
// 403 insufficient_scope, and 400 invalid_request where several came (RFC 6750,
// 3.1).
func (b Bearer) Authenticate(r *http.Request, scopes []string) (Principal, error) {
	challenge := Challenge{Scheme: "Bearer", Realm: b.Realm}
	credentials := r.Header["Authorization"]
	if len(credentials) > 1 {
		challenge.Error = "invalid_request"
		return Principal{}, BadRequest("more than one Authorization field").Header("WWW-Authenticate", challenge.String())
	}
	token, ok := "", false
	if len(credentials) == 1 {
		token, ok = cutScheme(credentials[0], "Bearer")
	}
	if !ok {
		return Principal{}, Unauthorized(challenge).Detail("a bearer token is needed")
	}
	var p Principal
	if ok = isToken68(token); ok {
		var err error
		if p, ok, err = b.Verify(r.Context(), token); err != nil {
			return Principal{}, err
		}
	}
	switch {
	case !ok:
		challenge.Error = "invalid_token"
		return Principal{}, Unauthorized(challenge).Detail("the token is not valid, or no longer")
	case !p.has(scopes):
		challenge.Error, challenge.Scope = "insufficient_scope", strings.Join(scopes, " ")
		return p, Forbidden("the token lacks a scope").Header("WWW-Authenticate", challenge.String())
	}
	return p, nil
}

// Basic authenticates by user and password (RFC 7617).
type Basic struct {
	Realm string

	// Verify returns who the user is, and whether the password is right. The
	// error says that this could not be found out.
	Verify func(ctx context.Context, user, password string) (Principal, bool, error)
}

// Authenticate implements [Authenticator]: 401 where credentials are missing,
// malformed or wrong, 403 where a scope is lacking.
func (b Basic) Authenticate(r *http.Request, scopes []string) (Principal, error) {
	challenge := Challenge{Scheme: "Basic", Realm: b.Realm}
	user, password, ok := r.BasicAuth()
	if !ok || len(r.Header["Authorization"]) > 1 {
		return Principal{}, Unauthorized(challenge).Detail("user and password are needed")
	}
	p, ok, err := b.Verify(r.Context(), user, password)
	switch {
	case err != nil:
		return Principal{}, err
	case !ok:
		return Principal{}, Unauthorized(challenge).Detail("user or password is wrong")
	case !p.has(scopes):
		return p, Forbidden("the user may not do this")
	}
	return p, nil
}

func (p Principal) has(scopes []string) bool {
	for _, s := range scopes {
		if !slices.Contains(p.Scopes, s) {
			return false
		}
	}
	return true
}

// cutScheme returns what follows an authentication scheme, whose case does not
// matter (RFC 9110, 11.1), and whether the credentials have that scheme.
func cutScheme(credentials, scheme string) (string, bool) {
	name, rest, _ := strings.Cut(credentials, " ")
	return strings.TrimLeft(rest, " "), strings.EqualFold(name, scheme)
}

// isToken68 reports whether a text has the form of a token.
//
//	b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
func isToken68(s string) bool {
	s = strings.TrimRight(s, "=")
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '-', c == '.', c == '_', c == '~', c == '+', c == '/':
		default:
			return false
		}
	}
	return s != ""
}
