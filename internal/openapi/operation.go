package openapi

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/statute-http/statute"
)

// paths reads all operations.
func (r *reader) paths(n *node) {
	if n == nil {
		r.problem(r.doc.root, `there is no "paths" and so no operation`)
		return
	}
	n = r.object(n)
	if n == nil {
		return
	}
	for _, m := range n.members { // also those that repeat: their methods may differ
		if !strings.HasPrefix(m.name, "x-") && !m.value.null() {
			r.pathItem(m)
		}
	}
}

// methodOf returns the method that a member of a path item describes.
func methodOf(name string) (method string, known bool) {
	switch method = strings.ToUpper(name); method {
	case "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY":
		return method, true
	}
	return "", false
}

// item is a path item with all that it shares among its operations.
type item struct {
	path       string
	parameters *node
	servers    []string
}

func (r *reader) pathItem(m member) {
	at := item{path: r.template(m)}
	members := r.itemMembers(m.value)
	for _, m := range members {
		switch m.name {
		case "parameters":
			at.parameters = m.value
		case "servers":
			at.servers = r.servers(m.value)
		}
	}
	for _, m := range members {
		if m.value.null() {
			continue
		}
		switch m.name {
		case "parameters", "servers", "summary", "description", "$ref":
			continue
		case "additionalOperations":
			if !r.old && r.minor >= 2 {
				for _, m := range r.members(m.value) {
					r.operation(at, m.name, m.value)
				}
				continue
			}
		}
		method, known := methodOf(m.name)
		switch {
		case strings.HasPrefix(m.name, "x-"):
		case !known:
			r.problem(m.value, "%q is no method: left out", m.name)
		default:
			if m.name != strings.ToLower(m.name) {
				r.problem(m.value, "methods are written in lower case: %q", strings.ToLower(m.name))
			}
			if method == "QUERY" && (r.old || r.minor < 2) || method == "TRACE" && r.old {
				r.problem(m.value, "%s cannot be described in version %s: read all the same", method, r.d.Version)
			}
			r.operation(at, method, m.value)
		}
	}
}

// itemMembers returns the members of a path item and, below them, those of the
// one that it refers to.
func (r *reader) itemMembers(n *node) []member {
	if _, ok := n.reference(); !ok {
		if n = r.object(n); n == nil {
			return nil
		}
		return n.members
	}
	members := slices.Clone(n.members)
	to := r.object(n)
	if to == nil {
		return members
	}
	for _, m := range to.members {
		if !slices.ContainsFunc(members, func(own member) bool { return own.name == m.name }) {
			members = append(members, m)
		}
	}
	return members
}

// template returns the path template that a member of paths is for.
func (r *reader) template(m member) string {
	path := m.name
	if !strings.HasPrefix(path, "/") {
		r.problem(m.value, "a path begins with /: read as %q", "/"+path)
		path = "/" + path
	}
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		r.problem(m.value, "a path has no query and no fragment: read as %q", path[:i])
		path = path[:i]
	}
	if _, ok := variables(path); !ok {
		r.problem(m.value, "braces that do not match")
	}
	return path
}

// variables returns the names in a template's braces, each once, and whether
// the braces match.
func variables(template string) (names []string, ok bool) {
	for {
		before, rest, open := strings.Cut(template, "{")
		if !open {
			return names, !strings.Contains(before, "}")
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || strings.Contains(before, "}") || strings.Contains(name, "{") || name == "" {
			return names, false
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		template = after
	}
}

// operation reads one operation.
func (r *reader) operation(at item, method string, described *node) {
	n := r.object(described)
	if n == nil {
		return
	}
	op := &Operation{
		Operation:  statute.Operation{Method: method, Path: at.path},
		ID:         r.text(n.get("operationId")),
		Summary:    r.text(n.get("summary")),
		Tags:       r.texts(n.get("tags")),
		Deprecated: r.flag(n.get("deprecated")),
		WebSocket:  n.get("x-websocket") != nil,
		Servers:    at.servers,
		File:       n.doc.place.String(),
		Line:       n.line,
	}
	if !r.unique(op, n) {
		return
	}
	if own := r.servers(n.get("servers")); own != nil {
		op.Servers = own
	}
	security := n.get("security")
	if op.Inherited = security == nil; op.Inherited {
		security = r.doc.root.get("security")
	}
	op.Security = r.security(security)
	r.content(op, n, r.parameters(op, n, at.parameters))
	r.responses(op, n)
	r.byNode[n] = op
	r.d.Operations = append(r.d.Operations, op)
}

// unique reports whether the operation is the first for its method and path,
// and notes an operationId that is not.
func (r *reader) unique(op *Operation, n *node) bool {
	if !token(op.Method) {
		r.problem(n, "%q is no method: left out", op.Method)
		return false
	}
	if r.routes[op.String()] {
		r.problem(n, "%s is described before: left out", op)
		return false
	}
	r.routes[op.String()] = true
	shape := op.String()
	names, _ := variables(op.Path)
	for _, name := range names {
		shape = strings.ReplaceAll(shape, "{"+name+"}", "{}")
	}
	if shape != op.String() {
		if r.routes[shape] {
			r.problem(n, "the same as a path before, but for the variables' names")
		}
		r.routes[shape] = true
	}
	if op.ID != "" {
		if r.ids[op.ID] {
			r.problem(n, "operationId %q is taken by an operation before", op.ID)
		}
		r.ids[op.ID] = true
	}
	return true
}

// token reports whether s is a token, as methods are (RFC 9110, 5.6.2).
func token(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return s != ""
}

// parameters reads the operation's parameters and those of its path item, and
// returns the nodes of 2.0's that describe the content.
func (r *reader) parameters(op *Operation, n, shared *node) (content []*node) {
	names, _ := variables(op.Path)
	type key struct{ in, name string }
	seen := map[key]*node{} // the list that the parameter stands in
	for _, l := range []*node{n.get("parameters"), shared} {
		for _, item := range r.items(l) {
			p := r.object(item)
			if p == nil {
				continue
			}
			name, in := r.text(p.get("name")), r.text(p.get("in"))
			k := key{in, name}
			switch in {
			case "header":
				k.name = strings.ToLower(name)
			case "body":
				k.name = ""
			}
			if name == "" && in != "body" {
				r.problem(p, `a parameter without a "name": left out`)
				continue
			}
			if before, ok := seen[k]; ok {
				if before == l {
					r.problem(item, "%s parameter %q stands here twice: left out", in, name)
				}
				continue
			}
			seen[k] = l
			switch {
			case in == "path" && !slices.Contains(names, name):
				r.problem(item, "path parameter %q is not in the path %s: left out", name, op.Path)
			case in == "path" || in == "query" || in == "header" || in == "cookie" && !r.old:
				if in != "header" || !describedElsewhere(name) {
					op.Parameters = append(op.Parameters, r.parameter(p, name, in))
				}
			case in == "querystring" && !r.old && r.minor >= 2:
				op.Parameters = append(op.Parameters, r.querystring(p)...)
			case (in == "body" || in == "formData") && r.old:
				content = append(content, p)
			case in == "":
				r.problem(p, `parameter %q without "in": left out`, name)
			default:
				r.problem(p, `parameter %q: "in" is %q, which version %s does not know: left out`, name, in, r.d.Version)
			}
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(op.Parameters, func(p Parameter) bool { return p.In == "path" && p.Name == name }) {
			r.problem(n, "{%s} is in the path, but no parameter: taken as a string", name)
			op.Parameters = append(op.Parameters, Parameter{
				Name: name, In: "path", Required: true, Style: "simple", Schema: &Schema{Types: []string{"string"}},
			})
		}
	}
	return content
}

// describedElsewhere reports whether a header field is described by the
// content, the responses or the security of an operation. OpenAPI 3 ignores
// parameters of these names; in 2.0 they mean the same.
func describedElsewhere(field string) bool {
	switch strings.ToLower(field) {
	case "accept", "content-type", "authorization":
		return true
	}
	return false
}

// parameter reads one parameter that is not content.
func (r *reader) parameter(n *node, name, in string) Parameter {
	p := Parameter{
		Name:     name,
		In:       in,
		Required: r.flag(n.get("required")),
		Examples: r.examples(n),
		Style:    "simple",
	}
	if in == "path" && !p.Required {
		r.problem(n, `path parameter %q is not "required: true": taken as required`, name)
		p.Required = true
	}
	if in == "query" || in == "cookie" {
		p.Style, p.Explode = "form", !r.old
	}
	if r.old {
		p.Schema = r.schema(n) // with the examples and the description
		p.Examples = nil
		r.collectionFormat(&p, n.get("collectionFormat"))
		return p
	}
	if style := r.text(n.get("style")); style != "" {
		p.Style, p.Explode = style, style == "form" || style == "cookie"
	}
	if explode := n.get("explode"); explode != nil {
		p.Explode = r.flag(explode)
	}
	switch content := r.contents(n.get("content")); {
	case n.get("schema") != nil:
		p.Schema = r.schema(n.get("schema"))
	case len(content) > 0:
		r.serialized(&p, content[0])
	case n.get("type") != nil:
		r.problem(n, `"type" belongs into the parameter's "schema": read all the same`)
		p.Schema = r.schema(n)
	default:
		r.problem(n, `parameter %q has neither "schema" nor "content": any value is assumed`, name)
		p.Schema = &Schema{}
	}
	if description := r.text(n.get("description")); description != "" {
		r.readSchemas()
		if p.Schema.Description == "" {
			own := *p.Schema // others may point to it
			own.Description = description
			p.Schema = &own
		}
	}
	return p
}

// serialized makes p a string that holds content of a media type.
func (r *reader) serialized(p *Parameter, m Media) {
	p.Schema = &Schema{Types: []string{"string"}}
	r.readSchemas()
	examples := slices.Concat(p.Examples, m.Examples)
	if m.Schema != nil {
		examples = append(examples, m.Schema.Examples...)
	}
	p.Examples = nil
	for _, e := range examples {
		if text, err := json.Marshal(e); err == nil {
			p.Examples = append(p.Examples, string(text))
		}
	}
}

// collectionFormat translates 2.0's words for lists of values.
func (r *reader) collectionFormat(p *Parameter, n *node) {
	switch format := r.text(n); format {
	case "", "csv":
	case "ssv":
		p.Style = "spaceDelimited"
	case "pipes":
		p.Style = "pipeDelimited"
	case "multi":
		p.Explode = true
	default:
		r.problem(n, "%q cannot be told in OpenAPI 3: read as csv", format)
	}
}

// querystring reads 3.2's parameter that is the whole query: one parameter for
// each property of its schema.
func (r *reader) querystring(n *node) []Parameter {
	content := r.contents(n.get("content"))
	if len(content) == 0 || content[0].Schema == nil {
		r.problem(n, "a querystring without a schema in its content: left out")
		return nil
	}
	r.readSchemas()
	s := content[0].Schema
	var parameters []Parameter
	for _, property := range s.Properties {
		if property.Name == "" {
			r.problem(n, "a querystring with a property without a name: left out")
			continue
		}
		parameters = append(parameters, Parameter{
			Name: property.Name, In: "query", Required: slices.Contains(s.Required, property.Name),
			Schema: property.Schema, Style: "form", Explode: true,
		})
	}
	return parameters
}

// content reads what an operation takes: the requestBody, or 2.0's parameters
// of it.
func (r *reader) content(op *Operation, n *node, parameters []*node) {
	if !r.old {
		if body := r.object(n.get("requestBody")); body != nil {
			op.Body = &Body{Required: r.flag(body.get("required")), Content: r.contents(body.get("content"))}
			if len(op.Body.Content) == 0 {
				r.problem(body, `the request body has no "content"`)
			}
		}
		return
	}
	types := r.mediaTypes(n.get("consumes"), r.consumes)
	var form []*node
	for _, p := range parameters {
		if p.get("in").text == "formData" {
			form = append(form, p)
			continue
		}
		op.Body = &Body{Required: r.flag(p.get("required"))}
		var schema *Schema
		if s := p.get("schema"); s != nil {
			schema = r.schema(s)
		} else {
			r.problem(p, `the body parameter has no "schema"`)
		}
		if len(types) == 0 {
			types = []string{"application/json"}
		}
		for _, t := range types {
			op.Body.Content = append(op.Body.Content, Media{Type: t, Schema: schema, Examples: r.examples(p)})
		}
	}
	if len(form) == 0 {
		return
	}
	if op.Body != nil {
		r.problem(n, "has both body and formData parameters: the latter are left out")
		return
	}
	op.Body = r.form(form, types)
}

// form reads 2.0's formData parameters.
func (r *reader) form(parameters []*node, types []string) *Body {
	body, schema := &Body{}, &Schema{Types: []string{"object"}}
	file := false
	for _, p := range parameters {
		name := p.get("name").text
		schema.Properties = append(schema.Properties, Property{name, r.schema(p)})
		if r.flag(p.get("required")) {
			schema.Required = append(schema.Required, name)
			body.Required = true
		}
		if t := p.get("type"); t != nil && t.text == "file" {
			file = true
		}
	}
	types = slices.DeleteFunc(slices.Clone(types), func(t string) bool {
		return t != "multipart/form-data" && (file || t != "application/x-www-form-urlencoded")
	})
	switch {
	case len(types) > 0:
	case file:
		types = []string{"multipart/form-data"}
	default:
		types = []string{"application/x-www-form-urlencoded"}
	}
	for _, t := range types {
		body.Content = append(body.Content, Media{Type: t, Schema: schema})
	}
	return body
}

// mediaTypes returns the operation's own media types, or else those of the
// whole description.
func (r *reader) mediaTypes(own, all *node) []string {
	if own == nil {
		own = all
	}
	var types []string
	for _, t := range r.texts(own) {
		if t = statute.MediaType(t); !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	return types
}

// contents reads OpenAPI 3's map of media types.
func (r *reader) contents(n *node) []Media {
	var content []Media
	for _, m := range r.members(n) {
		t := statute.MediaType(m.name)
		if slices.ContainsFunc(content, func(other Media) bool { return other.Type == t }) {
			continue // differs in a parameter alone, like its charset
		}
		media := Media{Type: t}
		if o := r.object(m.value); o != nil {
			media.Examples = r.examples(o)
			if s := o.get("schema"); s != nil {
				media.Schema = r.schema(s)
			}
		}
		content = append(content, media)
	}
	return content
}

// examples gathers the examples of a parameter, media type or schema.
func (r *reader) examples(n *node) []any {
	var values []any
	add := func(v *node) {
		if v == nil {
			return
		}
		// An example that is a mere reference is not in the specification,
		// but a habit of descriptions split over files.
		if ref, ok := v.reference(); ok && len(v.members) == 1 {
			if to, err := r.library.target(v, ref); err == nil {
				v = to
			}
		}
		if !v.null() {
			values = append(values, v.value())
		}
	}
	add(n.get("example"))
	if r.old {
		add(n.get("x-example"))
	}
	switch all := n.get("examples"); {
	case all == nil:
	case all.kind == list:
		for _, v := range all.items {
			add(v)
		}
	default:
		for _, m := range r.members(all) {
			if o := r.follow(m.value); o != nil {
				add(o.get("value"))
				add(o.get("dataValue"))
			}
		}
	}
	return values
}

// responses reads the answers that are described.
func (r *reader) responses(op *Operation, n *node) {
	described := n.get("responses")
	if described == nil {
		if r.old || r.minor == 0 {
			r.problem(n, `there is no "responses"`)
		}
		return
	}
	for _, m := range r.members(described) {
		code, ok := responseCode(m.name)
		if !ok {
			r.problem(m.value, "%q is no status code: left out", m.name)
			continue
		}
		response := Response{Code: code}
		if o := r.object(m.value); o != nil {
			if r.old {
				response.Content = r.produced(n, o)
			} else {
				response.Content = r.contents(o.get("content"))
				for _, l := range r.members(o.get("links")) {
					r.links = append(r.links, unreadLink{op, code, l.value})
				}
			}
			for _, h := range r.members(o.get("headers")) {
				response.Fields = append(response.Fields, h.name)
			}
		}
		op.Responses = append(op.Responses, response)
	}
	slices.SortStableFunc(op.Responses, func(a, b Response) int { return strings.Compare(a.Code, b.Code) })
}

// responseCode returns a key of responses as a Response has it.
func responseCode(key string) (code string, ok bool) {
	if key == "default" {
		return key, true
	}
	if len(key) != 3 || key[0] < '1' || key[0] > '5' {
		return "", false
	}
	if strings.EqualFold(key[1:], "XX") {
		return key[:1] + "XX", true
	}
	return key, key[1] >= '0' && key[1] <= '9' && key[2] >= '0' && key[2] <= '9'
}

// produced reads the content of a response of 2.0.
func (r *reader) produced(op, response *node) []Media {
	schema, examples := response.get("schema"), r.object(response.get("examples"))
	if schema == nil && examples == nil {
		return nil
	}
	types := r.mediaTypes(op.get("produces"), r.produces)
	if len(types) == 0 {
		types = []string{"application/json"}
	}
	var content []Media
	for _, t := range types {
		m := Media{Type: t}
		if schema != nil {
			m.Schema = r.schema(schema)
		}
		for _, e := range r.members(examples) {
			if statute.MediaType(e.name) == t && !e.value.null() {
				m.Examples = append(m.Examples, e.value.value())
			}
		}
		content = append(content, m)
	}
	return content
}

// unreadLink is a link whose target may not have been read yet.
type unreadLink struct {
	op   *Operation
	code string
	node *node
}

// readLinks reads the links, once all operations are known.
func (r *reader) readLinks() {
	for _, l := range r.links {
		n := r.object(l.node)
		if n == nil {
			continue
		}
		link := Link{Code: l.code, Target: r.text(n.get("operationId")), Parameters: map[string]string{}}
		if ref := n.get("operationRef"); ref != nil {
			to, err := r.library.target(n, r.text(ref))
			if err != nil {
				r.problem(n, "%v: left out", err)
				continue
			}
			target := r.byNode[r.follow(to)]
			if target == nil {
				r.problem(ref, "%q is no operation: left out", ref.text)
				continue
			}
			if link.Target = target.ID; link.Target == "" {
				link.Target = target.String()
			}
		} else if !r.ids[link.Target] {
			r.problem(n, "there is no operation %q: left out", link.Target)
			continue
		}
		for _, p := range r.members(n.get("parameters")) {
			if p.value.kind == scalar && strings.Contains(p.value.text, "$") {
				link.Parameters[p.name] = p.value.text
			}
		}
		l.op.Links = append(l.op.Links, link)
	}
}
