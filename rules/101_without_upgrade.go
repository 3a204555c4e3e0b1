package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 101_without_upgrade.txtar
var doc101WithoutUpgrade string

var r101WithoutUpgrade = &statute.Rule{
	ID:    "101-without-upgrade",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.2.2"), statute.RFC(9110, "7.8")},
	On:    []int{101},
	Needs: statute.SeenFields | statute.SeenWire,
	Doc:   doc101WithoutUpgrade,
	Check: func(p *statute.Pass) {
		for range p.Response.Fields.List("Upgrade") {
			return
		}
		p.Report(statute.Fault{
			Message:  "101 without Upgrade",
			Expected: "Upgrade",
		})
	},
}
