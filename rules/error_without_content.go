package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed error_without_content.txtar
var docErrorWithoutContent string

var rErrorWithoutContent = &statute.Rule{
	ID:    "error-without-content",
	Level: statute.Advice,
	Cite:  []statute.Section{statute.RFC(9110, "15.5"), statute.RFC(9110, "15.6")},
	On:    []int{4, 5},
	Needs: statute.SeenFields | statute.SeenBody,
	Once:  true,
	Doc:   docErrorWithoutContent,
	Check: func(p *statute.Pass) {
		fields := p.Response.Fields
		switch {
		case p.Request.Method == "HEAD", p.Error != "", !hasNoContent(&p.Response), saidByParser(p):
		case p.Response.Status == 401 && fields.Has("WWW-Authenticate"), p.Response.Status == 407 && fields.Has("Proxy-Authenticate"):
		case p.Request.Method == "OPTIONS" && p.Request.Fields.Has("Access-Control-Request-Method"):
		default:
			p.Report(statute.Fault{
				Message:  "error without content",
				Expected: "words that explain the error",
			})
		}
	},
}
