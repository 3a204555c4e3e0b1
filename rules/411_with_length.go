package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 411_with_length.txtar
var doc411WithLength string

var r411WithLength = &statute.Rule{
	ID:    "411-with-length",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.12"), statute.RFC(9110, "8.6")},
	On:    []int{411},
	Needs: statute.SeenRequestFields,
	Doc:   doc411WithLength,
	Check: func(p *statute.Pass) {
		length, _ := p.Request.Fields.Lookup("Content-Length")
		if _, ok := parseDigits(length); ok && !p.Request.Fields.Has("Transfer-Encoding") {
			p.Report(statute.Fault{
				Message:  "411 to a request with Content-Length",
				Expected: "2xx, or a 4xx that says what else is wrong",
			})
		}
	},
}
