package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed error_without_cors.txtar
var docErrorWithoutCors string

var rErrorWithoutCors = &statute.Rule{
	ID:    "error-without-cors",
	Level: statute.Should,
	Cite:  []statute.Section{{Doc: "Fetch", Number: "http-cors-protocol"}},
	On:    []int{4, 5},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Doc:   docErrorWithoutCors,
	Compare: func(p *statute.Pass) {
		origin, ok := p.Request.Fields.Lookup("Origin")
		if !ok || p.Response.Fields.Has("Access-Control-Allow-Origin") || isPreflight(&p.Request) || !isForeign(origin, &p.Request) {
			return
		}
		success := letIn(p, origin)
		if success == nil {
			return
		}
		p.Report(statute.Fault{
			Message:  "error without the CORS fields that a success of the same operation has",
			Expected: "Access-Control-Allow-Origin: " + success.Response.Fields.Get("Access-Control-Allow-Origin"),
			Before:   []*statute.Exchange{success},
		})
	},
}

// letIn returns the latest success of the same operation whose CORS fields let
// that origin see it; nil if there is none, or if the latest success lets it not.
func letIn(p *statute.Pass, origin string) *statute.Exchange {
	past := p.Past(p.Request.Path())
	for i := len(past) - 1; i >= 0; i-- {
		x := past[i]
		if x.Request.Method == p.Request.Method && x.Response.Class() == 2 && x.Request.Fields.Get("Origin") == origin {
			return allowing(x, origin)
		}
	}
	if p.Case != nil && p.Case.Control != nil && succeeded(p) {
		if c := p.Case.Control; c.Request.Method == p.Request.Method && c.Request.Fields.Get("Origin") == origin {
			return allowing(c, origin)
		}
	}
	return nil
}

// allowing returns the exchange if its CORS fields let the origin see it.
func allowing(x *statute.Exchange, origin string) *statute.Exchange {
	allowed := x.Response.Fields.Get("Access-Control-Allow-Origin")
	if !x.Seen.Has(statute.SeenFields) || allowed != origin && allowed != "*" {
		return nil
	}
	return x
}
