package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 202_without_monitor.txtar
var doc202WithoutMonitor string

var r202WithoutMonitor = &statute.Rule{
	ID:    "202-without-monitor",
	Level: statute.Advice,
	Cite:  []statute.Section{statute.RFC(9110, "15.3.3")},
	On:    []int{202},
	Needs: statute.SeenFields | statute.SeenBody,
	Doc:   doc202WithoutMonitor,
	Check: func(p *statute.Pass) {
		if p.Request.Method == "" { // not recorded: it may have been a GET
			return
		}
		if p.Request.Safe() || fieldsPointOn(p.Response.Fields) || contentPointsOn(p.Response.Body.Bytes) {
			return
		}
		p.Report(statute.Fault{
			Message:  "202 that does not say where the outcome will show",
			Expected: "Location, or a link or job id in the content",
		})
	},
}
