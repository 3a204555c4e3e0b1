package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed failed_write_took_effect.txtar
var docFailedWriteTookEffect string

var rFailedWriteTookEffect = &statute.Rule{
	ID:    "failed-write-took-effect",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.5"), statute.RFC(5789, "2")},
	On:    []int{200, 404, 410},
	Needs: statute.SeenRequestFields | statute.SeenRequestBody | statute.SeenBody,
	Doc:   docFailedWriteTookEffect,
	Compare: func(p *statute.Pass) {
		if p.Request.Method != "GET" {
			return
		}
		before, write, ok := aroundWrite(p)
		if !ok || write.Response.Class() != 4 || !isReading(before) {
			return
		}
		f := statute.Fault{
			Message:  write.Request.Method + " answered 4xx and carried out",
			Expected: "2xx, or the resource as it was",
			Before:   []*statute.Exchange{before, write},
			At:       write,
		}
		if p.Response.Status != 200 { // who else deleted it, of what the checker made?
			if write.Request.Method == "DELETE" && p.Case != nil && p.Case.Cause == statute.ReadDeleted {
				f.Level = statute.Should
				p.Report(f)
			}
			return
		}
		switch {
		case write.Response.Status == 408: // perhaps given up on by another server than the one that went on
			return
		case write.Request.Method == "PUT":
			f.Level = statute.Should
		case write.Request.Method != "PATCH":
			return
		}
		if tookEffect(before, write, p.Exchange) {
			p.Report(f)
		}
	},
}
