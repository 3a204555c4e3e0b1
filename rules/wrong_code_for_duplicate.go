package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed wrong_code_for_duplicate.txtar
var docWrongCodeForDuplicate string

var rWrongCodeForDuplicate = &statute.Rule{
	ID:    "wrong-code-for-duplicate",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.10"), statute.RFC(9110, "9.3.3")},
	On:    []int{2, 4, 5},
	Needs: statute.SeenCause | statute.SeenControl | statute.SeenRequestFields | statute.SeenBody,
	Over:  []string{"500-for-client-error", "200-with-error-body", "503-without-retry-after", "body-contradicts-code"},
	Doc:   docWrongCodeForDuplicate,
	Compare: func(p *statute.Pass) {
		if p.Case.Cause != statute.Duplicate || p.Request.Safe() || !succeeded(p) || p.Request.Fields.Has("Idempotency-Key") {
			return
		}
		f := statute.Fault{Message: answered(p), Expected: "409"}
		switch code := p.Response.Status; {
		case p.Response.Class() == 2:
			if said(&p.Response) != saysTaken || said(&p.Case.Control.Response) == saysTaken {
				return
			}
		case code == 400, code == 422:
			f.Level = statute.Advice
		case p.Response.Class() == 5:
			if overloaded(&p.Response) || code == 502 || code == 504 {
				return
			}
		case code != 404:
			return
		}
		byControl(p, f)
	},
}
