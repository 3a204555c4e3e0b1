package check

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

const tagsDescription = `
openapi: 3.1.0
info: {title: tags, version: "1"}
paths:
  /tags:
    get: {responses: {default: {description: all}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Tag'}}}}
      responses: {"201": {description: made}}
  /tags/{tag}:
    parameters: [{name: tag, in: path, required: true, schema: {type: string}}]
    get: {responses: {default: {description: one}}}
    put:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Tag'}}}}
      responses: {default: {description: changed}}
    delete: {responses: {default: {description: gone}}}
components:
  schemas:
    Tag: {type: object, required: [label], properties: {label: {type: string}, note: {type: string}}}
`

// TestMoved holds that what a write moves elsewhere is said to be left behind.
func TestMoved(t *testing.T) {
	var mu sync.Mutex
	there := map[string]bool{}
	next := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		content, _ := io.ReadAll(r.Body)
		var tag struct{ Label, Note string }
		_ = json.Unmarshal(content, &tag)
		move := func() {
			next++
			path := fmt.Sprintf("/tags/%c", 'a'+next)
			there[path] = true
			w.Header().Set("Location", path)
		}
		switch {
		case r.URL.Path == "/tags" && r.Method == "POST":
			move()
			w.WriteHeader(201)
		case r.URL.Path == "/tags":
			_, _ = io.WriteString(w, "[]")
		case !there[r.URL.Path]:
			w.WriteHeader(404)
		case r.Method == "PUT" && tag.Note != "":
			delete(there, r.URL.Path)
			move()
		case r.Method == "DELETE":
			delete(there, r.URL.Path)
		}
	}))
	defer server.Close()
	result, err := Run(t.Context(), Config{Description: describe(t, tagsDescription), Base: address(t, server), Write: true}, func(*statute.Exchange) {})
	if err != nil {
		t.Fatal(err)
	}
	if len(there) == 0 {
		t.Fatal("nothing was moved")
	}
	if said := strings.Join(result.Leftover, "\n"); !strings.Contains(said, "what PUT /tags/{tag} may have made") {
		t.Errorf("left behind %v, said %q", there, said)
	}
}

func TestChange(t *testing.T) {
	text := func(s openapi.Schema) *openapi.Schema {
		s.Types = []string{"string"}
		return &s
	}
	for _, test := range []struct {
		name       string
		properties []openapi.Property
		body       map[string]any
		path       map[string]string
		want       string // the member that is changed
	}{
		{"what is there", []openapi.Property{{Name: "note", Schema: text(openapi.Schema{})}, {Name: "text", Schema: text(openapi.Schema{})}}, map[string]any{"text": "a"}, nil, "text"},
		{"what may be added", []openapi.Property{{Name: "text", Schema: text(openapi.Schema{})}}, map[string]any{}, nil, "text"},
		{"a choice last", []openapi.Property{
			{Name: "state", Schema: text(openapi.Schema{Enum: []any{"open", "shut"}})}, {Name: "text", Schema: text(openapi.Schema{})},
		}, map[string]any{"state": "open"}, nil, "text"},
		{"a choice", []openapi.Property{{Name: "state", Schema: text(openapi.Schema{Enum: []any{"open", "shut"}})}}, map[string]any{"state": "open"}, nil, "state"},
		{"what may be added to the one object there is", []openapi.Property{
			{Name: "order", Schema: &openapi.Schema{Types: []string{"object"}, Properties: []openapi.Property{{Name: "text", Schema: text(openapi.Schema{})}}}},
		}, map[string]any{}, nil, "text"},
		{"no id", []openapi.Property{{Name: "owner_id", Schema: text(openapi.Schema{})}}, map[string]any{"owner_id": "x"}, nil, ""},
		{"nothing that the path names", []openapi.Property{{Name: "name", Schema: text(openapi.Schema{})}}, map[string]any{"name": "Saws"}, map[string]string{"id": "saws-17"}, ""},
		{"nothing that only the server sets", []openapi.Property{{Name: "text", Schema: text(openapi.Schema{ReadOnly: true})}}, map[string]any{"text": "a"}, nil, ""},
		{"nothing that has a form of its own", []openapi.Property{{Name: "text", Schema: text(openapi.Schema{Pattern: "^a+$"})}}, map[string]any{"text": "a"}, nil, ""},
		{"nothing beyond the bounds", []openapi.Property{
			{Name: "n", Schema: &openapi.Schema{Types: []string{"integer"}, Minimum: pointer(1.0), Maximum: pointer(1.0)}},
		}, map[string]any{"n": int64(1)}, nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &run{values: testValues(), named: identities{}}
			schema := &openapi.Schema{Types: []string{"object"}, Properties: test.properties}
			c := &call{op: &operation{}, path: test.path, body: cloneValue(test.body)}
			got, ok := r.change(c, schema, func(place) bool { return true })
			if got.name != test.want || ok != (test.want != "") {
				t.Errorf("changed %q, want %q", got.name, test.want)
			}
			if diff := cmp.Diff(test.body, c.body); ok == (diff == "") {
				t.Errorf("changed %v, and the content differs by %q", ok, diff)
			}
		})
	}
}
