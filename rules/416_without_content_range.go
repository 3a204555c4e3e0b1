package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 416_without_content_range.txtar
var doc416WithoutContentRange string

var r416WithoutContentRange = &statute.Rule{
	ID:    "416-without-content-range",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.17"), statute.RFC(9110, "14.4")},
	On:    []int{416},
	Needs: statute.SeenFields | statute.SeenRequestFields,
	Doc:   doc416WithoutContentRange,
	Check: func(p *statute.Pass) {
		unit, _, _ := strings.Cut(p.Request.Fields.Get("Range"), "=")
		if !strings.EqualFold(unit, "bytes") {
			return
		}
		fault := statute.Fault{
			Message:  "416 to a byte range without Content-Range",
			Expected: "Content-Range: bytes */size",
		}
		if value, has := p.Response.Fields.Lookup("Content-Range"); has {
			r, ok := parseContentRange(value)
			if !ok || r.unsatisfied() && strings.EqualFold(r.unit, "bytes") {
				return // right, or content-range-malformed
			}
			fault.Message = "416 to a byte range without Content-Range: bytes */size, but with " + value
		}
		p.Report(fault)
	},
}
