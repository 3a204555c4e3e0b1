package rules

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed undocumented_code.txtar
var docUndocumentedCode string

var rUndocumentedCode = &statute.Rule{
	ID:    "undocumented-code",
	Level: statute.Advice,
	Cite:  []statute.Section{{Doc: "OpenAPI", Number: "responses-object"}},
	On:    []int{2, 3},
	Needs: statute.SeenCause | statute.SeenDeclared,
	Doc:   docUndocumentedCode,
	Check: func(p *statute.Pass) {
		if len(p.Declared.Responses) == 0 || p.Declared.Covers(p.Response.Status) || p.Response.Status == 206 || p.Response.Status == 304 {
			return
		}
		if isPlain(p.Case.Cause) {
			p.Report(statute.Fault{
				Message:  strconv.Itoa(p.Response.Status) + ", which the description does not list",
				Expected: strings.Join(p.Declared.Responses, " or "),
			})
		}
	},
}
