package openapi

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// FuzzParse holds that whatever is read can be relied on; see checkSound.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "*", "*.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, doc := range []string{
		"swagger: '2.0'\npaths: {/a/{b}: {post: {parameters: [{name: c, in: body, schema: {$ref: '#/definitions/D'}}], responses: {200: {schema: {type: file}}}}}}\n" +
			"definitions: {D: {allOf: [{$ref: '#/definitions/D'}, {properties: {d: {$ref: '#/definitions/D'}}}], oneOf: [{type: string}, {$ref: '#/definitions/D'}]}}\n",
		"openapi: 3.2.0\nx: &x {get: {parameters: [{name: q, in: querystring, content: {a/b: {schema: {$anchor: s, properties: {p: {$dynamicRef: '#s'}}}}}}]}}\n" +
			"paths: {/a: {<<: *x, additionalOperations: {LINK: {security: [{}]}}}, '/{v}': *x}\n",
		`{"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"2XX": {"content": {"a/b": {"schema": {"type": ["string", "null"], "minimum": 1e400}}}}}}}}}`,
	} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			t.Skip("large inputs find nothing more")
		}
		d, err := Parse(data, "api.yaml")
		if err != nil {
			if d != nil || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v and error %q", d, err)
			}
			return
		}
		checkSound(t, d)
	})
}

// checkSound holds what users of a Description rely on.
func checkSound(t *testing.T, d *Description) {
	t.Helper()
	seen := map[*Schema]bool{}
	for _, op := range d.Operations {
		if !token(op.Method) || !strings.HasPrefix(op.Path, "/") || strings.ContainsAny(op.Path, "?#") {
			t.Errorf("operation %q", op)
		}
		names, _ := variables(op.Path)
		places := map[[2]string]bool{}
		for _, p := range op.Parameters {
			if !slices.Contains([]string{"path", "query", "header", "cookie"}, p.In) || p.Name == "" {
				t.Errorf("%s: parameter %q in %q", op, p.Name, p.In)
			}
			if p.In == "path" {
				if !p.Required || !slices.Contains(names, p.Name) {
					t.Errorf("%s: path parameter %q", op, p.Name)
				}
				names = slices.DeleteFunc(names, func(name string) bool { return name == p.Name })
			}
			if place := [2]string{p.In, p.Name}; places[place] {
				t.Errorf("%s: %s parameter %q twice", op, p.In, p.Name)
			} else {
				places[place] = true
			}
			checkSchema(t, seen, p.Schema)
		}
		if len(names) > 0 {
			t.Errorf("%s: no parameter for %q", op, names)
		}
		contents := [][]Media{}
		if op.Body != nil {
			contents = append(contents, op.Body.Content)
		}
		for _, r := range op.Responses {
			if _, ok := responseCode(r.Code); !ok {
				t.Errorf("%s: response %q", op, r.Code)
			}
			contents = append(contents, r.Content)
		}
		for _, m := range slices.Concat(contents...) {
			checkValues(t, m.Examples)
			if m.Schema != nil {
				checkSchema(t, seen, m.Schema)
			}
		}
	}
	for _, p := range d.Problems {
		if p.Message == "" || p.File == "" || p.Line < 0 {
			t.Errorf("problem %+v", p)
		}
	}
}

func checkSchema(t *testing.T, seen map[*Schema]bool, s *Schema) {
	t.Helper()
	if seen[s] {
		return
	}
	seen[s] = true
	if s == nil {
		t.Error("a schema is nil")
		return
	}
	checkValues(t, s.Examples)
	checkValues(t, s.Enum)
	checkValues(t, []any{s.Default})
	names := map[string]bool{}
	for _, p := range s.Properties {
		if names[p.Name] {
			t.Errorf("property %q twice", p.Name)
		}
		names[p.Name] = true
		checkSchema(t, seen, p.Schema)
	}
	for _, next := range append([]*Schema{s.Items, s.Additional}, s.AnyOf...) {
		if next != nil {
			checkSchema(t, seen, next)
		}
	}
}

func checkValues(t *testing.T, values []any) {
	t.Helper()
	for _, v := range values {
		switch v := v.(type) {
		case nil, string, int64, float64, bool:
		case []any:
			checkValues(t, v)
		case map[string]any:
			for _, member := range v {
				checkValues(t, []any{member})
			}
		default:
			t.Errorf("a value is a %T", v)
		}
	}
}
