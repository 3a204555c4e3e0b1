package check

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute/internal/openapi"
)

func pointer[T any](v T) *T { return &v }

func testValues() *values {
	return &values{tag: "tag", now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), given: map[string]string{"given": "17"}}
}

func TestBuild(t *testing.T) {
	str, integer := &openapi.Schema{Types: []string{"string"}}, &openapi.Schema{Types: []string{"integer"}}
	recursive := &openapi.Schema{Types: []string{"object"}, Required: []string{"child"}}
	recursive.Properties = []openapi.Property{{Name: "child", Schema: recursive}}
	for _, test := range []struct {
		name   string
		member string
		schema *openapi.Schema
		want   any
	}{
		{"what the user gives", "given", integer, int64(17)},
		{"an example", "a", &openapi.Schema{Types: []string{"string"}, Examples: []any{"hammer"}, Default: "saw"}, "hammer"},
		{"a default", "a", &openapi.Schema{Types: []string{"string"}, Default: "saw"}, "saw"},
		{"an enum", "a", &openapi.Schema{Types: []string{"string"}, Enum: []any{"red", "blue"}}, "red"},
		{"a word", "a", str, "statutetag001"},
		{"a word of bounded length", "a", &openapi.Schema{Types: []string{"string"}, MaxLength: pointer(4)}, "g001"},
		{"an integer", "a", integer, int64(1)},
		{"a minimum", "a", &openapi.Schema{Types: []string{"integer"}, Minimum: pointer(5.0)}, int64(5)},
		{"an exclusive maximum", "a", &openapi.Schema{Types: []string{"integer"}, ExclusiveMaximum: pointer(1.0)}, int64(0)},
		{"a multiple", "a", &openapi.Schema{Types: []string{"integer"}, MultipleOf: 10}, int64(10)},
		{"a boolean", "a", &openapi.Schema{Types: []string{"boolean"}}, true},
		{"a date", "starts_at", &openapi.Schema{Types: []string{"string"}, Format: "date-time"}, "2026-11-21T12:00:00Z"},
		{"a later date", "endsAt", &openapi.Schema{Types: []string{"string"}, Format: "date-time"}, "2026-11-22T12:00:00Z"},
		{"by the name", "contactEmail", str, "statutetag001@example.com"},
		{"an array", "tags", &openapi.Schema{Types: []string{"array"}, Items: integer}, []any{int64(1)}},
		{"required members alone", "a", &openapi.Schema{
			Types: []string{"object"}, Required: []string{"n"},
			Properties: []openapi.Property{{Name: "n", Schema: integer}, {Name: "o", Schema: integer}},
		}, map[string]any{"n": int64(1)}},
		{"no read-only members", "a", &openapi.Schema{
			Required:   []string{"id"},
			Properties: []openapi.Property{{Name: "id", Schema: &openapi.Schema{Types: []string{"integer"}, ReadOnly: true}}},
		}, map[string]any{}},
		{"a map", "labels", &openapi.Schema{Types: []string{"object"}, Additional: integer}, map[string]any{"statute": int64(1)}},
		{"an alternative", "a", &openapi.Schema{AnyOf: []*openapi.Schema{integer, str}}, int64(1)},
		{"nullable", "a", &openapi.Schema{Types: []string{"null", "integer"}}, int64(1)},
		{"one that contains itself", "a", recursive, map[string]any{"child": map[string]any{"child": map[string]any{
			"child": map[string]any{"child": map[string]any{"child": map[string]any{}}},
		}}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := testValues().make(test.member, test.schema)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCandidatesFollowWords(t *testing.T) {
	str := &openapi.Schema{Types: []string{"string"}}
	for _, test := range []struct{ words, want string }{
		{"must be a valid e-mail address", "statutetag001@example.com"},
		{"dns name 'x' is not canonical", "statutetag001.example.com."},
		{"must be one of: ksk, zsk", "ksk"},
		{"must be a valid uuid", "6a0000c0-0000-4000-8000-000000000001"},
	} {
		v := testValues()
		v.now = time.Unix(0x6a0000c0, 0)
		got := v.candidates("a", str, test.words)
		if len(got) == 0 || got[0] != test.want {
			t.Errorf("%s: got %v, want %s first", test.words, got, test.want)
		}
	}
	got := testValues().candidates("zone", &openapi.Schema{Types: []string{"string"}, Description: "Name (e.g. “example.com.”)"}, "")
	if !slices.Contains(got, any("example.com.")) {
		t.Errorf("the example of the description is not among %v", got)
	}
}

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		schema openapi.Schema
		vary   string
		want   string // "" for none
	}{
		{schema: openapi.Schema{Pattern: `^[a-z0-9-]{2,40}$`}, want: "statutetag001"},
		{schema: openapi.Schema{Pattern: `^[a-z0-9-]{2,40}$`, MaxLength: pointer(8)}, want: "tetag001"},
		{schema: openapi.Schema{Pattern: `^[a-z0-9-]{2,40}$`, MinLength: pointer(15)}, want: "statutetag001xx"},
		{schema: openapi.Schema{Pattern: `^[a-z]{3}-\w+$`}, want: "aaa-statutetag001"},
		{schema: openapi.Schema{Pattern: `^[a-z0-9]+(?:-[a-z0-9]+)*$`}, want: "statutetag001"},
		{schema: openapi.Schema{Pattern: `^ITEM_[A-Z0-9]{6}$`}, want: "ITEM_TAG001"},
		{schema: openapi.Schema{Pattern: `^.{5,}$`}, want: "statutetag001"},
		{schema: openapi.Schema{Pattern: `^\w+@\w+\.com$`}, want: "statutetag001@a.com"},
		{schema: openapi.Schema{Pattern: `^[a-z]{3}-\d+$`}, want: "aaa-1"},
		{schema: openapi.Schema{Pattern: `^[a-z]{3}-\d+$`}, vary: "abc5", want: "klm-5"},
		{schema: openapi.Schema{Pattern: `^[A-Z]{2}[0-9]{4}$`}, want: "AA1111"},
		{schema: openapi.Schema{Pattern: `^[A-Z]{2}[0-9]{4}$`}, vary: "210gat", want: "CB0609"},
		{schema: openapi.Schema{Pattern: `^#?[0-9a-fA-F]{6}$`}, want: "aaaaaa"},
		{schema: openapi.Schema{Pattern: `^(red|blue)$`}, want: "red"},
		{schema: openapi.Schema{Pattern: `^x{0}y$`}, want: "y"},
		{schema: openapi.Schema{Pattern: `(?=lookahead)`}},
		{schema: openapi.Schema{Pattern: `[`}},
	} {
		got, ok := testValues().match(&test.schema, test.vary)
		if got != test.want || ok != (test.want != "") {
			t.Errorf("%s: got %q, %v, want %q", test.schema.Pattern, got, ok, test.want)
		}
	}
}

func TestNameWords(t *testing.T) {
	for name, want := range map[string]string{
		"order_id": "[order id]", "orderId": "[order id]", "OrderID": "[order id]", "order-id": "[order id]",
		"silenceID": "[silence id]", "HTTPServer": "[http server]", "ipv4": "[ipv4]", "": "[]", "a.b": "[a b]",
	} {
		if got := fmt.Sprint(slices.Collect(nameWords(name))); got != want {
			t.Errorf("nameWords(%q) = %v, want %v", name, got, want)
		}
	}
}

func TestViolations(t *testing.T) {
	for _, test := range []struct {
		name   string
		in     string
		schema *openapi.Schema
		there  any
		want   []any
	}{
		{"integer", "query", &openapi.Schema{Types: []string{"integer"}, Minimum: pointer(1.0)}, nil, []any{"statute", 0.0}},
		{"text in a query is always text", "query", &openapi.Schema{Types: []string{"string"}}, nil, nil},
		{"text in a body", "body", &openapi.Schema{Types: []string{"string"}, MinLength: pointer(1)}, nil, []any{map[string]any{"statute": true}, ""}},
		{"enum", "query", &openapi.Schema{Types: []string{"string"}, Enum: []any{"a"}}, nil, []any{"statute-none"}},
		{"several types", "body", &openapi.Schema{Types: []string{"string", "null"}}, nil, nil},
		{"alternatives", "body", &openapi.Schema{Types: []string{"string"}, AnyOf: []*openapi.Schema{{}}}, nil, nil},
		{"no type", "body", &openapi.Schema{}, nil, nil},
		{"format", "query", &openapi.Schema{Types: []string{"string"}, Format: "date"}, nil, []any{"not-a-date"}},
		{"format of one's own", "query", &openapi.Schema{Types: []string{"string"}, Format: "sku"}, nil, nil},
		{"pattern", "query", &openapi.Schema{Types: []string{"string"}, Pattern: "^[a-z]+$", MaxLength: pointer(4)}, nil, []any{"!", "xxxxx"}},
		{"pattern that Go does not read", "query", &openapi.Schema{Types: []string{"string"}, Pattern: "(?=a)"}, nil, nil},
		{"least length", "query", &openapi.Schema{Types: []string{"string"}, MinLength: pointer(3)}, nil, []any{"xx"}},
		{"an empty text in a query may mean none", "query", &openapi.Schema{Types: []string{"string"}, MinLength: pointer(1)}, nil, nil},
		{"multiple", "query", &openapi.Schema{Types: []string{"integer"}, MultipleOf: 10}, nil, []any{"statute", 15.0}},
		{"multiple of one", "query", &openapi.Schema{Types: []string{"integer"}, MultipleOf: 1}, nil, []any{"statute"}},
		{"most items", "body", &openapi.Schema{Types: []string{"array"}, MaxItems: pointer(2)}, []any{"a"}, []any{"statute", []any{"a", "a", "a"}}},
		{"items that differ", "body", &openapi.Schema{Types: []string{"array"}, UniqueItems: true}, []any{"a", "b"}, []any{"statute", []any{"a", "b", "a"}}},
		{"items that differ, of which there is none", "body", &openapi.Schema{Types: []string{"array"}, UniqueItems: true}, []any{}, []any{"statute"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []any
			for _, v := range violations("a", test.schema, test.in, test.there) {
				got = append(got, v.value)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
