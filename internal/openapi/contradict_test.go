package openapi

import (
	"strings"
	"testing"

	"github.com/statute-http/statute"
)

const answered = `
openapi: 3.1.0
info: {title: shop, version: "1"}
paths:
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    put:
      responses:
        "201": {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
  /orders:
    get:
      responses:
        "200":
          description: all
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Page'}
            text/csv:
              schema: {type: string}
        "2XX":
          description: others
          content:
            application/*: {schema: {type: array}}
        default:
          description: errors
          content:
            application/json: {schema: {type: array}}
components:
  schemas:
    Page:
      type: object
      required: [items]
      properties:
        items: {type: array, items: {$ref: '#/components/schemas/Order'}}
        next: {anyOf: [{type: string}, {type: integer}]}
        totals: {type: object, additionalProperties: {type: number}}
        loop: {$ref: '#/components/schemas/Loop'}
    Order:
      type: object
      required: [id, note, code]
      properties:
        id: {type: integer}
        price: {type: number}
        note: {type: [string, "null"]}
        code: {type: string, writeOnly: true}
        state: {type: string, enum: [open, closed]}
        mode: {enum: [on, 1, yes]}
        "a/b": {type: boolean}
    Loop:
      anyOf: [{$ref: '#/components/schemas/Loop'}, {type: string}]
`

func TestContradiction(t *testing.T) {
	d, err := Parse([]byte(answered), "openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	get, put := d.Operations[1].Declared(), d.Operations[0].Declared()
	if d.Operations[0].Method != "PUT" {
		get, put = put, get
	}
	const order = `{"items":[{"id":1,"note":null`
	for _, tt := range []struct {
		name    string
		status  int
		fields  string // "Content-Type", others after a line break
		content string
		want    string
	}{
		{"as described", 200, "application/json", order + `,"price":2,"state":"open","mode":"x","a/b":true,"more":1}],"next":"x","totals":{"EUR":1.5}}`, ""},
		{"an integer as 1.0", 200, "application/json", `{"items":[{"id":1.0,"note":"n"}]}`, ""},
		{"null where it is not required", 200, "application/json", order + `,"price":null}],"next":null}`, ""},
		{"type", 200, "application/json", `{"items":[{"id":"1","note":null}]}`, "/items/0/id is a string, an integer is described"},
		{"fraction", 200, "application/json", `{"items":[{"id":1.5,"note":null}]}`, "/items/0/id is a number, an integer is described"},
		{"second item", 200, "application/json", order + `},{"id":2,"note":3}]}`, "/items/1/note is an integer, a string or null is described"},
		{"the content itself", 200, "application/json", `[]`, "the content is an array, an object is described"},
		{"missing", 200, "application/json", `{}`, "/items is missing, it is required"},
		{"null where it is required", 200, "application/json", `{"items":null}`, "/items is null, an array is required"},
		{"enum", 200, "application/json", order + `,"state":"new"}]}`, "/items/0/state is none of the values described"},
		{"alternatives", 200, "application/json", `{"items":[],"next":{}}`, "/next is none of the alternatives described"},
		{"further members", 200, "application/json", `{"items":[],"totals":{"EUR":1,"USD":"2"}}`, "/totals/USD is a string, a number is described"},
		{"escaped name", 200, "application/json", order + `,"a/b":1}]}`, "/items/0/a~1b is an integer, a boolean is described"},
		{"a schema that is its own alternative", 200, "application/json", `{"items":[],"loop":1}`, ""},
		{"class", 202, "application/json", `{}`, "the content is an object, an array is described"},
		{"class as a range of media types", 202, "application/vnd.shop+json", `{}`, "the content is an object, an array is described"},
		{"default", 404, "application/json", `{}`, ""},
		{"other media type", 200, "application/problem+json", `[]`, ""},
		{"no JSON", 200, "text/csv", `a,b`, ""},
		{"malformed", 200, "application/json", `[`, ""},
		{"two values", 200, "application/json", `[][]`, ""},
		{"coded", 200, "application/json\nContent-Encoding: gzip", `[]`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &statute.Response{Status: tt.status, Body: statute.Body{Bytes: []byte(tt.content), Size: int64(len(tt.content))}}
			for line := range strings.SplitSeq("Content-Type: "+tt.fields, "\n") {
				name, value, _ := strings.Cut(line, ": ")
				r.Fields = append(r.Fields, statute.Field{Name: name, Value: value})
			}
			if got := get.Content(r); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			r.Body.Cut = true
			if got := get.Content(r); got != "" {
				t.Errorf("content that was cut: got %q", got)
			}
		})
	}
	created := &statute.Response{Status: 200, Fields: statute.Fields{{Name: "Content-Type", Value: "application/json"}}, Body: statute.Body{Bytes: []byte("{}"), Size: 2}}
	if got, want := put.Content(created), "/id is missing, it is required"; got != want {
		t.Errorf("200 where 201 is described: got %q, want %q", got, want)
	}
}
