package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed mixed_error_shapes.txtar
var docMixedErrorShapes string

var rMixedErrorShapes = &statute.Rule{
	ID:         "mixed-error-shapes",
	Level:      statute.Advice,
	Cite:       []statute.Section{statute.RFC(9457, "1"), statute.RFC(9457, "3")},
	On:         []int{4, 5},
	Needs:      statute.SeenRequestFields | statute.SeenFields | statute.SeenBody,
	Doc:        docMixedErrorShapes,
	Once:       true,
	Convention: "errors",
	Choose: func(p *statute.Pass) string {
		if p.Request.Method == "HEAD" || p.Response.Body.Empty() || saidByServer(p) || askedFor(p) || pageForJSON(p) || asksToken(&p.Request) || namesGraphQL(p.Request.Path()) {
			return ""
		}
		shape := errorShape(&p.Response)
		if (shape == "HTML" || shape == "XML" || shape == "plain text") && !wishOf(p.Request.Fields).json {
			return "" // nobody asked for JSON
		}
		return shape
	},
}

// saidByServer reports whether an error may come from a proxy or from the server
// itself in the API's stead: it is about the message, the connection or what
// stands behind a gateway.
func saidByServer(p *statute.Pass) bool {
	switch p.Response.Status {
	case 408, 413, 414, 417, 421, 426, 429, 431, 494, 495, 496, 497, 502, 503, 504, 505:
		return true
	}
	return saidByParser(p)
}

// saidByParser reports whether an answer may come from the HTTP parser in front of
// the API: the message is malformed, of a method that none knows, or far too large.
func saidByParser(p *statute.Pass) bool {
	if p.Case != nil && p.Case.Cause == statute.UnknownMethod || malformed(p.Case) {
		return true
	}
	r := &p.Request
	if r.Method == "" || !p.Seen.Has(statute.SeenRequestFields) {
		return false
	}
	return !isToken(r.Method) || !strings.HasPrefix(r.Target, "/") || isBrokenTarget(r.Target) ||
		r.Proto == "HTTP/1.1" && (!r.Fields.Has("Host") || r.Fields.Has("Content-Length") && r.Fields.Has("Transfer-Encoding"))
}

// malformed reports whether a request was made so that the HTTP parser in front of
// the API may refuse it.
func malformed(c *statute.Case) bool {
	if c == nil {
		return false
	}
	switch c.Cause {
	case statute.BadFraming, statute.NoHost, statute.TwoHosts, statute.LongTarget, statute.LongFields, statute.LargeContent:
		return true
	}
	return false
}

// askedFor reports whether the request asked for the media type of the answer
// by name, where that is not JSON.
func askedFor(p *statute.Pass) bool {
	mediaType := p.Response.MediaType()
	return mediaType != "" && !statute.IsJSON(mediaType) && p.Request.Fields.HasToken("Accept", mediaType)
}

// errorShape returns the form of an error's content: what clients must know to
// find its message. Members beside the message do not count. It returns "" for
// forms that another standard sets, and for what is none of those known.
func errorShape(r *statute.Response) string {
	mediaType := r.MediaType()
	switch {
	case mediaType == "application/problem+json", mediaType == "application/problem+xml":
		return "problem details"
	case mediaType == "application/graphql-response+json":
		return ""
	case isHTML(r):
		return "HTML"
	case strings.HasSuffix(mediaType, "/xml"), strings.HasSuffix(mediaType, "+xml"):
		return "XML"
	}
	v := parseJSON(r.Body.Bytes)
	switch v.kind() {
	case jsonObject:
		if v.get("jsonrpc").kind() != jsonNone {
			return ""
		}
		return shapeOf(v)
	case jsonArray:
		return "JSON list"
	case jsonString:
		return "JSON string"
	case jsonNone:
		if mediaType == "text/plain" {
			return "plain text"
		}
	}
	return ""
}

// messageNames are the members that hold an error's message, or what holds it,
// the surest first, each with the name of the shape that has it at the top.
var messageNames = []struct{ name, shape string }{
	{"message", "JSON with message"},
	{"msg", "JSON with msg"},
	{"errorMessage", "JSON with errorMessage"},
	{"error_message", "JSON with error_message"},
	{"errmsg", "JSON with errmsg"},
	{"title", "JSON with title"},
	{"detail", "JSON with detail"},
	{"description", "JSON with description"},
	{"reason", "JSON with reason"},
	{"error", "JSON with error"},
	{"errors", "JSON with errors"},
	{"fault", "JSON with fault"},
	{"exception", "JSON with exception"},
}

// shapeOf returns the form of an error that is a JSON object by where its
// message stands: "JSON with error.message", "JSON with errors[].detail".
func shapeOf(v value) string {
	for _, m := range messageNames {
		if member := v.get(m.name); holdsMessage(m.name, member) {
			return m.shape + below(m.name, member)
		}
	}
	return "JSON without a message"
}

// holdsMessage reports whether a member of that name is a message or holds one.
// A list may be what is said of a field called "title".
func holdsMessage(name string, member value) bool {
	switch member.kind() {
	case jsonString, jsonObject:
		return true
	case jsonArray:
		return name == "message" || name == "detail" || name == "error" || name == "errors"
	}
	return false
}

// below returns where in a member of that name the message stands: ".message",
// "[].detail", " by field"; "" if the member is the message itself.
func below(name string, member value) string {
	switch {
	case member.kind() == jsonArray:
		first := value{}
		member.each(func(_, item value) bool {
			first = item
			return false
		})
		return "[]" + below("", first)
	case member.kind() != jsonObject:
		return ""
	case name == "errors":
		return " by field"
	}
	for _, m := range messageNames {
		if inner := member.get(m.name); holdsMessage(m.name, inner) {
			return "." + m.name + below(m.name, inner)
		}
	}
	return " by field"
}
