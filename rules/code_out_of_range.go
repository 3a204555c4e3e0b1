package rules

import (
	_ "embed"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed code_out_of_range.txtar
var docCodeOutOfRange string

var rCodeOutOfRange = &statute.Rule{
	ID:    "code-out-of-range",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15")},
	Doc:   docCodeOutOfRange,
	Check: func(p *statute.Pass) {
		code := p.Response.Status
		if code == 0 || 100 <= code && code <= 599 { // 0 is no answer
			return
		}
		p.Report(statute.Fault{
			Message:  "status " + strconv.Itoa(code) + " is not within 100 to 599",
			Expected: "a code from 100 to 599",
		})
	},
}
