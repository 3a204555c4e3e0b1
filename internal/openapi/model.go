// Package openapi reads what an API says of itself: Swagger 2.0 and OpenAPI
// 3.0, 3.1 and 3.2 in one model of operations, parameters, schemas and security.
package openapi

import (
	"fmt"

	"github.com/statute-http/statute"
)

// Description is what an API says of itself, the same for all versions of the
// format. References are resolved; schemas that contain themselves share
// pointers, so a walk over schemas must bound its depth.
type Description struct {
	Location   string // the file or URL it was read from; without secrets
	Version    string // of the format: "2.0", "3.0.3", "3.1.0"...
	Title      string
	Servers    []string // absolute or relative URLs, variables replaced by their defaults; from schemes, host and basePath in 2.0
	Operations []*Operation
	Schemes    map[string]Scheme // security schemes by name
	Observed   bool              // made of recorded traffic: what is not listed may be there all the same
	Problems   []Problem         // what is wrong with the description; the rest can be used
}

// Problem is a place where the description is wrong.
type Problem struct {
	File    string // the file or URL that Line counts in: Location, or another one that it refers to
	Line    int    // 0 if unknown
	Message string // what is wrong, where, and what was left out because of it
}

// String returns the problem in one line: "openapi.yaml: line 12: ...".
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s: line %d: %s", p.File, p.Line, p.Message)
}

// Operation is a method on a path template.
type Operation struct {
	statute.Operation
	ID         string
	Summary    string
	Tags       []string
	Deprecated bool
	WebSocket  bool        // x-websocket
	Parameters []Parameter // those of the path item included, each once
	Body       *Body       // nil if none is described
	Responses  []Response  // sorted by code
	Security   []Requirement
	Inherited  bool // Security is that of the whole description
	Links      []Link
	Servers    []string // those that the operation or its path item names for itself; nil means the description's
	File       string   // the file or URL that it stands in: Location, or another one that it refers to
	Line       int      // where it begins in File
}

// Secured reports whether credentials are demanded: there are requirements,
// and none of the alternatives is empty.
func (o *Operation) Secured() bool {
	for _, r := range o.Security {
		if len(r) == 0 {
			return false
		}
	}
	return len(o.Security) > 0
}

// Declared returns what the description says of the operation's answers.
func (o *Operation) Declared() *statute.Declared {
	d := &statute.Declared{Secured: o.Secured(), Inherited: o.Inherited, Content: o.contradiction}
	for _, r := range o.Responses {
		d.Responses = append(d.Responses, r.Code)
	}
	return d
}

// Parameter is a value in the path, the query, a header field or a cookie. The
// body and form parameters of 2.0 become the operation's Body. Header fields
// that the rest of the operation describes (Accept, Content-Type,
// Authorization) are not among the parameters.
type Parameter struct {
	Name     string
	In       string // "path", "query", "header", "cookie"
	Required bool
	Schema   *Schema // never nil
	Examples []any
	Style    string // "form", "simple", "deepObject"...; 2.0's collectionFormat is translated
	Explode  bool
}

// Body is the content that an operation takes.
type Body struct {
	Required bool
	Content  []Media // in the description's order
}

// Media is content of one media type.
type Media struct {
	Type     string  // "application/json": in lower case, without parameters
	Schema   *Schema // nil if none is described
	Examples []any
}

// Response is an answer that the description lists.
type Response struct {
	Code    string // "200", "2XX", "default"
	Content []Media
	Fields  []string // names of header fields
}

// Requirement is one alternative of an operation's security: the names of the
// schemes that are demanded together. An empty one demands nothing.
type Requirement []string

// Scheme is a security scheme.
type Scheme struct {
	Type   string // "apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"; 2.0's "basic" is http
	In     string // of an apiKey: "header", "query", "cookie"
	Name   string // of an apiKey: the field, parameter or cookie
	Scheme string // of http: "basic", "bearer"...
}

// Link ties a response's value to a parameter of another operation.
type Link struct {
	Code       string            // the response it stands in
	Target     string            // operationId; "GET /orders/{id}" if the operation has none
	Parameters map[string]string // runtime expression by the parameter's name: "id": "$response.body#/id"
}

// Schema describes a value. The dialects of the versions are brought into one:
// nullable is a type "null", boolean exclusive bounds become numbers, example
// joins Examples, allOf is merged into the schema itself.
type Schema struct {
	Description string // prose; a parameter's own goes here too, if its schema has none

	Name     string   // of the component it was defined as: "Order"; "" if inline
	Types    []string // "object", "array", "string", "integer", "number", "boolean", "null"; none means any
	Format   string
	Pattern  string
	Enum     []any // const is an enum of one
	Default  any
	Examples []any

	Minimum, Maximum                   *float64
	ExclusiveMinimum, ExclusiveMaximum *float64
	MultipleOf                         float64
	MinLength, MaxLength               *int
	MinItems, MaxItems                 *int
	UniqueItems                        bool

	Properties []Property // in the description's order
	Required   []string
	Additional *Schema // of further properties; nil if nothing is said
	Closed     bool    // additionalProperties: false
	Items      *Schema
	AnyOf      []*Schema // alternatives of oneOf and anyOf alike

	ReadOnly, WriteOnly bool

	XML XML
}

// XML says how a value is written in XML (OpenAPI 3.1, 4.8.26).
type XML struct {
	Name      string // of the element or attribute; "" if it is the property's
	Attribute bool
	Wrapped   bool // of an array: its items stand in an element of its own
}

// Property is a named member of an object.
type Property struct {
	Name   string
	Schema *Schema // never nil
}
