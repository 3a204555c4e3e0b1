package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed options_without_allow.txtar
var docOptionsWithoutAllow string

var rOptionsWithoutAllow = &statute.Rule{
	ID:    "options-without-allow",
	Level: statute.Advice,
	Cite:  []statute.Section{statute.RFC(9110, "9.3.7"), statute.RFC(9110, "10.2.1")},
	On:    []int{2},
	Needs: statute.SeenFields | statute.SeenRequestFields,
	Once:  true,
	Doc:   docOptionsWithoutAllow,
	Check: func(p *statute.Pass) {
		if p.Request.Method != "OPTIONS" || p.Request.Target == "*" || p.Response.Fields.Has("Allow") ||
			p.Request.Fields.Has("Access-Control-Request-Method") {
			return
		}
		p.Report(statute.Fault{
			Message:  "2xx to OPTIONS without Allow",
			Expected: "Allow",
		})
	},
}
