package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed head_with_content.txtar
var docHeadWithContent string

var rHeadWithContent = &statute.Rule{
	ID:    "head-with-content",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "9.3.2"), statute.RFC(9112, "6.3")},
	Needs: statute.SeenWire,
	Doc:   docHeadWithContent,
	Check: func(p *statute.Pass) {
		if p.Request.Method == "HEAD" && !p.Response.Body.Empty() {
			p.Report(statute.Fault{Message: "content after the response to HEAD", Expected: "no content"})
		}
	},
}
