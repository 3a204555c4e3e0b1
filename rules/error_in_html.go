package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed error_in_html.txtar
var docErrorInHtml string

var rErrorInHtml = &statute.Rule{
	ID:    "error-in-html",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5"), statute.RFC(9110, "12.5.1")},
	On:    []int{4, 5},
	Needs: statute.SeenRequestFields | statute.SeenFields | statute.SeenBody,
	Doc:   docErrorInHtml,
	Check: func(p *statute.Pass) {
		wish := wishOf(p.Request.Fields)
		if wish.html || !isPage(&p.Response) {
			return
		}
		switch {
		case wish.json && !wish.anything:
			p.Report(statute.Fault{
				Message:  "error in HTML to a request that accepts JSON and no HTML",
				Expected: "application/problem+json",
			})
		case wish.json, statute.IsJSON(p.Request.MediaType()):
			p.Report(statute.Fault{
				Message:  "error in HTML to a client that speaks JSON",
				Expected: "application/problem+json",
				Level:    statute.Advice,
			})
		}
	},
}
