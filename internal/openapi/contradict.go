package openapi

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

// contradiction returns in one line what in the JSON content of an answer
// contradicts the operation's description: "/items/0/qty is a string, an integer
// is described". It returns "" if nothing does, or if nothing can be told: where
// the code or the media type is not described, or the content was cut. Types,
// required members and enums of texts count; further members do not, nor do
// formats and bounds, of which descriptions are seldom sure.
func (o *Operation) contradiction(r *statute.Response) string {
	schema := o.describes(r)
	if schema == nil || r.Body.Cut || r.Fields.Has("Content-Encoding") {
		return ""
	}
	decoder := json.NewDecoder(bytes.NewReader(r.Body.Bytes))
	decoder.UseNumber()
	var content any
	if decoder.Decode(&content) != nil || decoder.More() {
		return ""
	}
	c := comparison{left: maxCompared}
	return c.compare("", content, schema)
}

// describes returns the schema of the content that an answer has, if that is
// JSON; nil if none is described. A code counts before its class. Where one of 200
// and 201 is described and the other one came, the content is what it would have
// been. "default" is mostly about errors, and does not count.
func (o *Operation) describes(r *statute.Response) *Schema {
	media := r.MediaType()
	if !statute.IsJSON(media) {
		return nil
	}
	code := strconv.Itoa(r.Status)
	other := map[string]string{"200": "201", "201": "200"}[code]
	for _, want := range []string{code, code[:1] + "XX", other} {
		i := slices.IndexFunc(o.Responses, func(r Response) bool { return strings.EqualFold(r.Code, want) })
		if i < 0 {
			continue
		}
		for _, described := range []string{media, "application/*", "*/*"} {
			for _, m := range o.Responses[i].Content {
				if m.Type == described {
					return m.Schema
				}
			}
		}
		return nil
	}
	return nil
}

// maxCompared is how many values are held against how many schemas: content may
// be long, and alternatives may lead in a circle.
const maxCompared = 20_000

// comparison holds a value against its schema.
type comparison struct{ left int }

// compare returns what contradicts the schema in the value at a JSON Pointer
// (RFC 6901), "" if nothing does or there is too much to compare.
func (c *comparison) compare(at string, value any, s *Schema) string {
	if c.left--; c.left < 0 || value == nil {
		return "" // that something has no value is said of required members alone
	}
	if got := typeOf(value); len(s.Types) > 0 && !slices.Contains(s.Types, got) && (got != "integer" || !slices.Contains(s.Types, "number")) {
		return subject(at) + " is " + article(got) + ", " + article(strings.Join(s.Types, " or ")) + " is described"
	}
	if word, ok := value.(string); ok && isChoice(s.Enum) && !slices.Contains(s.Enum, any(word)) {
		return subject(at) + " is none of the values described"
	}
	if len(s.AnyOf) > 0 && !slices.ContainsFunc(s.AnyOf, func(s *Schema) bool { return c.compare(at, value, s) == "" }) {
		return subject(at) + " is none of the alternatives described"
	}
	switch value := value.(type) {
	case map[string]any:
		return c.members(at, value, s)
	case []any:
		for i, item := range value {
			if s.Items == nil {
				break
			}
			if found := c.compare(at+"/"+strconv.Itoa(i), item, s.Items); found != "" {
				return found
			}
		}
	}
	return ""
}

func (c *comparison) members(at string, object map[string]any, s *Schema) string {
	for _, name := range s.Required {
		value, ok := object[name]
		schema := s.property(name)
		switch {
		case schema != nil && schema.WriteOnly:
		case !ok:
			return subject(at+"/"+pointer(name)) + " is missing, it is required"
		case value == nil && schema != nil && len(schema.Types) > 0 && !slices.Contains(schema.Types, "null"):
			return subject(at+"/"+pointer(name)) + " is null, " + article(strings.Join(schema.Types, " or ")) + " is required"
		}
	}
	for _, p := range s.Properties {
		if value, ok := object[p.Name]; ok {
			if found := c.compare(at+"/"+pointer(p.Name), value, p.Schema); found != "" {
				return found
			}
		}
	}
	if s.Additional == nil {
		return ""
	}
	var names []string
	for name := range object {
		if s.property(name) == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if found := c.compare(at+"/"+pointer(name), object[name], s.Additional); found != "" {
			return found
		}
	}
	return ""
}

// property returns the schema of a member, nil if none is described.
func (s *Schema) property(name string) *Schema {
	for _, p := range s.Properties {
		if p.Name == name {
			return p.Schema
		}
	}
	return nil
}

// isChoice reports whether an enum is one of texts, null aside. Other values are
// often not what they seem: yes, 1.0 and dates are written without quotes.
func isChoice(enum []any) bool {
	words := 0
	for _, v := range enum {
		switch v.(type) {
		case string:
			words++
		case nil:
		default:
			return false
		}
	}
	return words > 0
}

// typeOf returns the type of a JSON value as schemas name it.
func typeOf(value any) string {
	switch value := value.(type) {
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	case json.Number:
		if f, err := value.Float64(); err == nil && f != math.Trunc(f) {
			return "number"
		}
		return "integer"
	}
	return "null"
}

// pointer escapes a name for a JSON Pointer (RFC 6901, 3).
func pointer(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}

// subject names the value at a JSON Pointer.
func subject(at string) string {
	if at == "" {
		return "the content"
	}
	return at
}

func article(noun string) string {
	if strings.ContainsAny(noun[:1], "aio") {
		return "an " + noun
	}
	return "a " + noun
}
