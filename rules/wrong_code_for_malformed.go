package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed wrong_code_for_malformed.txtar
var docWrongCodeForMalformed string

var rWrongCodeForMalformed = &statute.Rule{
	ID:    "wrong-code-for-malformed",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.1")},
	On:    []int{4},
	Needs: statute.SeenCause | statute.SeenControl,
	Over: []string{
		"405-without-allow", "405-lists-the-method", "406-for-anything", "415-patch-without-accept-patch",
		"body-contradicts-code",
	},
	Doc: docWrongCodeForMalformed,
	Compare: func(p *statute.Pass) {
		code := p.Response.Status
		switch {
		case p.Case.Cause != statute.MalformedJSON, p.Case.Cause.IsRight(code), aside(code), !succeeded(p):
			return
		case !samePath(p) && (code == 404 || code == 409 || code == 410):
			return // of the other resource it may be true
		}
		byControl(p, statute.Fault{Message: answered(p), Expected: "400"})
	},
}
