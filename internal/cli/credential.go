package cli

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/internal/report"
)

// value is a field, a query parameter or a cookie that the user gave.
type value struct {
	check.Credential
	shell  string // how to write the value between double quotes in a shell without telling it
	secret bool   // it came from a variable or a file
}

var (
	variable = regexp.MustCompile(`\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})`)
	token    = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$") // RFC 9110, 5.6.2

	// references is a value that tells nothing: a variable, perhaps after the
	// name of a scheme.
	references = regexp.MustCompile(`^(?:[A-Za-z][A-Za-z0-9-]* )?\$(?:\w+|\{\w+\})$`)
	plainPath  = regexp.MustCompile(`^[A-Za-z0-9_./-]+$`)
)

// parseField reads "Name: value". The value may hold variables ($NAME or
// ${NAME}), or be @FILE, for an Authorization also after its scheme; the file's
// name is relative to the folder.
func parseField(text, folder string) (value, error) {
	name, raw, ok := strings.Cut(text, ":")
	name = strings.TrimSpace(name)
	if !ok || !token.MatchString(name) {
		return value{}, hint(errors.New("a header field reads 'Name: value'"), "--auth 'Authorization: Bearer $TOKEN'")
	}
	return expand("header", name, strings.TrimSpace(raw), folder)
}

// parseAuth reads a credential: "Name: value", or "?name=value" for the query.
// The cookies in a Cookie field are credentials of their own.
func parseAuth(text, folder string) ([]value, error) {
	if pair, ok := strings.CutPrefix(text, "?"); ok {
		name, raw, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, hint(errors.New("a credential in the query reads '?name=value'"), "--auth '?api_key=$API_KEY'")
		}
		v, err := expand("query", name, raw, folder)
		return []value{v}, err
	}
	v, err := parseField(text, folder)
	if err != nil {
		return nil, err
	}
	return split(v), nil
}

// split takes the cookies of a Cookie field apart.
func split(v value) []value {
	if !strings.EqualFold(v.Name, "Cookie") {
		return []value{v}
	}
	var cookies []value
	for pair := range strings.SplitSeq(v.Value, ";") {
		name, content, _ := strings.Cut(strings.TrimSpace(pair), "=")
		if name == "" {
			continue
		}
		cookies = append(cookies, value{
			Credential: check.Credential{In: "cookie", Name: name, Value: content},
			shell:      "$" + report.Variable(name),
			secret:     v.secret,
		})
	}
	return cookies
}

// expand replaces variables and files in a value; the names of files are
// relative to the folder.
func expand(in, name, raw, folder string) (value, error) {
	v := value{Credential: check.Credential{In: in, Name: name, Value: raw}}
	scheme := "" // with the space after it
	if word, _, ok := strings.Cut(raw, " "); ok && strings.EqualFold(name, "Authorization") {
		scheme = word + " "
	}
	v.shell = scheme + "$" + report.Variable(name)
	if path, ok := strings.CutPrefix(strings.TrimPrefix(raw, scheme), "@"); ok {
		if !filepath.IsAbs(path) {
			path = filepath.Join(folder, path)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return v, hint(fmt.Errorf("the value of %s cannot be read: %w", name, err), "--auth '%s: %s@token.txt'", name, scheme)
		}
		v.Value, v.secret = scheme+strings.TrimSpace(string(content)), true
		if plainPath.MatchString(path) {
			v.shell = scheme + "$(cat " + path + ")"
		}
	} else {
		if references.MatchString(raw) {
			v.shell = raw
		}
		var unset string
		v.Value = variable.ReplaceAllStringFunc(raw, func(reference string) string {
			name := strings.Trim(reference, "${}")
			content, ok := os.LookupEnv(name)
			if !ok || content == "" {
				unset = cmp.Or(unset, name)
			}
			v.secret = true
			return content
		})
		if unset != "" {
			return v, hint(fmt.Errorf("the value of %s names the variable %s, which is not set", name, unset), "export %s=...", unset)
		}
	}
	if strings.ContainsAny(v.Value, "\r\n\x00") {
		return v, hint(fmt.Errorf("the value of %s has more than one line: a field value is one line", name), "printf %%s \"$VALUE\" | od -c")
	}
	return v, nil
}

// login is what the user gave to be sent: fields that go with every request,
// and who is to send them.
type login struct {
	fields     []value
	identity   // of Full
	low, other identity
	expired    []value        // credentials of Full that are good no more
	offline    bool           // nothing is to be reached
	roots      *x509.CertPool // who vouches for the server; nil means the system's

	users map[string]identity // from a WFC file, by name
	first string              // of them
}

// parseLogin reads the values of -H and --auth. A field that is known to carry
// credentials is taken as one.
func parseLogin(fields, auth []string) (*login, error) {
	l := &login{}
	for _, text := range fields {
		v, err := parseField(text, "")
		if err != nil {
			return nil, fmt.Errorf("reading -H, %w", err)
		}
		l.fields = append(l.fields, v)
	}
	for _, text := range auth {
		values, err := parseAuth(text, "")
		if err != nil {
			return nil, fmt.Errorf("reading --auth, %w", err)
		}
		l.credentials = append(l.credentials, values...)
	}
	l.promote("Authorization", "Cookie")
	return l, nil
}

// expire reads the values of --auth-expired.
func (l *login) expire(auth []string) error {
	for _, text := range auth {
		values, err := parseAuth(text, "")
		if err != nil {
			return fmt.Errorf("reading --auth-expired, %w", err)
		}
		l.expired = append(l.expired, values...)
	}
	return nil
}

// promote makes credentials of the fields with those names.
func (l *login) promote(names ...string) {
	l.fields = slices.DeleteFunc(l.fields, func(v value) bool {
		match := slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, v.Name) })
		if match {
			l.credentials = append(l.credentials, split(v)...)
		}
		return match
	})
}

// schemes makes credentials of the fields that the description's security
// schemes name.
func (l *login) schemes(d *openapi.Description) {
	for _, name := range slices.Sorted(maps.Keys(d.Schemes)) {
		if s := d.Schemes[name]; s.Type == "apiKey" && s.In == "header" {
			l.promote(s.Name)
		}
	}
}

// secrets returns the values that must not show.
func (l *login) secrets() []string {
	all := slices.Concat(l.identity.secrets(), l.low.secrets(), l.other.secrets())
	for _, v := range l.expired {
		all = append(all, v.Value)
	}
	for _, v := range l.fields {
		if v.secret {
			all = append(all, v.Value)
		}
	}
	return all
}

// sent returns the fields that go with every request.
func (l *login) sent() statute.Fields {
	var out statute.Fields
	for _, v := range l.fields {
		out = append(out, statute.Field{Name: v.Name, Value: v.Value})
	}
	return out
}

// give puts all of it into what a check goes by.
func (l *login) give(c *check.Config) {
	c.Fields, c.Roots = l.sent(), l.roots
	c.Full, c.Low, c.Other = l.at(c.Base), l.low.at(c.Base), l.other.at(c.Base)
	for _, v := range l.expired {
		c.Expired = append(c.Expired, v.Credential)
	}
}

// named returns for reports how to write what must not show.
func (l *login) named() []report.Credential {
	var out []report.Credential
	for _, v := range slices.Concat(l.credentials, l.fields) {
		out = append(out, report.Credential{In: v.In, Name: v.Name, Shell: v.shell})
	}
	if l.certificate != nil {
		out = append(out, report.Credential{In: "tls", Alone: len(l.credentials) == 0 && l.login == nil})
	}
	return out
}
