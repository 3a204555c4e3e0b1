package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 5xx_for_client_error.txtar
var doc5xxForClientError string

var r5xxForClientError = &statute.Rule{
	ID:    "5xx-for-client-error",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5"), statute.RFC(9110, "15.6")},
	On:    []int{5},
	Needs: statute.SeenCause | statute.SeenControl,
	Over:  []string{"500-for-client-error", "501-for-known-method", "503-without-retry-after", "body-contradicts-code"},
	Doc:   doc5xxForClientError,
	Compare: func(p *statute.Pass) {
		switch c := p.Case.Cause; {
		case !c.Wrong() && c != statute.ReadDeleted && c != statute.BeyondEnd,
			p.Response.Status == 501 && (c == statute.UnsupportedMethod || c == statute.UnknownMethod),
			p.Response.Status == 505,
			overloaded(&p.Response),
			dueForFault(p.Response.Body.Bytes) != "",
			p.Case.Control.Response.Class() == 5:
			return
		}
		byControl(p, statute.Fault{Message: answered(p), Expected: dueCodes(p.Case.Cause)})
	},
}

// dueCodes returns the codes that are right for a cause, in words.
func dueCodes(c statute.Cause) string {
	switch c {
	case statute.ReadDeleted:
		return "404 or 410"
	case statute.BeyondEnd:
		return "416 or 200"
	}
	return oneOf(c.Right())
}
