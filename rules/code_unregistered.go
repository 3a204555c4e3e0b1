package rules

import (
	_ "embed"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed code_unregistered.txtar
var docCodeUnregistered string

var rCodeUnregistered = &statute.Rule{
	ID:    "code-unregistered",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.1"), statute.RFC(9110, "16.2.1")},
	On:    []int{1, 2, 3, 4, 5},
	Doc:   docCodeUnregistered,
	Check: func(p *statute.Pass) {
		code := p.Response.Status
		if _, ok := statute.LookupCode(code); ok {
			return
		}
		if code == 294 && (!p.Seen.Has(statute.SeenFields) || p.Response.MediaType() == "application/graphql-response+json") {
			return
		}
		p.Report(statute.Fault{
			Message:  "status " + strconv.Itoa(code) + " is not in IANA's registry",
			Expected: "a registered code",
		})
	},
}
