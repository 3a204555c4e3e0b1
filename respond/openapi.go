package respond

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/statute-http/statute"
)

// OpenAPI returns the paths object of an OpenAPI description in JSON, with the
// responses of every route: the codes that it declares and those that are
// decided before and around it, each with the header fields that belong to it.
func (m *Mux) OpenAPI() []byte {
	byPath := map[string][]*route{}
	var paths []string
	for _, rt := range m.routes {
		path := rt.template()
		if byPath[path] == nil {
			paths = append(paths, path)
		}
		if !slices.ContainsFunc(byPath[path], func(other *route) bool { return other.method() == rt.method() }) { // of another host
			byPath[path] = append(byPath[path], rt)
		}
	}
	slices.Sort(paths)

	var b bytes.Buffer
	object := objectWriter{b: &b}
	object.begin()
	object.name("paths")
	object.begin()
	for _, path := range paths {
		object.name(path)
		object.begin()
		for _, rt := range byPath[path] {
			object.name(strings.ToLower(rt.method()))
			object.begin()
			object.name("responses")
			object.begin()
			for _, number := range rt.all {
				rt.describe(&object, number)
			}
			object.end()
			object.end()
		}
		object.end()
	}
	object.end()
	object.end()
	text := jsontext.Value(b.Bytes())
	_ = text.Indent() // it is JSON
	return append(text, '\n')
}

// describe writes the response object of a code.
func (rt *route) describe(object *objectWriter, number int) {
	code, _ := statute.LookupCode(number)
	object.name(strconv.Itoa(number))
	object.begin()
	object.text("description", code.Name+": "+code.Meaning)
	if fields := slices.Concat(code.Must, code.Should); len(fields) > 0 {
		object.name("headers")
		object.begin()
		for _, name := range fields {
			object.value(name, map[string]any{"schema": map[string]string{"type": "string"}})
		}
		object.end()
	}
	var mediaTypes []string
	switch {
	case !code.Content || number/100 == 3:
	case number >= 400:
		formats := rt.api.Formats
		if len(formats) == 0 {
			formats = []Format{Problems()}
		}
		for _, f := range formats {
			mediaTypes = append(mediaTypes, statute.MediaType(f.MediaType))
		}
	default:
		mediaTypes = rt.produces
	}
	if len(mediaTypes) > 0 {
		object.name("content")
		object.begin()
		for _, mediaType := range mediaTypes {
			object.value(mediaType, struct{}{})
		}
		object.end()
	}
	object.end()
}

// method returns the method of a route's pattern, "" without one.
func (rt *route) method() string {
	method, _, _ := strings.Cut(rt.pattern, " ")
	return method
}

// template returns the path template of a route's pattern.
func (rt *route) template() string {
	_, path, _ := strings.Cut(rt.pattern, " ")
	path = path[max(0, strings.IndexByte(path, '/')):] // without a host
	return strings.ReplaceAll(strings.TrimSuffix(strings.TrimLeft(path, " \t"), "{$}"), "...}", "}")
}
