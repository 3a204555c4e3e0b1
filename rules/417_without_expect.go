package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 417_without_expect.txtar
var doc417WithoutExpect string

var r417WithoutExpect = &statute.Rule{
	ID:    "417-without-expect",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.18"), statute.RFC(9110, "10.1.1")},
	On:    []int{417},
	Needs: statute.SeenRequestFields,
	Doc:   doc417WithoutExpect,
	Check: func(p *statute.Pass) {
		if !p.Request.Fields.Has("Expect") {
			p.Report(statute.Fault{
				Message:  "417 to a request without Expect",
				Expected: "400 or 422",
			})
		}
	},
}
