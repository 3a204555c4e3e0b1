package openapi

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestParse reads one feature at a time. The heads of the documents are left
// out: a version alone stands for them.
func TestParse(t *testing.T) {
	for _, test := range []struct {
		name, version string
		doc           string
		want          string
	}{
		{"empty", "3.1.0", "paths: {}", ""},
		{"operation", "3.0.3", `
paths:
  /orders/{id}:
    x-internal: {get: 1}
    summary: one order
    get:
      operationId: getOrder
      tags: [orders]
      deprecated: true
      responses: {200: {description: ok}, "4xx": {description: no}, default: {description: other}}
    delete:
      responses: {204: {description: gone}}
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
`, `
GET /orders/{id} (getOrder) deprecated
  path id!: integer
  200
  4XX
  default
DELETE /orders/{id}
  path id!: integer
  204
`},
		{"JSON", "", `{"openapi": "3.0.0", "paths": {"/a": {"get": {"responses": {"200": {"description": "\ud83d\ude00 \/"}}}}}}`, `
GET /a
  200
`},
		{"parameters override those of the path item", "3.0.3", `
paths:
  /a:
    parameters:
      - {name: q, in: query, schema: {type: string}}
      - {name: X-A, in: header, schema: {type: string}}
      - {name: q, in: cookie, schema: {type: string}}
    get:
      parameters:
        - {name: q, in: query, schema: {type: integer}}
        - {name: x-a, in: header, required: true, schema: {type: integer}}
      responses: {200: {description: ok}}
`, `
GET /a
  query q: integer form*
  header x-a!: integer
  cookie q: string form*
  200
`},
		{"parameters that the rest describes", "3.0.3", `
paths:
  /a:
    get:
      parameters:
        - {name: accept, in: header, schema: {type: string}}
        - {name: Authorization, in: header, schema: {type: string}}
        - {name: Content-Type, in: header, schema: {type: string}}
      responses: {200: {description: ok}}
`, `
GET /a
  200
`},
		{"styles", "3.0.3", `
paths:
  /a/{p}:
    get:
      parameters:
        - {name: p, in: path, required: true, style: matrix, explode: true, schema: {}}
        - {name: a, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - {name: b, in: query, style: deepObject, schema: {type: object}}
        - {name: c, in: query, content: {application/json: {schema: {type: object, example: {x: 1}}}}}
      responses: {200: {description: ok}}
`, `
GET /a/{p}
  path p!: any matrix*
  query a: array of [string] form
  query b: object deepObject
  query c: string form* eg["{\"x\":1}"]
  200
`},
		{"a parameter's description", "3.0.3", `
paths:
  /a:
    get:
      parameters:
        - {name: a, in: query, description: mine, schema: {$ref: '#/components/schemas/Word'}}
        - {name: b, in: query, schema: {$ref: '#/components/schemas/Word'}}
        - {name: c, in: query, description: mine, schema: {type: string, description: its}}
      responses: {200: {description: ok}}
components: {schemas: {Word: {type: string}}}
`, `
GET /a
  query a: Word string "mine" form*
  query b: Word string form*
  query c: string "its" form*
  200
`},
		{"body and examples", "3.0.3", `
paths:
  /a:
    post:
      requestBody: {$ref: '#/components/requestBodies/A'}
      responses:
        201:
          description: ok
          headers: {Location: {schema: {type: string}}, ETag: {schema: {type: string}}}
          content:
            application/json; charset=utf-8: {schema: {type: object}}
            application/JSON: {schema: {type: string}}
            text/plain: {}
components:
  requestBodies:
    A:
      required: true
      content:
        application/json:
          schema: {type: object, example: {n: 3}}
          example: {n: 1}
          examples: {one: {value: {n: 2}}, two: {$ref: '#/components/examples/Two'}, far: {externalValue: 'http://x.example'}}
  examples: {Two: {value: [1, 2.5, true, null, 2020-01-01, 1e400, 0x10]}}
`, `
POST /a
  body! application/json: object eg[{"n":3}] eg[{"n":1},{"n":2},[1,2.5,true,null,"2020-01-01","1e400",16]]
  201 application/json: object text/plain [Location ETag]
`},
		{"security", "3.0.3", `
security: [{key: []}]
paths:
  /a: {get: {responses: {200: {description: ok}}}}
  /b: {get: {security: [], responses: {200: {description: ok}}}}
  /c: {get: {security: [{}, {key: [], token: [write]}], responses: {200: {description: ok}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    token: {type: http, scheme: Bearer}
`, `
GET /a by [[key]]
  200
GET /b
  200
GET /c by [[] [key token]]
  200
`},
		{"links", "3.0.3", `
paths:
  /a:
    post:
      responses:
        201:
          description: ok
          links:
            byID: {operationId: getA, parameters: {id: '$response.body#/id', page: 1}}
            byRef: {operationRef: '#/paths/~1a~1{id}/delete', parameters: {path.id: $response.body#/id}}
  /a/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: getA, responses: {200: {description: ok}}}
    delete: {responses: {204: {description: ok}}}
`, `
POST /a
  201
  201 -> getA map[id:$response.body#/id]
  201 -> DELETE /a/{id} map[path.id:$response.body#/id]
GET /a/{id} (getA)
  path id!: string
  200
DELETE /a/{id}
  path id!: string
  204
`},
		{"servers of a path item and of an operation", "3.0.3", `
paths:
  /a:
    servers: [{url: 'https://a.example/'}]
    get: {responses: {200: {description: ok}}}
    put: {servers: [{url: /v2}], responses: {200: {description: ok}}}
`, `
GET /a at [https://a.example]
  200
PUT /a at [/v2]
  200
`},
		{"3.2", "3.2.0", `
paths:
  /a:
    query: {responses: {200: {}}}
    additionalOperations: {LINK: {responses: {204: {}}}}
    get:
      parameters:
        - name: all
          in: querystring
          content: {application/x-www-form-urlencoded: {schema: {type: object, required: [q], properties: {q: {type: string}, n: {type: integer}}}}}
      responses: {200: {content: {application/json: {examples: {a: {dataValue: 7}}}}}}
`, `
QUERY /a
  200
LINK /a
  204
GET /a
  query q!: string form*
  query n: integer form*
  200 application/json eg[7]
`},

		{"2.0 body", "2.0", `
consumes: [application/json, application/xml]
produces: [application/json]
paths:
  /a:
    post:
      parameters:
        - {name: order, in: body, required: true, schema: {$ref: '#/definitions/Order'}}
      responses:
        201: {description: ok, schema: {$ref: '#/definitions/Order'}, examples: {application/json: {id: 1}}, headers: {Location: {type: string}}}
        204: {description: nothing}
    put:
      consumes: [text/plain]
      produces: [text/csv]
      parameters:
        - {name: order, in: body, schema: {type: string}}
      responses: {200: {description: ok, schema: {type: file}}}
definitions: {Order: {type: object, properties: {id: {type: integer}}}}
`, `
POST /a
  body! application/json: Order object{id: integer} application/xml: Order object{id: integer}
  201 application/json: Order object{id: integer} eg[{"id":1}] [Location]
  204
PUT /a
  body text/plain: string
  200 text/csv: string/binary
`},
		{"2.0 forms", "2.0", `
paths:
  /a:
    post:
      parameters:
        - {name: name, in: formData, type: string, required: true}
        - {name: n, in: formData, type: integer, minimum: 1}
      responses: {200: {description: ok}}
    put:
      consumes: [application/json, multipart/form-data]
      parameters:
        - {name: picture, in: formData, type: file}
      responses: {200: {description: ok}}
`, `
POST /a
  body! application/x-www-form-urlencoded: object{name!: string, n: integer >=1}
  200
PUT /a
  body multipart/form-data: object{picture: string/binary}
  200
`},
		{"2.0 parameters", "2.0", `
paths:
  /a/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, type: integer, format: int64, x-example: 7, description: the id}
        - {name: a, in: query, type: array, items: {type: string, enum: [x, y]}}
        - {name: b, in: query, type: array, collectionFormat: multi, items: {type: string}}
        - {name: c, in: query, type: array, collectionFormat: pipes, items: {type: string}}
        - {name: d, in: header, type: string, default: z, maxLength: 3}
        - {name: Authorization, in: header, type: string, required: true}
      responses: {200: {description: ok}}
`, `
GET /a/{id}
  path id!: integer/int64 eg[7] "the id"
  query a: array of [string enum["x","y"]] form
  query b: array of [string] form*
  query c: array of [string] pipeDelimited
  header d: string len<=3 default["z"]
  200
`},

		{"merge keys and anchors", "2.0", `
paths:
  /a:
    get:
      responses: &errors
        400: {description: no}
        500: {description: no}
  /b:
    get:
      responses:
        <<: *errors
        200: {description: ok}
        500: {description: mine, schema: {type: string}}
    put:
      responses:
        <<: [{404: {description: no}}, *errors]
`, `
GET /a
  400
  500
GET /b
  200
  400
  500 application/json: string
PUT /b
  400
  404
  500
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), show(parse(t, test.version, test.doc))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// parse reads a document in which nothing is wrong.
func parse(t *testing.T, version, doc string) *Description {
	t.Helper()
	d, err := Parse([]byte(head(version)+doc), "api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range d.Problems {
		t.Errorf("problem: %s", p)
	}
	return d
}

// head returns the first line of a document of that version, without its end:
// the documents of the tests begin with one.
func head(version string) string {
	switch version {
	case "":
		return ""
	case "2.0":
		return "swagger: '2.0'\n"
	}
	return "openapi: " + version + "\n"
}

func TestSchemas(t *testing.T) {
	const components = `
paths: {}
components:
  schemas:
    Base: {type: object, required: [id], properties: {id: {type: integer, readOnly: true}, note: {type: string, maxLength: 10}}}
    Named: {type: object, properties: {name: {type: string}}}
    Color: {type: string, enum: [red, green]}
    Node: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}, up: {allOf: [{$ref: '#/components/schemas/Node'}], nullable: true}}}
    A: {allOf: [{$ref: '#/components/schemas/B'}], properties: {a: {}}}
    B: {allOf: [{$ref: '#/components/schemas/A'}], properties: {b: {}}}
    X: {$anchor: x, type: boolean}
    Tree: {$dynamicAnchor: node, type: object, properties: {children: {type: array, items: {$dynamicRef: '#node'}}}}
    WithID: {$id: 'https://x.example/w', properties: {v: {$ref: '#/$defs/v'}}, $defs: {v: {type: integer}}}
    Test: `
	for _, test := range []struct {
		name, version string
		schema        string
		want          string // after the name
	}{
		{"empty", "3.0.3", `{}`, "any"},
		{"all bounds", "3.0.3", `{type: integer, format: int32, minimum: 1, maximum: 9, multipleOf: 2, default: 4, example: 6}`, "integer/int32 <=9 >=1 of 2 default[4] eg[6]"},
		{"strings", "3.0.3", `{type: string, pattern: '^a', minLength: 1, maxLength: 1.0, writeOnly: true}`, "string ~^a len<=1 len>=1 writeOnly"},
		{"arrays", "3.0.3", `{type: array, minItems: 1, maxItems: 2, uniqueItems: true, items: {type: number}}`, "array items<=2 items>=1 unique of [number]"},
		{"nullable", "3.0.3", `{type: string, nullable: true, enum: [a]}`, `string|null enum["a",null]`},
		{"x-nullable", "2.0", `{type: string, x-nullable: true}`, "string|null"},
		{"type list", "3.1.0", `{type: [string, "null"]}`, "string|null"},
		{"unquoted null", "3.1.0", `{type: [string, null]}`, "string|null"},
		{"alternative null", "3.1.0", `{anyOf: [{type: string, minLength: 1}, {type: "null"}]}`, "string|null len>=1"},
		{"nullable alternatives", "3.0.3", `{nullable: true, oneOf: [{type: string}, {type: integer}]}`, "any (string or integer or null)"},
		{"boolean exclusive bounds", "3.0.3", `{type: number, minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: false}`, "number <=1 >0"},
		{"numeric exclusive bounds", "3.1.0", `{type: number, exclusiveMinimum: 0, exclusiveMaximum: 1}`, "number <1 >0"},
		{"const", "3.1.0", `{const: a}`, `any enum["a"]`},
		{"const null", "3.1.0", `{const: null}`, `any enum[null]`},
		{"examples", "3.1.0", `{type: string, examples: [a, b], example: c}`, `string eg["c","a","b"]`},
		{"closed", "3.0.3", `{type: object, additionalProperties: false}`, "object{closed}"},
		{"map", "3.0.3", `{type: object, additionalProperties: {type: integer}}`, "object{*: integer}"},
		{"open", "3.0.3", `{type: object, additionalProperties: true}`, "object{*: any}"},
		{"boolean schemas", "3.1.0", `{type: object, properties: {a: true, b: false}}`, "object{a: any}"},
		{
			"allOf", "3.0.3", `{allOf: [{$ref: '#/components/schemas/Base'}, {$ref: '#/components/schemas/Named'}, {required: [name], properties: {note: {type: string, maxLength: 5}}}]}`,
			"object{id!: integer readOnly, note: string len<=5, name!: string}",
		},
		{"allOf narrows", "3.0.3", `{allOf: [{type: number, minimum: 1, enum: [1, 2, 3]}, {type: integer, minimum: 0, enum: [2, 3, 4]}]}`, "integer >=1 enum[2,3]"},
		{"allOf of one that may be null", "3.0.3", `{nullable: true, allOf: [{$ref: '#/components/schemas/Base'}]}`, "object|null{id!: integer readOnly, note: string len<=10}"},
		{"allOf in a circle", "3.0.3", `{allOf: [{$ref: '#/components/schemas/A'}]}`, "any{a: any, b: any}"},
		{
			"allOf of alternatives", "3.0.3", `{allOf: [{oneOf: [{type: string}, {type: number}]}, {anyOf: [{format: a}, {format: b}]}]}`,
			"any (string/a or string/b or number/a or number/b)",
		},
		{
			"alternatives that exclude each other", "3.0.3", `{allOf: [{oneOf: [{type: string}, {type: number}]}, {anyOf: [{type: string}, {type: number}]}]}`,
			"any (string or string or number or number)",
		},
		{
			"alternatives", "3.0.3", `{oneOf: [{$ref: '#/components/schemas/Base'}, {$ref: '#/components/schemas/Color'}], discriminator: {propertyName: x}}`,
			`any (Base object{id!: ..., note: ...} or Color string enum["red","green"])`,
		},
		{"alternative of one", "3.0.3", `{oneOf: [{type: string}]}`, "string"},
		{"reference", "3.0.3", `{$ref: '#/components/schemas/Color', description: mine}`, `Color string enum["red","green"]`},
		{"beside a reference", "3.1.0", `{$ref: '#/components/schemas/Color', default: red}`, `string enum["red","green"] default["red"]`},
		{"reference to a property", "3.0.3", `{$ref: '#/components/schemas/Base/properties/note'}`, "string len<=10"},
		{
			"reference through a reference", "3.0.3", `{$ref: '#/components/schemas/Node/properties/next/properties/next'}`,
			"Node object{next: Node object{next: Node..., up: ...}, up: object|null{next: Node..., up: ...}}",
		},
		{"anchor", "3.1.0", `{$ref: '#x'}`, "X boolean"},
		{"dynamic anchor", "3.1.0", `{$ref: '#/components/schemas/Tree'}`, "Tree object{children: array of [Tree...]}"},
		{"$id", "3.1.0", `{$ref: 'https://x.example/w'}`, "WithID any{v: v integer}"},
		{"$defs", "3.1.0", `{properties: {a: {$ref: '#/components/schemas/Test/$defs/Word'}}, $defs: {Word: {type: string}}}`, "any{a: Word string}"},
		{"a property named $ref", "3.0.3", `{type: object, properties: {$ref: {type: string}}}`, "object{$ref: string}"},
		{"a property named required", "3.0.3", `{type: object, properties: {required: {type: boolean}, type: {type: string}}}`, "object{required: boolean, type: string}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := components + test.schema
			operation := "/t: {get: {responses: {200: {description: ok, content: {a/b: {schema: {$ref: '#/components/schemas/Test'}}}}}}}"
			if test.version == "2.0" {
				doc = "\npaths: {}\ndefinitions:\n  Test: " + test.schema
				operation = "/t: {get: {produces: [a/b], responses: {200: {description: ok, schema: {$ref: '#/definitions/Test'}}}}}"
			}
			d := parse(t, test.version, strings.Replace(doc, "paths: {}", "paths: {"+operation+"}", 1))
			got := showSchema(d.Operations[0].Responses[0].Content[0].Schema, 2)
			got = strings.TrimPrefix(got, "Test ")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// A schema that contains itself is one schema that points to itself.
func TestRecursion(t *testing.T) {
	d := parse(t, "3.0.3", `
paths: {/a: {get: {responses: {200: {description: ok, content: {a/b: {schema: {$ref: '#/components/schemas/Node'}}}}}}}}
components: {schemas: {Node: {properties: {next: {$ref: '#/components/schemas/Node'}, all: {type: array, items: {$ref: '#/components/schemas/Node'}}}}}}
`)
	s := d.Operations[0].Responses[0].Content[0].Schema
	if next := s.Properties[0].Schema; next != s {
		t.Error("next is another schema")
	}
	if item := s.Properties[1].Schema.Items; item != s {
		t.Error("an item of all is another schema")
	}
}

func TestServers(t *testing.T) {
	for _, test := range []struct {
		name, location, doc string
		want                []string
	}{
		{"none", "", "openapi: 3.0.3\npaths: {}", nil},
		{"variables", "", `
openapi: 3.1.0
paths: {}
servers:
  - url: https://{region}.shop.example:{port}/{base}/
    variables: {region: {default: eu}, port: {enum: ["8443"]}, base: {default: v1}}
  - url: /
`, []string{"https://eu.shop.example:8443/v1", "/"}},
		{
			"2.0", "", "swagger: 2.0\npaths: {}\nhost: shop.example:81\nbasePath: /v1/\nschemes: [https, http]",
			[]string{"https://shop.example:81/v1", "http://shop.example:81/v1"},
		},
		{"2.0 without schemes", "", "swagger: '2.0'\npaths: {}\nhost: shop.example", []string{"https://shop.example"}},
		{"2.0 without a host", "", "swagger: '2.0'\npaths: {}\nbasePath: /v1", []string{"/v1"}},
		{"2.0 with neither", "", "swagger: '2.0'\npaths: {}", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, parse(t, "", test.doc).Servers); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestSchemes(t *testing.T) {
	for _, test := range []struct {
		name, doc string
		want      map[string]Scheme
	}{
		{"2.0", `
swagger: "2.0"
paths: {}
securityDefinitions:
  basic: {type: basic, description: user and password}
  key: {type: apiKey, in: query, name: key}
  oauth: {type: oauth2, flow: implicit}
`, map[string]Scheme{
			"basic": {Type: "http", Scheme: "basic"},
			"key":   {Type: "apiKey", In: "query", Name: "key"},
			"oauth": {Type: "oauth2"},
		}},
		{"3.1", `
openapi: 3.1.0
paths: {}
components:
  securitySchemes:
    token: {type: http, scheme: Bearer, bearerFormat: JWT}
    session: {type: apiKey, in: cookie, name: SESSION}
    oidc: {type: openIdConnect, openIdConnectUrl: 'https://x.example'}
    tls: {type: mutualTLS}
    alias: {$ref: '#/components/securitySchemes/token'}
`, map[string]Scheme{
			"token":   {Type: "http", Scheme: "bearer"},
			"session": {Type: "apiKey", In: "cookie", Name: "SESSION"},
			"oidc":    {Type: "openIdConnect"},
			"tls":     {Type: "mutualTLS"},
			"alias":   {Type: "http", Scheme: "bearer"},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, parse(t, "", test.doc).Schemes); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
