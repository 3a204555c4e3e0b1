package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 205_with_content.txtar
var doc205WithContent string

var r205WithContent = &statute.Rule{
	ID:    "205-with-content",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.3.6")},
	On:    []int{205},
	Needs: statute.SeenBody,
	Doc:   doc205WithContent,
	Check: func(p *statute.Pass) {
		if !p.Response.Body.Empty() {
			p.Report(statute.Fault{
				Message:  "205 with content",
				Expected: "no content, or 200",
			})
		}
	},
}
