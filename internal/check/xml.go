package check

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"maps"
	"slices"
	"strings"

	"github.com/statute-http/statute/internal/openapi"
)

func isXML(media string) bool {
	return media == "application/xml" || media == "text/xml" || strings.HasSuffix(media, "+xml")
}

// document writes a value as an XML document, whose element has the name of the
// schema or of its component.
func document(value any, s *openapi.Schema) []byte {
	name := "root"
	if s != nil {
		name = cmp.Or(s.XML.Name, s.Name, name)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	element(&b, name, s, value, 0)
	return b.Bytes()
}

// element writes a value as an element, its members in the schema's order
// (OpenAPI 3.1, 4.8.26).
func element(b *bytes.Buffer, name string, s *openapi.Schema, value any, depth int) {
	if s == nil {
		s = &openapi.Schema{}
	}
	if list, ok := value.([]any); ok {
		item := cmp.Or(s.XML.Name, name)
		if s.Items != nil && s.Items.XML.Name != "" {
			item = s.Items.XML.Name
		}
		whole := s.XML.Wrapped || depth == 0
		if whole {
			b.WriteString("<" + name + ">")
		}
		for _, v := range list {
			element(b, item, s.Items, v, depth+1)
		}
		if whole {
			b.WriteString("</" + name + ">")
		}
		return
	}
	b.WriteString("<" + name)
	object, isObject := value.(map[string]any)
	names := ordered(s, object)
	for _, n := range names {
		if member := memberOf(s, n); member != nil && member.XML.Attribute {
			b.WriteString(" " + cmp.Or(member.XML.Name, n) + `="`)
			xml.EscapeText(b, []byte(text(object[n])))
			b.WriteString(`"`)
		}
	}
	b.WriteString(">")
	if !isObject && value != nil {
		xml.EscapeText(b, []byte(text(value)))
	}
	for _, n := range names {
		member := memberOf(s, n)
		if member == nil || !member.XML.Attribute {
			own := n
			if member != nil {
				own = cmp.Or(member.XML.Name, n)
			}
			element(b, own, member, object[n], depth+1)
		}
	}
	b.WriteString("</" + name + ">")
}

// ordered returns the names of an object's members in the schema's order, then
// those that it does not describe.
func ordered(s *openapi.Schema, object map[string]any) []string {
	var names []string
	for _, p := range s.Properties {
		if _, ok := object[p.Name]; ok {
			names = append(names, p.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
