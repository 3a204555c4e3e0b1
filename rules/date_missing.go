package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed date_missing.txtar
var docDateMissing string

var rDateMissing = &statute.Rule{
	ID:    "date-missing",
	Level: statute.Advice,
	Cite:  []statute.Section{statute.RFC(9110, "6.6.1")},
	On:    []int{2, 3, 4},
	Needs: statute.SeenFields,
	Once:  true,
	Doc:   docDateMissing,
	Check: func(p *statute.Pass) {
		if p.Response.Fields.Has("Date") || isBrokenTarget(p.Request.Target) || malformed(p.Case) {
			return // refused by the parser, before anything that has a clock
		}
		p.Report(statute.Fault{
			Message:  "response without Date",
			Expected: "Date",
		})
	},
}
