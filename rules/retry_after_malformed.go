package rules

import (
	_ "embed"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed retry_after_malformed.txtar
var docRetryAfterMalformed string

var rRetryAfterMalformed = &statute.Rule{
	ID:    "retry-after-malformed",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "10.2.3"), statute.RFC(9110, "5.6.7")},
	Needs: statute.SeenFields,
	Doc:   docRetryAfterMalformed,
	Check: func(p *statute.Pass) {
		for value := range p.Response.Fields.Values("Retry-After") {
			if _, ok := parseDigits(value); ok {
				continue
			}
			if _, ok := parseHTTPDate(value); ok {
				continue
			}
			p.Report(statute.Fault{
				Message:  "Retry-After is neither whole seconds nor an HTTP-date: " + strconv.Quote(value),
				Expected: "Retry-After: 30",
			})
			return
		}
	},
}
