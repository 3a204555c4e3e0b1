package openapi

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/statute-http/statute"
)

// Matcher finds the operation that a request asks for.
type Matcher struct {
	hosts []string // whose requests count; none means all
	local bool     // those to this machine count too
	root  step
}

// step is a place in the tree of path templates.
type step struct {
	literal    map[string]*step
	templated  []*step  // those with more literal text first
	parts      []string // of a templated one: the text around its parameters
	path       string   // the template, as the description has it; "" if none ends here
	operations map[string]described
}

// described is an operation and what is declared of it.
type described struct {
	statute.Operation
	declared *statute.Declared
}

// NewMatcher returns a matcher for the operations of a description, which stand
// below base or, if that is nil, below the servers that the description names.
// Requests to other hosts match nothing, but for those to this machine where base
// is nil.
func NewMatcher(d *Description, base *url.URL) *Matcher {
	m := &Matcher{local: base == nil}
	for _, op := range d.Operations {
		servers := op.Servers
		switch {
		case base != nil:
			servers = []string{base.String()}
		case len(servers) == 0:
			servers = d.Servers
		}
		if len(servers) == 0 {
			servers = []string{"/"}
		}
		for _, server := range servers {
			u, err := url.Parse(server)
			if err != nil {
				continue
			}
			if host := hostOf(u.Host); host != "" && !slices.Contains(m.hosts, host) {
				m.hosts = append(m.hosts, host)
			}
			m.add(strings.TrimSuffix(u.Path, "/"), op)
		}
	}
	return m
}

// add enters an operation below a server's path.
func (m *Matcher) add(prefix string, op *Operation) {
	at := &m.root
	if prefix != "" {
		for segment := range strings.SplitSeq(strings.TrimPrefix(prefix, "/"), "/") {
			at = at.below(segment, []string{segment})
		}
	}
	for segment := range strings.SplitSeq(strings.TrimPrefix(op.Path, "/"), "/") {
		at = at.below(segment, around(segment))
	}
	if at.path == "" {
		at.path, at.operations = op.Path, map[string]described{}
	}
	if _, known := at.operations[op.Method]; !known {
		at.operations[op.Method] = described{op.Operation, op.Declared()}
	}
}

// below returns the step for a segment, given the text around its parameters.
func (s *step) below(segment string, parts []string) *step {
	if len(parts) == 1 {
		next := s.literal[segment]
		if next == nil {
			next = &step{}
			if s.literal == nil {
				s.literal = map[string]*step{}
			}
			s.literal[segment] = next
		}
		return next
	}
	if i := slices.IndexFunc(s.templated, func(t *step) bool { return slices.Equal(t.parts, parts) }); i >= 0 {
		return s.templated[i]
	}
	next := &step{parts: parts}
	s.templated = append(s.templated, next)
	slices.SortStableFunc(s.templated, func(a, b *step) int {
		return len(strings.Join(b.parts, "")) - len(strings.Join(a.parts, ""))
	})
	return next
}

// around returns the text around the parameters of a template's segment: "a",
// ".b" and "" for a{x}.b{y}.
func around(segment string) []string {
	var parts []string
	for {
		text, rest, ok := strings.Cut(segment, "{")
		_, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return append(parts, segment)
		}
		parts = append(parts, text)
		segment = after
	}
}

// Match returns the operation that a request asks for and what is declared of it.
// A HEAD asks for the GET if it is not described itself. For a method that is not
// described the operation has the path's template, and nothing is declared. The
// operation is zero if the path is not described.
func (m *Matcher) Match(r *statute.Request) (statute.Operation, *statute.Declared) {
	host := hostOf(r.Authority)
	if len(m.hosts) > 0 && !slices.Contains(m.hosts, host) && !(m.local && thisMachine(host)) {
		return statute.Operation{}, nil
	}
	path := r.Path()
	if !strings.HasPrefix(path, "/") {
		return statute.Operation{}, nil
	}
	found := search{method: r.Method}
	found.walk(&m.root, path[1:])
	if found.at == nil {
		return statute.Operation{}, nil
	}
	op, ok := found.at.operations[r.Method]
	if !ok && r.Method == "HEAD" {
		op, ok = found.at.operations["GET"]
	}
	if !ok {
		op.Operation = statute.Operation{Method: r.Method, Path: found.at.path}
	}
	return op.Operation, op.declared
}

// search looks for a path in the tree.
type search struct {
	method string
	at     *step // the first one found or, better, one that has the method
}

// walk goes through all steps that fit what is left of the path, literal ones
// first, and reports whether it may end: the method was found.
func (s *search) walk(at *step, path string) bool {
	segment, rest, more := strings.Cut(path, "/")
	if plain, err := url.PathUnescape(segment); err == nil {
		segment = plain
	}
	try := func(next *step) bool {
		if more {
			return s.walk(next, rest)
		}
		_, has := next.operations[s.method]
		if has || s.at == nil && next.path != "" {
			s.at = next
		}
		return has
	}
	if next := at.literal[segment]; next != nil && try(next) {
		return true
	}
	for _, next := range at.templated {
		if fits(segment, next.parts) && try(next) {
			return true
		}
	}
	return false
}

// fits reports whether a segment has texts around one character or more each.
func fits(segment string, parts []string) bool {
	last := len(parts) - 1
	if !strings.HasPrefix(segment, parts[0]) {
		return false
	}
	segment = segment[len(parts[0]):]
	for _, part := range parts[1:last] {
		if segment == "" {
			return false
		}
		i := strings.Index(segment[1:], part)
		if i < 0 {
			return false
		}
		segment = segment[1+i+len(part):]
	}
	return len(segment) > len(parts[last]) && strings.HasSuffix(segment, parts[last])
}

// hostOf returns a host in lower case, without the port that its scheme implies.
func hostOf(authority string) string {
	authority = strings.ToLower(authority)
	return strings.TrimSuffix(strings.TrimSuffix(authority, ":443"), ":80")
}

// thisMachine reports whether an authority names the machine it is asked on.
func thisMachine(authority string) bool {
	host, _, err := net.SplitHostPort(authority)
	if err != nil {
		host = strings.Trim(authority, "[]")
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
