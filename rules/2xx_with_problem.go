package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 2xx_with_problem.txtar
var doc2xxWithProblem string

var r2xxWithProblem = &statute.Rule{
	ID:    "2xx-with-problem",
	Level: statute.Advice,
	Cite:  []statute.Section{statute.RFC(9457, "1"), statute.RFC(9457, "3")},
	On:    []int{2},
	Needs: statute.SeenFields,
	Over:  []string{"200-with-error-body"},
	Doc:   doc2xxWithProblem,
	Check: func(p *statute.Pass) {
		if isProblem(&p.Response) || p.Response.MediaType() == "application/problem+xml" {
			p.Report(statute.Fault{
				Message:  "2xx with problem details",
				Expected: "4xx or 5xx, or another media type",
			})
		}
	},
}
