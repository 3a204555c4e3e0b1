package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed error_leaks_internals.txtar
var docErrorLeaksInternals string

var rErrorLeaksInternals = &statute.Rule{
	ID:    "error-leaks-internals",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9457, "5")},
	On:    []int{4, 5},
	Needs: statute.SeenBody,
	Doc:   docErrorLeaksInternals,
	Check: func(p *statute.Pass) {
		if leak := leakIn(p.Response.Body.Bytes, &p.Request); leak != "" {
			p.Report(statute.Fault{
				Message:  "error whose content shows internals: " + leak,
				Expected: "words for the client, and an id that finds the rest in the log",
			})
		}
	},
}
