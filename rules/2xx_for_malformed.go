package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 2xx_for_malformed.txtar
var doc2xxForMalformed string

var r2xxForMalformed = &statute.Rule{
	ID:    "2xx-for-malformed",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.1")},
	On:    []int{2},
	Needs: statute.SeenCause | statute.SeenControl,
	Over: []string{
		"200-with-error-body", "2xx-with-problem", "2xx-error-page", "2xx-html-for-json", "200-empty",
		"201-without-location", "202-without-monitor",
	},
	Doc: doc2xxForMalformed,
	Compare: func(p *statute.Pass) {
		if p.Case.Cause == statute.MalformedJSON && succeeded(p) {
			byControl(p, statute.Fault{Message: answered(p), Expected: "400"})
		}
	},
}
