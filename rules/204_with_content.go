package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 204_with_content.txtar
var doc204WithContent string

var r204WithContent = &statute.Rule{
	ID:    "204-with-content",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.3.5"), statute.RFC(9112, "6.3")},
	On:    []int{204},
	Needs: statute.SeenWire,
	Doc:   doc204WithContent,
	Check: func(p *statute.Pass) {
		if !p.Response.Body.Empty() {
			p.Report(statute.Fault{
				Message:  "204 followed by content",
				Expected: "no content, or 200",
			})
		}
	},
}
