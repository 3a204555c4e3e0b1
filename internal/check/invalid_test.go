package check

import (
	"testing"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// TestForms holds that nothing in a form is of the wrong type where any text will do.
func TestForms(t *testing.T) {
	str := &openapi.Schema{Types: []string{"string"}}
	for _, test := range []struct {
		name   string
		schema *openapi.Schema
		in     string
		want   bool
	}{
		{"a text in JSON", str, "body", true},
		{"a text in a form", str, "form", false},
		{"a file", &openapi.Schema{Types: []string{"string"}, Format: "binary"}, "form", false},
		{"a list in a form", &openapi.Schema{Types: []string{"array"}, Items: str}, "form", false},
		{"a number in a form", &openapi.Schema{Types: []string{"integer"}}, "form", true},
		{"a date in a form", &openapi.Schema{Types: []string{"string"}, Format: "date"}, "form", true},
	} {
		got := false
		for _, v := range violations("/a", test.schema, test.in, nil) {
			got = got || v.cause == statute.WrongType
		}
		if got != test.want {
			t.Errorf("%s: wrong type %v, want %v", test.name, got, test.want)
		}
	}
}
