package lint

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// right is a description that says all that the rules want to be said.
const right = `
openapi: 3.0.3
info: {title: Shop, version: "1"}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
  schemas:
    Order: {type: object, properties: {id: {type: integer}}}
  responses:
    problem:
      description: An error.
      content:
        application/problem+json:
          schema: {type: object, properties: {title: {type: string}}}
paths:
  /orders:
    get:
      operationId: listOrders
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses:
        2XX:
          description: All orders.
          headers: {RateLimit: {schema: {type: string}}}
        4XX: {$ref: '#/components/responses/problem'}
    post:
      operationId: createOrder
      security: [{token: []}]
      responses:
        "201":
          description: Made.
          headers: {Location: {schema: {type: string}}}
        "401": {$ref: '#/components/responses/problem'}
        "422": {$ref: '#/components/responses/problem'}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      responses:
        "200": {description: One order.}
        "302":
          description: It has moved.
          headers: {location: {schema: {type: string}}}
        default: {$ref: '#/components/responses/problem'}
    put:
      responses:
        "204": {description: Replaced.}
        "422": {$ref: '#/components/responses/problem'}
    delete:
      responses:
        "204": {description: Deleted.}
        "404": {$ref: '#/components/responses/problem'}
  /orders/search:
    post:
      operationId: searchOrders
      responses:
        "200": {description: What was found.}
        "400": {$ref: '#/components/responses/problem'}
  /health:
    get:
      responses:
        "200": {description: All is well.}
`

// wrong has each fault once.
const wrong = `
openapi: 3.0.3
info: {title: Shop, version: "1"}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
  schemas:
    Error: {type: object, properties: {message: {type: string}}}
    Fault: {type: object, properties: {fault: {type: string}}}
  responses:
    error: {description: An error., content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
    fault: {description: An error., content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}}}}
paths:
  /orders:
    get:
      responses:
        "200": {description: All., headers: {X-RateLimit-Remaining: {schema: {type: integer}}}}
        "201": {description: Made.}
        "400": {$ref: '#/components/responses/error'}
    post:
      operationId: createOrder
      responses:
        "200": {description: Made.}
        "400": {$ref: '#/components/responses/error'}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      responses:
        "200": {description: One.}
        "400": {$ref: '#/components/responses/error'}
    put:
      responses:
        "204": {description: Replaced., content: {application/json: {schema: {type: object}}}}
        "420": {$ref: '#/components/responses/error'}
    patch:
      responses:
        "200": {description: Changed.}
    delete:
      responses:
        "404": {$ref: '#/components/responses/error'}
  /orders/{id}/items:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    post:
      responses:
        "201": {description: Added.}
        "400": {$ref: '#/components/responses/fault'}
  /orders/{id}/items/{item}:
    parameters:
    - {name: id, in: path, required: true, schema: {type: integer}}
    - {name: item, in: path, required: true, schema: {type: integer}}
    get:
      security: [{token: []}]
      responses:
        "301": {description: Moved.}
        "404": {description: Not there.}
`

func TestFindings(t *testing.T) {
	tests := []struct {
		name string
		text string
		want []string
	}{
		{"right", right, nil},
		{"wrong", wrong, []string{
			"should lint-201-for-get GET /orders: 201 is described for a GET",
			"should lint-204-with-content PUT /orders/{id}: 204 is described with content",
			"should lint-create-without-201 POST /orders: a create answers 200",
			"should lint-no-success DELETE /orders/{id}: no success is described",
			"advice lint-201-without-location POST /orders/{id}/items: 201 is described without Location",
			"advice lint-error-shapes-differ POST /orders/{id}/items: errors are Fault, where most are Error",
			"advice lint-error-without-content GET /orders/{id}/items/{item}: errors are described without content",
			"advice lint-limits-without-429 GET /orders: limits are described, and no 429",
			"advice lint-no-error PATCH /orders/{id}: no error is described",
			"advice lint-path-without-404 GET /orders/{id}: a thing that is named in the path, and no 404",
			"advice lint-redirect-without-location GET /orders/{id}/items/{item}: 301 is described without Location",
			"advice lint-secured-without-401 GET /orders/{id}/items/{item}: credentials are demanded, and no 401 is described",
			"advice lint-unregistered-code PUT /orders/{id}: 420 is no registered status code",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, f := range Findings(load(t, test.text), nil) {
				for _, o := range f.Operations {
					got = append(got, f.Level.String()+" "+f.Rule.ID+" "+o.String()+": "+f.Message)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSameFault holds that one fault of many operations is one finding.
func TestSameFault(t *testing.T) {
	const text = `
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /a: {delete: {responses: {"404": {description: x, content: {text/plain: {}}}}}}
  /b: {delete: {responses: {"404": {description: x, content: {text/plain: {}}}}}}
`
	found := Findings(load(t, text), nil)
	if len(found) != 1 || len(found[0].Operations) != 2 || len(found[0].Marks) != 2 {
		t.Errorf("got %d findings, want one of two operations: %+v", len(found), found)
	}
	b := statute.Operation{Method: "DELETE", Path: "/b"}
	found = Findings(load(t, text), func(_ *statute.Rule, o statute.Operation, _ int) bool { return o == b })
	if len(found) != 1 || slices.Contains(found[0].Operations, b) {
		t.Errorf("an excepted operation is found: %+v", found)
	}
}

func TestPages(t *testing.T) {
	files, err := filepath.Glob("page/*.md")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(files), len(Rules()); got != want {
		t.Errorf("%d pages, want %d: one for each rule", got, want)
	}
	if !slices.IsSortedFunc(Rules(), func(a, b *statute.Rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("the rules are not sorted by ID")
	}
	for _, r := range Rules() {
		if !strings.Contains(r.Part("Fix"), "\n    ") {
			t.Errorf("%s: the fix has nothing to copy", r.ID)
		}
		for _, heading := range []string{"", "Why it hurts", "Fix", "Not reported"} {
			if r.Part(heading) == "" {
				t.Errorf("%s: the page lacks the part %q", r.ID, heading)
			}
		}
	}
}

func load(t *testing.T, text string) *openapi.Description {
	t.Helper()
	name := filepath.Join(t.TempDir(), "openapi.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := openapi.Load(t.Context(), name, openapi.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Problems) > 0 {
		t.Fatalf("problems in the description: %v", d.Problems)
	}
	return d
}
