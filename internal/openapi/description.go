package openapi

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// reader walks a document and fills a Description. It passes over what it
// cannot use, and notes a Problem.
type reader struct {
	library *library
	doc     *document // the one that the user named
	old     bool      // Swagger 2.0
	minor   int       // of OpenAPI 3
	d       *Description
	said    map[Problem]bool

	consumes, produces *node // 2.0's defaults for all operations

	schemas map[string]*Schema // by the nodes that they are read from
	unread  []unreadSchema
	byNode  map[*node]*Operation
	links   []unreadLink
	ids     map[string]bool // operationIds
	routes  map[string]bool // methods and paths, variables without their names
}

// describe makes a description of a document.
func describe(l *library, doc *document) (*Description, error) {
	r := &reader{
		library: l,
		doc:     doc,
		d:       &Description{Location: doc.place.String(), Schemes: map[string]Scheme{}},
		said:    map[Problem]bool{},
		schemas: map[string]*Schema{},
		byNode:  map[*node]*Operation{},
		ids:     map[string]bool{},
		routes:  map[string]bool{},
	}
	if err := r.version(); err != nil {
		return nil, fmt.Errorf("reading %s: %w", doc.place, err)
	}
	r.d.Title = r.text(r.object(doc.root.get("info")).get("title"))
	r.schemes()
	if r.old {
		r.consumes, r.produces = doc.root.get("consumes"), doc.root.get("produces")
		r.d.Servers = r.hosts()
	} else {
		r.d.Servers = r.servers(doc.root.get("servers"))
	}
	r.paths(doc.root.get("paths"))
	r.readSchemas()
	r.readLinks()

	for _, f := range l.faults {
		r.report(f.node, f.line, f.message)
	}
	slices.SortStableFunc(r.d.Problems, func(a, b Problem) int {
		if a.File != b.File && (a.File == r.d.Location || b.File == r.d.Location) {
			if a.File == r.d.Location {
				return -1
			}
			return 1
		}
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return r.d, nil
}

// others are documents that people take for a description, told by a member at
// their top.
var others = [...]struct{ member, what string }{
	{"swaggerVersion", "Swagger 1.x: convert it to OpenAPI 3 first"},
	{"asyncapi", "AsyncAPI, which describes messages, not HTTP"},
	{"arazzo", "Arazzo, which describes workflows: name the description that it refers to"},
	{"log", "a HAR file of recorded traffic: use `statute judge`"},
	{"item", "a Postman collection: export it as OpenAPI"},
	{"$schema", "a JSON Schema: it names no operations"},
}

// version finds out which format the document is in.
func (r *reader) version() error {
	root := r.doc.root
	if root.kind != object {
		return fmt.Errorf("is neither OpenAPI nor Swagger: at its top is %s, not an object", root.what())
	}
	v := cmp.Or(root.get("openapi"), root.get("swagger"))
	if v == nil {
		for _, other := range others {
			if root.get(other.member) != nil {
				return fmt.Errorf("is neither OpenAPI nor Swagger, but %s", other.what)
			}
		}
		return fmt.Errorf(`is neither OpenAPI nor Swagger: no "openapi" or "swagger" member at its top`)
	}
	r.d.Version = v.text
	major, rest, _ := strings.Cut(v.text, ".")
	switch major {
	case "2":
		r.old = true
	case "3":
		minor, _, _ := strings.Cut(rest, ".")
		r.minor = strings.Index("012", minor)
		if len(minor) != 1 || r.minor < 0 {
			r.minor = 2
			r.problem(v, "version %q is not known: read like 3.2", v.text)
		}
	case "1":
		return fmt.Errorf("line %d: is Swagger %s: convert it to OpenAPI 3 first", v.line, v.text)
	default:
		return fmt.Errorf("line %d: version %q is not known: 2.0 and 3.0 to 3.2 are", v.line, v.text)
	}
	return nil
}

// problem notes what is wrong with a node.
func (r *reader) problem(n *node, format string, args ...any) {
	r.report(n, n.line, fmt.Sprintf(format, args...))
}

func (r *reader) report(n *node, line int, message string) {
	if place := n.place(); place != "" {
		message = place + ": " + message
	}
	r.note(Problem{n.doc.place.String(), line, message})
}

// note adds a problem, once.
func (r *reader) note(p Problem) {
	if !r.said[p] {
		r.said[p] = true
		r.d.Problems = append(r.d.Problems, p)
	}
}

// follow returns the node, or what it refers to in the end; nil for nil, and if
// the reference leads nowhere.
func (r *reader) follow(n *node) *node {
	at := n
	for range maxHops {
		if at == nil {
			return nil
		}
		ref, ok := at.reference()
		if !ok {
			return at
		}
		to, err := r.library.target(at, ref)
		if err != nil {
			r.problem(at, "%v: left out", err)
			return nil
		}
		at = to
	}
	r.problem(n, "$ref goes in a circle: left out")
	return nil
}

// object returns the object that the node is or refers to; nil for nil, and if
// it is something else.
func (r *reader) object(n *node) *node { return r.expect(n, object, "an object") }

// items returns the items of the list that the node is or refers to.
func (r *reader) items(n *node) []*node {
	if n = r.expect(n, list, "a list"); n != nil {
		return n.items
	}
	return nil
}

// members returns the members of the object that the node is or refers to,
// without extensions ("x-..."); of several with the same name the last.
func (r *reader) members(n *node) []member {
	if n = r.object(n); n == nil {
		return nil
	}
	last := make(map[string]int, len(n.members))
	for i, m := range n.members {
		last[m.name] = i
	}
	var members []member
	for i, m := range n.members {
		if last[m.name] == i && !strings.HasPrefix(m.name, "x-") {
			members = append(members, m)
		}
	}
	return members
}

func (r *reader) expect(n *node, k kind, what string) *node {
	n = r.follow(n)
	if n != nil && n.kind != k {
		r.problem(n, "is %s, not %s: left out", n.what(), what)
		return nil
	}
	return n
}

// text returns the text of a scalar, "" if it is something else.
func (r *reader) text(n *node) string {
	if n == nil {
		return ""
	}
	if n.kind != scalar {
		r.problem(n, "is %s, not a string: left out", n.what())
	}
	return n.text
}

// texts returns the texts of a list of scalars.
func (r *reader) texts(n *node) []string {
	var texts []string
	for _, item := range r.items(n) {
		if text := r.text(item); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// flag returns the value of a boolean, false if it is something else.
func (r *reader) flag(n *node) bool {
	if n == nil {
		return false
	}
	value, ok := n.scalar.(bool)
	if !ok {
		r.problem(n, "is %s, not true or false: taken as false", n.what())
	}
	return value
}

// hosts returns 2.0's servers: each scheme with the host and the base path.
// Without a host, it is the one that the description came from.
func (r *reader) hosts() []string {
	root := r.doc.root
	host, base := r.text(root.get("host")), r.text(root.get("basePath"))
	if base != "" && !strings.HasPrefix(base, "/") {
		r.problem(root.get("basePath"), "must begin with /")
		base = "/" + base
	}
	base = withoutSlash(base)
	if strings.Contains(host, "/") {
		r.problem(root.get("host"), "is host and port alone, without scheme and path")
		_, rest, found := strings.Cut(host, "://")
		if !found {
			rest = host
		}
		host, _, _ = strings.Cut(rest, "/")
	}
	if host == "" {
		if base == "" {
			return nil
		}
		return []string{base}
	}
	schemes := r.texts(root.get("schemes"))
	if len(schemes) == 0 {
		schemes = []string{"https"}
		if u := r.doc.place.url; u != nil {
			schemes[0] = u.Scheme
		}
	}
	var servers []string
	for _, scheme := range schemes {
		servers = append(servers, scheme+"://"+host+base)
	}
	return servers
}

// servers returns OpenAPI 3's servers, variables replaced by their defaults.
func (r *reader) servers(n *node) []string {
	var servers []string
	for _, item := range r.items(n) {
		server := r.object(item)
		if server == nil {
			continue
		}
		at := r.text(server.get("url"))
		if at == "" {
			r.problem(server, `has no "url": left out`)
			continue
		}
		for _, v := range r.members(server.get("variables")) {
			variable := r.object(v.value)
			value := r.text(variable.get("default"))
			if enum := r.texts(variable.get("enum")); value == "" && len(enum) > 0 {
				value = enum[0]
			}
			at = strings.ReplaceAll(at, "{"+v.name+"}", value)
		}
		if names, _ := variables(at); len(names) > 0 {
			r.problem(server, "variable %q has no default: the server is left out", names[0])
			continue
		}
		if _, err := url.Parse(at); err != nil {
			r.problem(server, "%q is no URL: left out", at)
			continue
		}
		servers = append(servers, withoutSlash(at))
	}
	return servers
}

// withoutSlash returns a server's address without the slash at its end, for
// which the paths have one at their beginning; "/" stays.
func withoutSlash(server string) string {
	if server == "/" {
		return server
	}
	return strings.TrimSuffix(server, "/")
}

// schemes reads the security schemes.
func (r *reader) schemes() {
	n := r.doc.root.get("securityDefinitions")
	if !r.old {
		n = r.object(r.doc.root.get("components")).get("securitySchemes")
	}
	for _, m := range r.members(n) {
		n := r.object(m.value)
		if n == nil {
			continue
		}
		s := Scheme{
			Type:   r.text(n.get("type")),
			In:     strings.ToLower(r.text(n.get("in"))),
			Name:   r.text(n.get("name")),
			Scheme: strings.ToLower(r.text(n.get("scheme"))),
		}
		switch s.Type {
		case "basic":
			s = Scheme{Type: "http", Scheme: "basic"}
		case "http":
			s.In, s.Name = "", ""
			if s.Scheme == "" {
				r.problem(n, `has no "scheme": left out`)
				continue
			}
		case "apiKey":
			s.Scheme = ""
			if s.Name == "" || s.In != "header" && s.In != "query" && s.In != "cookie" {
				r.problem(n, `an API key needs "name", and "in" as header, query or cookie: left out`)
				continue
			}
		case "oauth2", "openIdConnect", "mutualTLS":
			s = Scheme{Type: s.Type}
		default:
			r.problem(n, "type %q of a security scheme is not known: left out", s.Type)
			continue
		}
		r.d.Schemes[m.name] = s
	}
}

// security reads a list of requirements.
func (r *reader) security(n *node) []Requirement {
	var requirements []Requirement
	for _, item := range r.items(n) {
		o := r.object(item)
		if o == nil {
			continue
		}
		requirement := Requirement{}
		for _, m := range r.members(o) {
			if _, ok := r.d.Schemes[m.name]; !ok {
				r.problem(item, "there is no security scheme %q", m.name)
			}
			requirement = append(requirement, m.name)
		}
		requirements = append(requirements, requirement)
	}
	return requirements
}
