package openapi

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBroken reads descriptions in which something is wrong: what it is must be
// said with its line, and all the rest must be there. Lines count from the
// version's.
func TestBroken(t *testing.T) {
	for _, test := range []struct {
		name, version string
		doc           string
		problems      []string
		want          string
	}{
		{"parameters no list", "3.0.3", `
paths:
  /a:
    get:
      parameters:
        name: q
      responses: {200: {description: ok}}
`, []string{
			"line 5: GET /a parameters: is an object, not a list: left out",
		}, `
GET /a
  200
`},
		{"references that lead nowhere", "3.0.3", `
paths:
  /a:
    get:
      parameters:
        - $ref: '#/components/parameters/Missing'
      responses:
        200: {description: ok, content: {a/b: {schema: {$ref: '#/components/schemas/Missing'}}}}
        400: {$ref: '#/components/responses/Missing'}
        404: {$ref: 'other.yaml'}
        500: {$ref: '#nowhere'}
  /b:
    $ref: '#/x-items/b'
components: {schemas: {Order: {type: string}}}
`, []string{
			`line 6: GET /a parameters[0]: $ref "#/components/parameters/Missing": there is no "parameters" in components: left out`,
			`line 8: GET /a responses.200.content.a/b.schema: $ref "#/components/schemas/Missing": there is no "Missing" in components.schemas: any value is assumed`,
			`line 9: GET /a responses.400: $ref "#/components/responses/Missing": there is no "responses" in components: left out`,
			`line 10: GET /a responses.404: $ref "other.yaml" is not followed: other documents are not read: left out`,
			`line 11: GET /a responses.500: $ref "#nowhere": there is no anchor "nowhere": left out`,
			`line 12: /b: $ref "#/x-items/b": there is no "x-items" in api.yaml: left out`,
		}, `
GET /a
  200 a/b: any
  400
  404
  500
`},
		{"references in a circle", "3.0.3", `
paths:
  /a:
    get:
      responses:
        200: {description: ok, content: {a/b: {schema: {$ref: '#/components/schemas/A'}}}}
components:
  schemas:
    A: {$ref: '#/components/schemas/B'}
    B: {$ref: '#/components/schemas/A'}
`, []string{
			"line 6: GET /a responses.200.content.a/b.schema: $ref goes in a circle: any value is assumed",
		}, `
GET /a
  200 a/b: any
`},
		{"path parameters", "3.0.3", `
paths:
  /a/{x}/{y}:
    get:
      parameters:
        - {name: x, in: path, schema: {type: integer}}
        - {name: z, in: path, required: true, schema: {type: integer}}
        - {name: x, in: path, required: true, schema: {type: string}}
      responses: {200: {description: ok}}
`, []string{
			`line 4: GET /a/{x}/{y}: {y} is in the path, but no parameter: taken as a string`,
			`line 6: GET /a/{x}/{y} parameters[0]: path parameter "x" is not "required: true": taken as required`,
			`line 7: GET /a/{x}/{y} parameters[1]: path parameter "z" is not in the path /a/{x}/{y}: left out`,
			`line 8: GET /a/{x}/{y} parameters[2]: path parameter "x" stands here twice: left out`,
		}, `
GET /a/{x}/{y}
  path x!: integer
  path y!: string
  200
`},
		{"parameters", "3.0.3", `
paths:
  /a:
    get:
      parameters:
        - {name: a, in: body, schema: {type: integer}}
        - {name: b, schema: {type: integer}}
        - {in: query, schema: {type: integer}}
        - {name: d, in: query, required: "yes"}
        - {name: e, in: query, type: integer}
        - text
      responses: {200: {description: ok}}
`, []string{
			`line 6: GET /a parameters[0]: parameter "a": "in" is "body", which version 3.0.3 does not know: left out`,
			`line 7: GET /a parameters[1]: parameter "b" without "in": left out`,
			`line 8: GET /a parameters[2]: a parameter without a "name": left out`,
			`line 9: GET /a parameters[3].required: is a string, not true or false: taken as false`,
			`line 9: GET /a parameters[3]: parameter "d" has neither "schema" nor "content": any value is assumed`,
			`line 10: GET /a parameters[4]: "type" belongs into the parameter's "schema": read all the same`,
			`line 11: GET /a parameters[5]: is a string, not an object: left out`,
		}, `
GET /a
  query d: any form*
  query e: integer form*
  200
`},
		{"paths", "3.0.3", `
paths:
  a: {get: {responses: {200: {description: ok}}}}
  /b?x=1: {get: {responses: {200: {description: ok}}}}
  /c/{id: {get: {responses: {200: {description: ok}}}}
  /d: text
  /e: {get: {responses: {200: {description: ok}}}}
  /e: {put: {responses: {200: {description: ok}}}, get: {responses: {201: {description: ok}}}}
  /f: {fetch: {}, GET: {responses: {200: {description: ok}}}, query: {responses: {200: {description: ok}}}, get: text}
`, []string{
			`line 3: a: a path begins with /: read as "/a"`,
			`line 4: /b?x=1: a path has no query and no fragment: read as "/b"`,
			`line 5: /c/{id: braces that do not match`,
			`line 6: /d: is a string, not an object: left out`,
			`line 8: GET /e: GET /e is described before: left out`,
			`line 8: paths: "/e" stands here again, before in line 7: the last one counts`,
			`line 9: /f fetch: "fetch" is no method: left out`,
			`line 9: GET /f: methods are written in lower case: "get"`,
			`line 9: QUERY /f: QUERY cannot be described in version 3.0.3: read all the same`,
			`line 9: GET /f: is a string, not an object: left out`,
		}, `
GET /a
  200
GET /b
  200
GET /c/{id
  200
GET /e
  200
PUT /e
  200
GET /f
  200
QUERY /f
  200
`},
		{"the same path twice", "3.0.3", `
paths:
  /a/{x}: {get: {operationId: a, parameters: [{name: x, in: path, required: true, schema: {}}], responses: {200: {description: ok}}}}
  /a/{y}: {get: {operationId: a, parameters: [{name: y, in: path, required: true, schema: {}}], responses: {200: {description: ok}}}}
`, []string{
			`line 4: GET /a/{y}: the same as a path before, but for the variables' names`,
			`line 4: GET /a/{y}: operationId "a" is taken by an operation before`,
		}, `
GET /a/{x} (a)
  path x!: any
  200
GET /a/{y} (a)
  path y!: any
  200
`},
		{"responses", "3.0.3", `
paths:
  /a:
    get: {responses: {ok: {description: ok}, 20: {description: ok}, 999: {description: ok}, 200: 7}}
    put: {description: none}
    post: {responses: [200]}
`, []string{
			`line 4: GET /a responses.ok: "ok" is no status code: left out`,
			`line 4: GET /a responses.20: "20" is no status code: left out`,
			`line 4: GET /a responses.999: "999" is no status code: left out`,
			`line 4: GET /a responses.200: is a number, not an object: left out`,
			`line 5: PUT /a: there is no "responses"`,
			`line 6: POST /a responses: is a list, not an object: left out`,
		}, `
GET /a
  200
PUT /a
POST /a
`},
		{"schemas", "3.0.3", `
paths:
  /a:
    get:
      responses:
        200:
          description: ok
          content:
            a/a: {schema: [{type: string}]}
            a/b: {schema: {type: text, minimum: low, minLength: -1, required: true, enum: a}}
            a/c: {schema: {type: object, properties: [a, b]}}
            a/d: {schema: {allOf: [{type: string}, {type: integer}]}}
            a/e: {schema: {type: object, properties: {a: text, b: {type: string}}}}
            a/f: {schema: {allOf: {type: string}}}
`, []string{
			`line 9: GET /a responses.200.content.a/a.schema: is a list, not a schema: any value is assumed`,
			`line 10: GET /a responses.200.content.a/b.schema.type: type "text" is not known: any type is assumed`,
			`line 10: GET /a responses.200.content.a/b.schema.enum: is a string, not a list: left out`,
			`line 10: GET /a responses.200.content.a/b.schema.required: is a boolean, not a list: left out`,
			`line 10: GET /a responses.200.content.a/b.schema.minimum: is a string, not a number: left out`,
			`line 10: GET /a responses.200.content.a/b.schema.minLength: is -1, not a natural number: left out`,
			`line 11: GET /a responses.200.content.a/c.schema.properties: is a list, not an object: left out`,
			`line 12: GET /a responses.200.content.a/d.schema.allOf[1].type: no value is both this and string: the latter is taken`,
			`line 13: GET /a responses.200.content.a/e.schema.properties.a: is a string, not a schema: any value is assumed`,
			`line 14: GET /a responses.200.content.a/f.schema.allOf: is an object, not a list: left out`,
		}, `
GET /a
  200 a/a: any a/b: any a/c: object a/d: string a/e: object{a: any, b: string} a/f: any
`},
		{"security and links", "3.0.3", `
security: [{key: []}]
paths:
  /a:
    get:
      security: {key: []}
      responses: {200: {description: ok, links: {a: {operationId: b}, b: {operationRef: '#/info'}}}}
    put:
      responses: {200: {description: ok}}
components:
  securitySchemes:
    k: {type: apiKey, in: body, name: k}
    l: {type: http}
    m: {type: magic}
info: {title: t}
`, []string{
			`line 2: security[0]: there is no security scheme "key"`,
			`line 6: GET /a security: is an object, not a list: left out`,
			`line 7: GET /a responses.200.links.a: there is no operation "b": left out`,
			`line 7: GET /a responses.200.links.b.operationRef: "#/info" is no operation: left out`,
			`line 12: components.securitySchemes.k: an API key needs "name", and "in" as header, query or cookie: left out`,
			`line 13: components.securitySchemes.l: has no "scheme": left out`,
			`line 14: components.securitySchemes.m: type "magic" of a security scheme is not known: left out`,
		}, `
GET /a
  200
PUT /a by [[key]]
  200
`},
		{"servers", "3.0.3", `
servers:
  - {description: no url}
  - {url: 'https://{host}/'}
  - {url: 'http://[::1'}
  - {url: 'http://good.example'}
paths: {/a: {get: {responses: {200: {description: ok}}}}}
`, []string{
			`line 3: servers[0]: has no "url": left out`,
			`line 4: servers[1]: variable "host" has no default: the server is left out`,
			`line 5: servers[2]: "http://[::1" is no URL: left out`,
		}, `
GET /a
  200
`},
		{"2.0 host", "2.0", `
host: http://x.example/v1
basePath: v2
paths: {}
`, []string{
			"line 2: host: is host and port alone, without scheme and path",
			"line 3: basePath: must begin with /",
		}, ""},
		{"2.0 body and form", "2.0", `
paths:
  /a:
    post:
      parameters:
        - {name: a, in: body}
        - {name: b, in: formData, type: string}
        - {name: c, in: query, type: array, collectionFormat: tsv}
        - {name: d, in: cookie, type: string}
      responses: {200: {description: ok}}
`, []string{
			`line 4: POST /a: has both body and formData parameters: the latter are left out`,
			`line 6: POST /a parameters[0]: the body parameter has no "schema"`,
			`line 8: POST /a parameters[2].collectionFormat: "tsv" cannot be told in OpenAPI 3: read as csv`,
			`line 9: POST /a parameters[3]: parameter "d": "in" is "cookie", which version 2.0 does not know: left out`,
		}, `
POST /a
  query c: array form
  body application/json
  200
`},
		{"no paths", "3.0.3", "info: {title: t}\n", []string{
			`line 1: there is no "paths" and so no operation`,
		}, ""},
		{"paths no object", "3.0.3", "paths: []\n", []string{
			`line 2: paths: is a list, not an object: left out`,
		}, ""},
		{"a version to come", "3.7.0", "paths: {}\n", []string{
			`line 1: openapi: version "3.7.0" is not known: read like 3.2`,
		}, ""},
		{"names", "3.0.3", `
paths: {}
info:
  title: a
  title: b
  [a, b]: c
`, []string{
			`line 5: info: "title" stands here again, before in line 4: the last one counts`,
			`line 6: info: a name that is itself an object or a list: left out`,
		}, ""},
		{"merge of no object", "3.0.3", "paths: {<<: text}\n", []string{
			`line 2: paths: << merges objects, this is a string: left out`,
		}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := strings.TrimPrefix(test.doc, "\n")
			d, err := Parse([]byte(head(test.version)+doc), "api.yaml")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), show(d)); diff != "" {
				t.Errorf("operations: -want +got:\n%s", diff)
			}
			var got []string
			for _, p := range d.Problems {
				got = append(got, strings.TrimPrefix(p.String(), "api.yaml: "))
			}
			if diff := cmp.Diff(test.problems, got); diff != "" {
				t.Errorf("problems: -want +got:\n%s", diff)
			}
		})
	}
}

// TestNoDescription reads what is none: one error says so.
func TestNoDescription(t *testing.T) {
	for _, test := range []struct {
		name, data string
		want       string // after "reading api.yaml: "
	}{
		{"empty", "", "is empty"},
		{"white space", " \n\t\n", "is empty"},
		{"comments", "# nothing\n", "is empty"},
		{"binary", "PK\x03\x04\x00\x00", "is binary, not JSON or YAML text"},
		{"HTML", "<!doctype html>\n<html>", "is HTML or XML, not a description in JSON or YAML;" +
			" if it is a documentation page, look there for a link that ends in .json or .yaml"},
		{"text", "Hello", "is neither OpenAPI nor Swagger: at its top is a string, not an object"},
		{"list", "- a\n- b\n", "is neither OpenAPI nor Swagger: at its top is a list, not an object"},
		{"other YAML", "services: {}\n", `is neither OpenAPI nor Swagger: no "openapi" or "swagger" member at its top`},
		{"AsyncAPI", "asyncapi: 3.0.0", "is neither OpenAPI nor Swagger, but AsyncAPI, which describes messages, not HTTP"},
		{"HAR", `{"log": {}}`, "is neither OpenAPI nor Swagger, but a HAR file of recorded traffic: use `statute judge`"},
		{"Swagger 1", "# old\nswagger: 1.2\n", "line 2: is Swagger 1.2: convert it to OpenAPI 3 first"},
		{"version to come", "openapi: 4.0.0\n", `line 1: version "4.0.0" is not known: 2.0 and 3.0 to 3.2 are`},
		{"version no text", "openapi: {a: b}\n", `line 1: version "" is not known: 2.0 and 3.0 to 3.2 are`},

		{"YAML", "openapi: 3.0.3\ninfo:\n  title: a: b\n", "line 3: mapping values are not allowed in this context"},
		{"YAML tab", "openapi: 3.0.3\ninfo:\n\ttitle: a\n", "line 3: found character that cannot start any token"},
		{"YAML quote", "openapi: 3.0.3\ninfo: \"title\n", "line 3: found unexpected end of stream, while scanning a quoted scalar that began in line 2"},
		{"YAML alias", "openapi: 3.0.3\ninfo: *nothing\n", "line 2: unknown anchor 'nothing' referenced"},
		{"YAML alias of itself", "openapi: 3.0.3\ninfo: &a\n  b: [*a]\n", "line 3: alias *a stands within what it names"},
		{"YAML aliases without end", bomb(), "line 9: aliases that amount to more than 8388608 values"},
		{"YAML depth", "openapi: " + strings.Repeat("[", 1500) + strings.Repeat("]", 1500), "line 1: nested more than 1000 levels deep"},
		{"encoding", "openapi: 3.0.3\n# caf\xe9\n", "line 2: bytes that are not UTF-8"},
		{"JSON", "{\n  \"openapi\": \"3.0.3\",\n  \"paths\" {}\n}\n", "line 3: invalid character '{' after object key"},
		{"JSON cut", "{\n  \"openapi\": \"3.0.3\",\n  \"paths\": {\n", "line 3: the JSON ends before its last bracket is closed"},
		{"JSON and more", "{\"openapi\": \"3.0.3\"}\n{}\n", "line 2: text after the end of the JSON"},
		{"JSON depth", `{"openapi": ` + strings.Repeat("[", 1500) + strings.Repeat("]", 1500) + "}", "line 1: nested more than 1000 levels deep"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := Parse([]byte(test.data), "api.yaml")
			if err == nil {
				t.Fatalf("got a description of %d operations", len(d.Operations))
			}
			if diff := cmp.Diff("reading api.yaml: "+test.want, err.Error()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// bomb returns YAML of nine levels, each with ten aliases of the level before.
func bomb() string {
	var b strings.Builder
	b.WriteString("openapi: 3.0.3\na0: &a0 x\n")
	for i := range 9 {
		level := string(rune('0' + i))
		next := string(rune('1' + i))
		b.WriteString("a" + next + ": &a" + next + " [" + strings.Repeat("*a"+level+", ", 10) + "]\n")
	}
	return b.String()
}

// TestBounds reads descriptions that are made to exhaust time and memory.
func TestBounds(t *testing.T) {
	const head = "openapi: 3.0.3\npaths: {/a: {get: {responses: {200: {description: ok, content: {a/b: {schema: {$ref: '#/components/schemas/S0'}}}}}}}}\n" +
		"components:\n  schemas:\n"
	var merging, combining strings.Builder
	merging.WriteString(head + "    S0: {allOf: [" + strings.Repeat("{type: string}, ", 2*maxParts) + "]}\n")
	combining.WriteString(head)
	// Each step down "a" or "b" leads to another set of schemas: 2^200 in all.
	for i := range 200 {
		fmt.Fprintf(&combining, "    S%d: {properties: {a: {allOf: [{$ref: '#/components/schemas/S%d'}, {$ref: '#/components/schemas/S0'}]},"+
			" b: {$ref: '#/components/schemas/S%d'}}}\n", i, (i+1)%200, (i+1)%200)
	}
	for _, test := range []struct{ name, doc, want string }{
		{"merging", merging.String(), "more than 1000 schemas at once in allOf: the rest is left out"},
		{"combining", combining.String(), "allOf combines the schemas in too many ways: some are left empty"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := Parse([]byte(test.doc), "api.yaml")
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Problems) == 0 || !strings.HasSuffix(d.Problems[0].Message, test.want) {
				t.Errorf("problems are %v, want %q", d.Problems, test.want)
			}
		})
	}
}
