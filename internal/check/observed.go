package check

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/internal/route"
)

// Observe makes a description of an API of recorded exchanges with it. It lists
// what succeeded: methods, path templates, query parameters and content, with
// the recorded values as examples. It forbids and demands nothing, for that
// cannot be seen.
func Observe(exchanges []*statute.Exchange) *openapi.Description {
	var table route.Table
	for _, x := range exchanges {
		table.Template(x.Request.Path(), observable(x))
	}
	d := &openapi.Description{Observed: true}
	operations := map[statute.Operation]*openapi.Operation{}
	for _, x := range exchanges {
		if !observable(x) {
			continue
		}
		template, values := nameParams(table.Template(x.Request.Path(), true), x.Request.Path())
		key := statute.Operation{Method: x.Request.Method, Path: template}
		op := operations[key]
		if op == nil {
			op = &openapi.Operation{Operation: key}
			operations[key] = op
			d.Operations = append(d.Operations, op)
		}
		for _, v := range values {
			observeParameter(op, "path", v.name, v.value)
		}
		for name, values := range queryOf(x) {
			if !secretName.MatchString(name) {
				observeParameter(op, "query", name, values[0])
			}
		}
		observeContent(op, &x.Request)
		observeAnswer(op, &x.Response)
	}
	for _, op := range d.Operations {
		slices.SortFunc(op.Parameters, func(a, b openapi.Parameter) int {
			return cmp.Or(strings.Compare(a.In, b.In), strings.Compare(a.Name, b.Name))
		})
		op.Responses = append(op.Responses, openapi.Response{Code: "default"})
	}
	slices.SortFunc(d.Operations, func(a, b *openapi.Operation) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
	})
	return d
}

// observable reports whether an exchange shows an operation of an API: a success
// that is no page, script, style, font or image.
func observable(x *statute.Exchange) bool {
	switch x.Request.Method {
	case "GET", "POST", "PUT", "PATCH", "DELETE":
	default:
		return false
	}
	if x.Response.Class() != 2 && x.Response.Status != 304 || !strings.HasPrefix(x.Request.Path(), "/") || strings.Contains(x.Request.Path(), "//") {
		return false
	}
	switch t := x.Response.MediaType(); {
	case t == "", statute.IsJSON(t), t == "application/xml", t == "text/xml", strings.HasSuffix(t, "+xml"):
		return !strings.HasPrefix(t, "image/") && t != "application/xhtml+xml"
	case t == "text/plain", t == "text/csv", t == "application/octet-stream", t == "application/pdf":
		return true
	}
	return x.Request.Method != "GET"
}

// secretName matches the names of query parameters that may hold a secret: the
// user gives credentials anew.
var secretName = regexp.MustCompile(`(?i)key|token|secret|sig|pass|session|auth|code`)

// namedValue is the value of a parameter.
type namedValue struct{ name, value string }

// nameParams names the parameters of a template after what stands before them,
// as in /orders/{orderId}/items/{itemId}, and returns their values in a path.
func nameParams(template, path string) (string, []namedValue) {
	var values []namedValue
	segments, parts := strings.Split(template, "/"), strings.Split(path, "/")
	for i, segment := range segments {
		if !isParam(segment) || i >= len(parts) {
			continue
		}
		name := "id"
		if i > 0 && segments[i-1] != "" && !isParam(segments[i-1]) {
			name = singular(segments[i-1]) + "Id"
		}
		base := name
		for n := 2; slices.ContainsFunc(values, func(v namedValue) bool { return v.name == name }); n++ {
			name = base + strconv.Itoa(n)
		}
		value, err := url.PathUnescape(parts[i])
		if err != nil {
			value = parts[i]
		}
		values = append(values, namedValue{name, value})
		segments[i] = "{" + name + "}"
	}
	return strings.Join(segments, "/"), values
}

// queryOf returns the parameters of a request's query.
func queryOf(x *statute.Exchange) url.Values {
	values, _ := url.ParseQuery(x.Request.Query()) // what can be read
	return values
}

// maxObserved is how many values of one place are kept.
const maxObserved = 3

func observeParameter(op *openapi.Operation, in, name, value string) {
	i := slices.IndexFunc(op.Parameters, func(p openapi.Parameter) bool { return p.In == in && p.Name == name })
	if i < 0 {
		i = len(op.Parameters)
		op.Parameters = append(op.Parameters, openapi.Parameter{Name: name, In: in, Required: in == "path", Schema: &openapi.Schema{}, Explode: in == "query"})
	}
	observeValue(op.Parameters[i].Schema, value)
}

func observeValue(s *openapi.Schema, value any) {
	if len(s.Examples) < maxObserved && !slices.ContainsFunc(s.Examples, func(known any) bool { return same(known, value) }) {
		s.Examples = append(s.Examples, value)
	}
}

// observeContent adds the content of a request: the first that can be read is
// the example of its media type.
func observeContent(op *openapi.Operation, r *statute.Request) {
	t := r.MediaType()
	if r.Body.Empty() || r.Body.Cut || t == "" {
		return
	}
	var value any
	switch {
	case statute.IsJSON(t):
		value = decode(r.Body.Bytes)
	case t == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(r.Body.Bytes))
		if err != nil {
			return
		}
		object := map[string]any{}
		for name := range form {
			object[name] = form.Get(name)
		}
		value = object
	case strings.HasPrefix(t, "text/"), strings.HasSuffix(t, "xml"):
		value = string(r.Body.Bytes)
	}
	if value == nil {
		return
	}
	if op.Body == nil {
		op.Body = &openapi.Body{}
	}
	i := slices.IndexFunc(op.Body.Content, func(m openapi.Media) bool { return m.Type == t })
	if i < 0 {
		i = len(op.Body.Content)
		op.Body.Content = append(op.Body.Content, openapi.Media{Type: t, Schema: &openapi.Schema{}, Examples: []any{value}})
	}
	observeSchema(op.Body.Content[i].Schema, value, 0)
}

// observeSchema adds to a schema the members that a value has.
func observeSchema(s *openapi.Schema, value any, depth int) {
	if depth > maxDepth {
		return
	}
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			i := slices.IndexFunc(s.Properties, func(p openapi.Property) bool { return p.Name == name })
			if i < 0 {
				i = len(s.Properties)
				s.Properties = append(s.Properties, openapi.Property{Name: name, Schema: &openapi.Schema{}})
			}
			observeSchema(s.Properties[i].Schema, member, depth+1)
		}
		slices.SortFunc(s.Properties, func(a, b openapi.Property) int { return strings.Compare(a.Name, b.Name) })
	case []any:
		if s.Items == nil {
			s.Items = &openapi.Schema{}
		}
		for _, item := range value {
			observeSchema(s.Items, item, depth+1)
		}
	}
}

func observeAnswer(op *openapi.Operation, r *statute.Response) {
	code := fmt.Sprint(r.Status)
	i := slices.IndexFunc(op.Responses, func(known openapi.Response) bool { return known.Code == code })
	if i < 0 {
		i = len(op.Responses)
		op.Responses = append(op.Responses, openapi.Response{Code: code})
	}
	t := r.MediaType()
	if content := op.Responses[i].Content; t != "" && !slices.ContainsFunc(content, func(m openapi.Media) bool { return m.Type == t }) {
		op.Responses[i].Content = append(content, openapi.Media{Type: t})
	}
}
