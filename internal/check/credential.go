package check

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/statute-http/statute"
)

// Credential is one secret and where it goes.
type Credential struct {
	In    string // "header", "query", "cookie"
	Name  string
	Value string
}

// credentialCases leave out the credentials, then falsify them: in one way for
// each operation, in every way if the run is exhaustive.
func (r *run) credentialCases(ctx context.Context, op *operation) {
	if op.closed = r.walled && r.secures(op); op.closed || !r.guarded(op) {
		return
	}
	x := r.try(ctx, op, r.request(op.call, statute.Nobody), r.caseOf(statute.Nobody, op.control))
	r.walled = r.walled || r.bare != nil && x != nil && strings.Contains(x.Error, "tls: ") // an alert in the place of an answer
	op.closed = x != nil && (x.Response.Status == http.StatusUnauthorized || x.Response.Status == http.StatusForbidden || r.walled)
	r.parties[statute.Full].prove(op, op.control)
	r.keep(op.call, x)
	var refusal *statute.Exchange
	if op.closed {
		refusal = x
	}

	if r.bare != nil { // no certificate is forged
		return
	}
	forged := r.forgeries()
	if !r.Exhaustive {
		forged = forged[slices.Index(r.operations, op)%len(forged):][:1]
	}
	for _, f := range forged {
		request := r.request(op.call, statute.Nobody)
		for _, c := range f.credentials {
			request.Target, request.Fields = c.attach(request.Target, request.Fields)
		}
		x := r.try(ctx, op, request, statute.Case{
			Cause: f.cause, Detail: f.detail, Control: op.control, Elsewhere: refusal, Principal: statute.False,
		})
		r.keep(op.call, x)
	}
}

// guarded reports whether an operation may demand credentials and there are some
// to be left out.
func (r *run) guarded(op *operation) bool {
	return (len(r.credentials(statute.Full)) > 0 || r.bare != nil && !r.walled) && r.secures(op)
}

// secures reports whether an operation may be open to some alone: the description
// says so, or says it of no operation at all.
func (r *run) secures(op *operation) bool { return op.Secured() || !r.describesSecurity() }

// describesSecurity reports whether the description says of any operation that
// it demands credentials: then its silence about others means something.
func (r *run) describesSecurity() bool {
	return slices.ContainsFunc(r.operations, func(op *operation) bool { return op.Secured() })
}

// attach puts a credential into a request: in the place of what has its name
// there, else behind the rest.
func (c Credential) attach(target string, lines statute.Fields) (string, statute.Fields) {
	named := func(pair string) bool {
		name, _, _ := strings.Cut(strings.TrimSpace(pair), "=")
		if plain, err := url.QueryUnescape(name); err == nil && c.In == "query" {
			name = plain
		}
		return name == c.Name
	}
	switch c.In {
	case "query":
		pair := url.QueryEscape(c.Name) + "=" + url.QueryEscape(c.Value)
		path, query, _ := strings.Cut(target, "?")
		pairs := strings.Split(query, "&")
		if i := slices.IndexFunc(pairs, named); i >= 0 {
			pairs[i] = pair
			return path + "?" + strings.Join(pairs, "&"), lines
		}
		return addQuery(target, pair), lines
	case "cookie": // one line for all (RFC 6265, 5.4)
		pair := c.Name + "=" + c.Value
		return target, set(lines, "Cookie", func(old string) string {
			if old == "" {
				return pair
			}
			pairs := strings.Split(old, "; ")
			if i := slices.IndexFunc(pairs, named); i >= 0 {
				pairs[i] = pair
				return strings.Join(pairs, "; ")
			}
			return old + "; " + pair
		})
	}
	return target, set(lines, c.Name, func(string) string { return c.Value })
}

// set returns a copy of field lines in which the field has the value that is
// made from its old one, "" if it is not there.
func set(lines statute.Fields, name string, value func(old string) string) statute.Fields {
	lines = slices.Clone(lines)
	for i, f := range lines {
		if strings.EqualFold(f.Name, name) {
			lines[i].Value = value(f.Value)
			return lines
		}
	}
	return append(lines, statute.Field{Name: name, Value: value("")})
}

// forgery is a set of credentials that cannot be right.
type forgery struct {
	cause       statute.Cause
	detail      string
	credentials []Credential
}

// forgeries returns false credentials in every way that the right ones allow.
func (r *run) forgeries() []forgery {
	right := r.credentials(statute.Full)
	forge := func(cause statute.Cause, detail string, by func(scheme, token string) string) forgery {
		f := forgery{cause, detail, slices.Clone(right)}
		for i, c := range right {
			f.credentials[i].Value = by(c.parts())
		}
		return f
	}
	all := []forgery{forge(statute.FalseCredentials, "of the same form, and nobody's", unknown)}
	if slices.ContainsFunc(right, func(c Credential) bool { _, token := c.parts(); return jwt.MatchString(token) }) {
		all[0].detail = "a JWT with another signature"
		all = append(all, forge(statute.FalseCredentials, "a JWT that expired an hour ago, with the old signature",
			func(scheme, token string) string { return expired(scheme, token, r.start) }))
	}
	if len(r.Expired) > 0 {
		all = append(all, forgery{statute.FalseCredentials, "expired", r.Expired})
	}
	all = append(all, forge(statute.MalformedCredentials, "a scheme without its token, or an empty value", malformed))
	for _, c := range all[0].credentials {
		if scheme, _ := c.parts(); len(c.Value) >= 8 && !isBasic(scheme) {
			r.secret(c.Value) // its form is that of the right one; that of Basic is always the same
		}
	}
	return all
}

// parts returns the scheme of a credential, with the space behind it, and the
// token.
func (c Credential) parts() (scheme, token string) {
	if scheme, token, ok := strings.Cut(c.Value, " "); ok && token != "" {
		return scheme + " ", token
	}
	return "", c.Value
}

// isBasic reports whether a scheme, with the space behind it, is that of user and
// password.
func isBasic(scheme string) bool { return strings.EqualFold(scheme, "Basic ") }

// unknown returns a credential of the same form that nobody has.
func unknown(scheme, token string) string {
	switch {
	case isBasic(scheme):
		return scheme + base64.StdEncoding.EncodeToString([]byte("statute:false"))
	case jwt.MatchString(token):
		i := strings.LastIndexByte(token, '.') + 1
		first := "A"
		if token[i] == 'A' {
			first = "B"
		}
		return scheme + token[:i] + first + token[i+1:]
	}
	small, large := "qzxwvkjy", "QZXWVKJY"
	if strings.Trim(token, "0123456789abcdefABCDEF-") == "" {
		small, large = "badfec", "BADFEC"
	}
	made := []byte(token)
	for i, b := range made {
		switch {
		case b >= '0' && b <= '9':
			made[i] = "9072648135"[i%10]
		case b >= 'a' && b <= 'z':
			made[i] = small[i%len(small)]
		case b >= 'A' && b <= 'Z':
			made[i] = large[i%len(large)]
		}
	}
	return scheme + string(made)
}

// expired returns a JWT with an exp in the past, and what is no JWT unknown (RFC
// 7519, 4.1.4).
func expired(scheme, token string, now time.Time) string {
	if !jwt.MatchString(token) {
		return unknown(scheme, token)
	}
	parts := strings.Split(token, ".")
	content, _ := base64.RawURLEncoding.DecodeString(parts[1])
	claims, ok := decode(content).(map[string]any)
	if !ok {
		return unknown(scheme, token)
	}
	claims["exp"] = now.Add(-time.Hour).Unix()
	content, _ = json.Marshal(claims)
	parts[1] = base64.RawURLEncoding.EncodeToString(content)
	return scheme + strings.Join(parts, ".")
}

// malformed returns a credential that the scheme does not allow.
func malformed(scheme, _ string) string {
	if isBasic(scheme) {
		return scheme + "?" // no base64 (RFC 7617, 2)
	}
	return strings.TrimSuffix(scheme, " ")
}

// jwt matches a signed JSON Web Token (RFC 7515, 3.1).
var jwt = regexp.MustCompile(`^eyJ[\w-]+\.[\w-]+\.[\w-]+$`)
