package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed unknown_path_not_404.txtar
var docUnknownPathNot404 string

var rUnknownPathNot404 = &statute.Rule{
	ID:    "unknown-path-not-404",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.5")},
	On:    []int{2, 4},
	Needs: statute.SeenCause,
	Over:  []string{"2xx-html-for-json", "2xx-error-page", "200-with-error-body", "405-without-allow"},
	Doc:   docUnknownPathNot404,
	Check: func(p *statute.Pass) {
		if p.Case.Cause != statute.UnknownPath {
			return
		}
		switch code := p.Response.Status; {
		case code == 404, code == 410, aside(code):
		default:
			p.Report(statute.Fault{Message: answered(p), Expected: "404"})
		}
	},
}
