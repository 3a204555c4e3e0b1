package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 201_for_safe_method.txtar
var doc201ForSafeMethod string

var r201ForSafeMethod = &statute.Rule{
	ID:    "201-for-safe-method",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.3.2"), statute.RFC(9110, "9.2.1"), statute.RFC(9110, "9.3.5")},
	On:    []int{201},
	Doc:   doc201ForSafeMethod,
	Check: func(p *statute.Pass) {
		switch {
		case p.Request.Safe():
			p.Report(statute.Fault{
				Message:  "201 to a safe method: it cannot have created anything",
				Expected: "200",
			})
		case p.Request.Method == "DELETE":
			p.Report(statute.Fault{
				Message:  "201 to DELETE: it cannot have created anything",
				Expected: "200, 202 or 204",
			})
		}
	},
}
