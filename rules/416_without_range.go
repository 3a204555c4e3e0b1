package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 416_without_range.txtar
var doc416WithoutRange string

var r416WithoutRange = &statute.Rule{
	ID:    "416-without-range",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.17")},
	On:    []int{416},
	Needs: statute.SeenRequestFields,
	Doc:   doc416WithoutRange,
	Check: func(p *statute.Pass) {
		if !p.Request.Fields.Has("Range") && !p.Request.Fields.Has("Content-Range") {
			p.Report(statute.Fault{
				Message:  "416 to a request without Range",
				Expected: "400 or 404",
			})
		}
	},
}
