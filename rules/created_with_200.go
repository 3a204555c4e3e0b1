package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed created_with_200.txtar
var docCreatedWith200 string

var rCreatedWith200 = &statute.Rule{
	ID:    "created-with-200",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "9.3.3"), statute.RFC(9110, "15.3.2")},
	On:    []int{2},
	Needs: statute.SeenCause | statute.SeenControl,
	Doc:   docCreatedWith200,
	Compare: func(p *statute.Pass) {
		create := p.Case.Control
		if p.Case.Cause != statute.ReadBack || p.Request.Method != "GET" {
			return
		}
		if create.Case == nil || create.Case.Cause != statute.Create || create.Request.Method != "POST" || create.Response.Status != 200 {
			return
		}
		for _, x := range p.Past(p.Request.Path()) {
			if x.Case != nil && x.Case.Control == create && x.Case.Cause == statute.ReadBack && x.Response.Class() == 2 {
				return // said before
			}
		}
		p.Report(statute.Fault{
			Message:  "200 to a POST that created a resource",
			Expected: "201 with Location: " + p.Request.Target,
			Before:   []*statute.Exchange{create},
			At:       create,
		})
	},
}
