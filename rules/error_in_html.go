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
		if !pageForJSON(p) || saidByParser(p) {
			return
		}
		f := statute.Fault{
			Message:  "error in HTML to a request that accepts JSON and no HTML",
			Expected: "application/problem+json",
		}
		if wish := wishOf(p.Request.Fields); !wish.json || wish.anything {
			f.Message, f.Level = "error in HTML to a client that speaks JSON", statute.Advice
		}
		p.Report(f)
	},
}

// pageForJSON reports whether an answer is a page to a client that asks for JSON,
// or sends it, and does not ask for HTML.
func pageForJSON(p *statute.Pass) bool {
	if !isPage(&p.Response) {
		return false
	}
	wish := wishOf(p.Request.Fields)
	return !wish.html && (wish.json || statute.IsJSON(p.Request.MediaType()))
}
