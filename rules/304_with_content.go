package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 304_with_content.txtar
var doc304WithContent string

var r304WithContent = &statute.Rule{
	ID:    "304-with-content",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.4.5"), statute.RFC(9112, "6.3")},
	On:    []int{304},
	Needs: statute.SeenWire,
	Doc:   doc304WithContent,
	Check: func(p *statute.Pass) {
		if !p.Response.Body.Empty() {
			p.Report(statute.Fault{
				Message:  "304 followed by content",
				Expected: "no content",
			})
		}
	},
}
