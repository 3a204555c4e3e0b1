package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed framing_conflict_accepted.txtar
var docFramingConflictAccepted string

var rFramingConflictAccepted = &statute.Rule{
	ID:    "framing-conflict-accepted",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9112, "6.3"), statute.RFC(9112, "11.2")},
	Needs: statute.SeenCause,
	Over:  []string{"5xx-for-client-error", "500-for-client-error"},
	Once:  true,
	Doc:   docFramingConflictAccepted,
	Check: func(p *statute.Pass) {
		code := p.Response.Status
		if p.Case.Cause != statute.BadFraming || code == 0 || code == 400 || aside(code) || code == 503 {
			return
		}
		p.Report(statute.Fault{Message: answered(p), Expected: "400"})
	},
}
