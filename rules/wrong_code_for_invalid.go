package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed wrong_code_for_invalid.txtar
var docWrongCodeForInvalid string

var rWrongCodeForInvalid = &statute.Rule{
	ID:    "wrong-code-for-invalid",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.21"), statute.RFC(9110, "15.5.1")},
	On:    []int{4},
	Needs: statute.SeenCause | statute.SeenControl | statute.SeenRequestBody,
	Over: []string{
		"405-without-allow", "405-lists-the-method", "406-for-anything", "415-patch-without-accept-patch",
		"body-contradicts-code",
	},
	Doc: docWrongCodeForInvalid,
	Compare: func(p *statute.Pass) {
		if !p.Case.Cause.Invalid() || !succeeded(p) {
			return
		}
		switch code := p.Response.Status; {
		case p.Case.Cause.IsRight(code), aside(code), code == 409:
			return
		case code == 404 || code == 410:
			if p.Case.In == "path" || p.Case.In == "query" || !samePath(p) || namesID(detailName(p.Case.Detail)) {
				return
			}
		case code == 413 || code == 414:
			if p.Case.Cause == statute.OutOfRange {
				return // the value is too long
			}
		case code == 415:
			if p.Request.Body.Empty() {
				return
			}
		}
		byControl(p, statute.Fault{Message: answered(p), Expected: "400 or 422"})
	},
}

// detailName returns the name of the value that the detail of a case speaks
// about: `qty is "x", an integer is declared` begins with it.
func detailName(detail string) []byte {
	name, _, _ := strings.Cut(detail, " ")
	return []byte(name[strings.LastIndexAny(name, "./")+1:])
}
