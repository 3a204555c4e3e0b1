package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed wrong_code_for_method.txtar
var docWrongCodeForMethod string

var rWrongCodeForMethod = &statute.Rule{
	ID:    "wrong-code-for-method",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.6"), statute.RFC(9110, "9.1"), statute.RFC(9110, "15.6.2")},
	On:    []int{2, 4},
	Needs: statute.SeenCause | statute.SeenRequestFields,
	Over:  []string{"body-contradicts-code"},
	Doc:   docWrongCodeForMethod,
	Compare: func(p *statute.Pass) {
		f := statute.Fault{Message: answered(p), Expected: "405"}
		switch p.Case.Cause {
		case statute.UnsupportedMethod:
			if p.Response.Class() == 2 {
				return // it is supported, though nobody said so
			}
			if p.Request.Method == "TRACE" {
				f.Level = statute.Advice // no client of an API sends it
			}
		case statute.UnknownMethod:
			f.Expected = "501 or 405"
		case statute.Options:
			if p.Response.Class() == 2 || p.Request.Fields.Has("Access-Control-Request-Method") {
				return
			}
			f.Expected = "204, 200 or 405"
		default:
			return
		}
		switch code := p.Response.Status; {
		case code == 405:
			return
		case code == 401, code == 403:
			f.Level = statute.Advice
		case code == 404, code == 410:
			if !isThere(p) {
				f.Level = statute.Advice
			}
		case aside(code), code == 409, code == 413, code == 415, code == 422:
			return // there seems to be a handler for the method
		}
		if c := p.Case.Control; c != nil {
			f.Before = []*statute.Exchange{c}
		}
		p.Report(f)
	},
}

// isThere reports whether a request to the very same path succeeded and the
// resource was not deleted since.
func isThere(p *statute.Pass) bool {
	there := samePath(p) && succeeded(p)
	for _, x := range p.Past(p.Request.Path()) {
		if x.Response.Class() == 2 && x.Request.Method != "OPTIONS" {
			there = x.Request.Method != "DELETE"
		}
	}
	return there
}
