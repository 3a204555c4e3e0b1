package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 405_without_allow.txtar
var doc405WithoutAllow string

var r405WithoutAllow = &statute.Rule{
	ID:    "405-without-allow",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.6"), statute.RFC(9110, "10.2.1")},
	On:    []int{405},
	Needs: statute.SeenFields,
	Doc:   doc405WithoutAllow,
	Check: func(p *statute.Pass) {
		if !p.Response.Fields.Has("Allow") {
			p.Report(statute.Fault{
				Message:  "405 without Allow",
				Expected: "Allow",
			})
		}
	},
}
