package config

import (
	"fmt"
	"maps"
	"math"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/spell"
)

// maxFaults is how many faults are told; those behind it may follow from them.
const maxFaults = 20

// reader reads the nodes of a file and gathers what is wrong with it. No fault
// shows a value that may be secret.
type reader struct {
	name   string
	rules  []*statute.Rule
	faults []error
}

// report notes a fault. Line 0 means that it is not known.
func (r *reader) report(line int, format string, args ...any) {
	place := r.name
	if line > 0 {
		place += ": line " + strconv.Itoa(line)
	}
	if len(r.faults) < maxFaults {
		r.faults = append(r.faults, fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...)))
	}
}

// meant returns the question after a word that is none of those known, or "".
func meant(word string, known []string) string {
	if near := spell.Nearest(word, known); near != "" {
		return fmt.Sprintf(": did you mean %q?", near)
	}
	return ""
}

// null reports whether a node says nothing: a key with its values commented out.
func null(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// read reads a value.
type read func(n *yaml.Node)

// mapping reads a mapping whose keys are known.
func (r *reader) mapping(n *yaml.Node, members map[string]read) {
	r.entries(n, func(key, value *yaml.Node) {
		read := members[key.Value]
		switch {
		case read == nil:
			r.report(key.Line, "unknown key %q%s", key.Value, meant(key.Value, slices.Sorted(maps.Keys(members))))
		case !null(value):
			read(value)
		}
	})
}

// entries calls a function for each key of a mapping and its value.
func (r *reader) entries(n *yaml.Node, entry func(key, value *yaml.Node)) {
	if !r.is(n, yaml.MappingNode, "keys and values") {
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case !r.is(key, yaml.ScalarNode, "a word for a key"):
		case seen[key.Value]:
			r.report(key.Line, "%q stands here twice", key.Value)
		default:
			seen[key.Value] = true
			entry(key, n.Content[i+1])
		}
	}
}

// is reports whether a node is of a kind, and the fault if it is not.
func (r *reader) is(n *yaml.Node, kind yaml.Kind, what string) bool {
	switch {
	case n.Kind == yaml.AliasNode:
		r.report(n.Line, "an alias (*%s) is not understood here: write out what it stands for", n.Value)
	case n.Kind != kind:
		r.report(n.Line, "this should be %s", what)
	}
	return n.Kind == kind
}

// scalar returns a scalar as it is written; false if it is none.
func (r *reader) scalar(n *yaml.Node) (string, bool) {
	if !r.is(n, yaml.ScalarNode, "a text") {
		return "", false
	}
	if null(n) || strings.TrimSpace(n.Value) == "" {
		r.report(n.Line, "this should be a text, and is empty")
		return "", false
	}
	return n.Value, true
}

func (r *reader) text(into *string) read {
	return func(n *yaml.Node) { *into, _ = r.scalar(n) }
}

// texts reads a list of texts, or one.
func (r *reader) texts(into *[]string) read {
	return r.list(func(n *yaml.Node) {
		if text, ok := r.scalar(n); ok {
			*into = append(*into, text)
		}
	})
}

// pairs reads a list of texts, or one, each a name and a value with a sign
// between them.
func (r *reader) pairs(into *[]Text, sign, example string) read {
	return r.list(func(n *yaml.Node) {
		text, ok := r.scalar(n)
		if !ok {
			return
		}
		if name, _, ok := strings.Cut(text, sign); !ok || strings.TrimSpace(name) == "" {
			r.report(n.Line, "this reads %s", example)
			return
		}
		*into = append(*into, Text{text, n.Line})
	})
}

// list reads each item of a list, or the one value that stands in its place.
func (r *reader) list(item read) read {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			item(n)
			return
		}
		for _, n := range n.Content {
			item(n)
		}
	}
}

// table reads texts by names.
func (r *reader) table(into *map[string]string, check func(key *yaml.Node, text string)) read {
	return func(n *yaml.Node) {
		*into = map[string]string{}
		r.entries(n, func(key, value *yaml.Node) {
			if text, ok := r.scalar(value); ok {
				check(key, text)
				(*into)[key.Value] = text
			}
		})
	}
}

// number reads a number from 1 on.
func (r *reader) number(into *int) read {
	return func(n *yaml.Node) {
		v, err := strconv.Atoi(n.Value)
		if err != nil || v < 1 || n.Kind != yaml.ScalarNode {
			r.report(n.Line, "this should be a whole number, 1 at least")
		}
		*into = v
	}
}

// beside makes a file's name relative to the caller.
func (r *reader) beside(name *string) {
	if *name != "" && !strings.Contains(*name, "://") && !filepath.IsAbs(*name) {
		*name = filepath.Join(filepath.Dir(r.name), *name)
	}
}

func (r *reader) file(n *yaml.Node, f *File) {
	var chosen []Text // names of credentials
	credential := func(into *string) read {
		return func(n *yaml.Node) {
			if name, ok := r.scalar(n); ok {
				*into, chosen = name, append(chosen, Text{name, n.Line})
			}
		}
	}
	r.mapping(n, map[string]read{
		"target":      r.url(&f.Target),
		"description": r.text(&f.Description),
		"headers":     r.headers(&f.Headers),
		"credentials": func(n *yaml.Node) { f.Credentials = r.credentials(n) },
		"as":          credential(&f.As),
		"as-low":      credential(&f.AsLow),
		"as-other":    credential(&f.AsOther),
		"values":      r.table(&f.Values, func(*yaml.Node, string) {}),
		"conventions": r.table(&f.Conventions, r.convention),
		"limits": func(n *yaml.Node) {
			r.mapping(n, map[string]read{
				"requests":      r.number(&f.Limits.Requests),
				"per-operation": r.number(&f.Limits.PerOperation),
				"time":          r.duration(&f.Limits.Time),
				"per-second":    r.rate(&f.Limits.PerSecond),
			})
		},
		"only":    r.texts(&f.Only),
		"skip":    r.texts(&f.Skip),
		"risky":   r.texts(&f.Risky),
		"off":     r.list(func(n *yaml.Node) { f.Off = append(f.Off, r.off(n)) }),
		"fail-on": r.failOn(&f.FailOn),
	})
	r.beside(&f.Description)
	known := slices.Sorted(maps.Keys(f.Credentials))
	for _, c := range chosen {
		if !slices.Contains(known, c.Text) {
			r.report(c.Line, "no credentials are named %q%s", c.Text, meant(c.Text, known))
		}
	}
}

func (r *reader) credentials(n *yaml.Node) map[string]Credential {
	all := map[string]Credential{}
	r.entries(n, func(key, value *yaml.Node) { all[key.Value] = r.credential(key.Line, value) })
	return all
}

func (r *reader) credential(line int, n *yaml.Node) Credential {
	c := Credential{Line: line}
	before := len(r.faults)
	r.mapping(n, map[string]read{
		"header": r.headers(&c.Header),
		"basic":  r.pairs(&c.Basic, ":", "user:password"),
		"query":  r.pairs(&c.Query, "=", "name=value"),
		"cookie": r.pairs(&c.Cookie, "=", "name=value"),
		"oauth2": func(n *yaml.Node) { c.OAuth2 = r.oauth2(n) },
		"login":  func(n *yaml.Node) { c.Login = r.login(n) },
		"tls":    func(n *yaml.Node) { c.TLS = r.tls(n) },
	})
	nothing := c.Header == nil && c.Basic == nil && c.Query == nil && c.Cookie == nil && c.OAuth2 == nil && c.Login == nil && c.TLS == nil
	switch {
	case nothing && len(r.faults) == before:
		r.report(line, "credentials have at least one of header, basic, query, cookie, oauth2, login and tls")
	case len(c.Basic) > 1:
		r.report(c.Basic[1].Line, "there is one user: only one Authorization field can be sent")
	}
	return c
}

func (r *reader) oauth2(n *yaml.Node) *OAuth2 {
	o := &OAuth2{Grant: "client_credentials"}
	r.mapping(n, map[string]read{
		"token":         r.url(&o.Token),
		"client_id":     r.text(&o.ClientID),
		"client_secret": r.text(&o.ClientSecret),
		"scope":         r.text(&o.Scope),
		"grant":         r.oneOf(&o.Grant, "client_credentials", "password"),
		"username":      r.text(&o.Username),
		"password":      r.text(&o.Password),
	})
	r.demand(n, "token", o.Token)
	switch o.Grant {
	case "password":
		r.demand(n, "username", o.Username)
		r.demand(n, "password", o.Password)
	case "client_credentials":
		r.demand(n, "client_id", o.ClientID)
		r.demand(n, "client_secret", o.ClientSecret)
	}
	return o
}

func (r *reader) login(n *yaml.Node) *Login {
	l := &Login{}
	r.mapping(n, map[string]read{
		"request": func(n *yaml.Node) {
			text, ok := r.scalar(n)
			if !ok {
				return
			}
			method, target, _ := strings.Cut(text, " ")
			if target = strings.TrimSpace(target); !strings.HasPrefix(target, "/") && !absolute(target) || strings.Contains(target, " ") {
				r.report(n.Line, "this reads METHOD /path, such as POST /login")
				return
			}
			l.Method, l.Target = method, target
		},
		"headers": r.headers(&l.Headers),
		"body":    func(n *yaml.Node) { l.Body = r.value(n) },
		"take":    func(n *yaml.Node) { l.Take = r.take(n) },
	})
	r.demand(n, "request", l.Method)
	r.demand(n, "take", l.Take.JSON+l.Take.Cookie+l.Take.Header)
	return l
}

func (r *reader) take(n *yaml.Node) Take {
	t := Take{}
	r.mapping(n, map[string]read{
		"json":   r.text(&t.JSON),
		"cookie": r.text(&t.Cookie),
		"header": r.text(&t.Header),
		"as":     r.text(&t.As),
	})
	given := 0
	for _, where := range []string{t.JSON, t.Cookie, t.Header} {
		if where != "" {
			given++
		}
	}
	name, _, field := strings.Cut(t.As, ":")
	switch {
	case given != 1:
		r.report(n.Line, "take one of json, cookie and header")
	case t.JSON != "" && !strings.HasPrefix(t.JSON, "/"):
		r.report(n.Line, "json is a JSON Pointer, such as /token")
	case t.JSON != "" && t.As == "":
		r.report(n.Line, `what is taken from JSON needs an "as", such as "Authorization: Bearer {}"`)
	case t.As != "" && (!field || strings.TrimSpace(name) == "" || !strings.Contains(t.As, "{}")):
		r.report(n.Line, `as reads "Name: value" with {} for what was taken, such as "Authorization: Bearer {}"`)
	}
	return t
}

func (r *reader) tls(n *yaml.Node) *TLS {
	t := &TLS{}
	r.mapping(n, map[string]read{"cert": r.text(&t.Cert), "key": r.text(&t.Key), "ca": r.text(&t.CA)})
	r.demand(n, "cert", t.Cert)
	r.demand(n, "key", t.Key)
	r.beside(&t.Cert)
	r.beside(&t.Key)
	r.beside(&t.CA)
	return t
}

func (r *reader) off(n *yaml.Node) Off {
	o := Off{Line: n.Line}
	r.mapping(n, map[string]read{
		"rule": func(n *yaml.Node) {
			r.text(&o.Rule)(n)
			var known []string
			for _, rule := range r.rules {
				known = append(known, rule.ID)
			}
			if o.Rule != "" && !slices.Contains(known, o.Rule) {
				r.report(n.Line, "there is no rule %q%s", o.Rule, meant(o.Rule, known))
			}
		},
		"route": r.text(&o.Route),
		"code": func(n *yaml.Node) {
			r.number(&o.Code)(n)
			if o.Code > 0 && (o.Code < 100 || o.Code > 599) {
				r.report(n.Line, "%d is no status code", o.Code)
			}
		},
		"reason": r.text(&o.Reason),
	})
	if n.Kind == yaml.MappingNode {
		r.demand(n, "rule", o.Rule)
		r.demand(n, "reason", o.Reason)
	}
	return o
}

// convention reports a key that is no convention's name, and a choice that the API
// does not have where it is one between codes.
func (r *reader) convention(key *yaml.Node, choice string) {
	var known []string
	for _, rule := range r.rules {
		if rule.Convention == key.Value {
			r.choice(rule, key, choice)
			return
		}
		if rule.Convention != "" {
			known = append(known, rule.Convention)
		}
	}
	r.report(key.Line, "there is no convention %q%s", key.Value, meant(key.Value, known))
}

func (r *reader) choice(rule *statute.Rule, key *yaml.Node, choice string) {
	var codes []string
	for _, code := range rule.On {
		if code < 100 { // a class: the choice is not between codes
			return
		}
		codes = append(codes, strconv.Itoa(code))
	}
	if !slices.Contains(codes, choice) {
		r.report(key.Line, "%s are answered %s, not %q", key.Value, strings.Join(codes, " or "), choice)
	}
}

// demand reports a key that is not there. One that is there and wrong was
// reported already.
func (r *reader) demand(n *yaml.Node, key, value string) {
	if value != "" || n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key && !null(n.Content[i+1]) {
			return
		}
	}
	r.report(n.Line, "here %q is missing", key)
}

func (r *reader) headers(into *[]Text) read { return r.pairs(into, ":", "'Name: value'") }

func (r *reader) url(into *string) read {
	return func(n *yaml.Node) {
		*into, _ = r.scalar(n)
		if *into != "" && !absolute(*into) {
			r.report(n.Line, "this should be an http or https URL")
		}
	}
}

// absolute reports whether a text is an absolute http or https URL.
func absolute(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func (r *reader) oneOf(into *string, words ...string) read {
	return func(n *yaml.Node) {
		*into, _ = r.scalar(n)
		if *into != "" && !slices.Contains(words, *into) {
			r.report(n.Line, "%q is none of %s", *into, strings.Join(words, ", "))
		}
	}
}

func (r *reader) failOn(into *string) read { return r.oneOf(into, "must", "should", "advice", "never") }

func (r *reader) duration(into *time.Duration) read {
	return func(n *yaml.Node) {
		d, err := time.ParseDuration(n.Value)
		if err != nil || d <= 0 {
			r.report(n.Line, "this should be a time with its unit, such as 2m or 90s")
		}
		*into = d
	}
}

func (r *reader) rate(into *float64) read {
	return func(n *yaml.Node) {
		v, err := strconv.ParseFloat(n.Value, 64)
		if err != nil || !(v > 0 && v < 1e9) {
			r.report(n.Line, "this should be a number above 0")
		}
		*into = v
	}
}

// value reads any value, as JSON has them.
func (r *reader) value(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		object := map[string]any{}
		r.entries(n, func(key, value *yaml.Node) { object[key.Value] = r.value(value) })
		return object
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range n.Content {
			list = append(list, r.value(item))
		}
		return list
	}
	if !r.is(n, yaml.ScalarNode, "a value") {
		return nil
	}
	var v any
	switch n.ShortTag() {
	case "!!null", "!!bool", "!!int", "!!float":
		err := n.Decode(&v)
		if number, ok := v.(float64); err != nil || ok && (math.IsNaN(number) || math.IsInf(number, 0)) {
			r.report(n.Line, "this is no value that JSON knows")
		}
		return v
	}
	return n.Value
}
