package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 2xx_for_invalid.txtar
var doc2xxForInvalid string

var r2xxForInvalid = &statute.Rule{
	ID:    "2xx-for-invalid",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.21"), statute.RFC(9110, "15.5.1")},
	On:    []int{2},
	Needs: statute.SeenCause | statute.SeenControl | statute.SeenBody,
	Over: []string{
		"200-with-error-body", "2xx-with-problem", "2xx-error-page", "2xx-html-for-json", "200-empty",
		"201-without-location", "202-without-monitor",
	},
	Doc: doc2xxForInvalid,
	Compare: func(p *statute.Pass) {
		if !p.Case.Cause.Invalid() || !succeeded(p) {
			return
		}
		if p.Case.Cause == statute.NotInEnum && p.Case.In == "query" && emptyList(p.Response.Body.Bytes) {
			return // a filter that nothing passes
		}
		byControl(p, statute.Fault{Message: answered(p), Expected: "400 or 422"})
	},
}
