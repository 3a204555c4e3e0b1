package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed existence_leak.txtar
var docExistenceLeak string

var rExistenceLeak = &statute.Rule{
	ID:    "existence-leak",
	Level: statute.Advice,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.4")},
	On:    []int{404},
	Needs: statute.SeenCause | statute.SeenControl,
	Doc:   docExistenceLeak,
	Compare: func(p *statute.Pass) {
		known := p.Case.Control
		if p.Case.Cause != statute.UnknownID || p.Case.Principal != statute.Other || p.Request.Method != "GET" ||
			known.Case == nil || known.Case.Cause != statute.NotTheOwner || known.Response.Status != 403 || known.Request.Method != "GET" {
			return
		}
		p.Report(statute.Fault{
			Message:  "403 for another user's id and 404 for an unknown one: the code tells which ids exist",
			Expected: "404 for both",
			Before:   []*statute.Exchange{known},
			At:       known,
		})
	},
}
