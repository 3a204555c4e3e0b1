package rules

import (
	_ "embed"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed delete_repeat_fails.txtar
var docDeleteRepeatFails string

var rDeleteRepeatFails = &statute.Rule{
	ID:    "delete-repeat-fails",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "9.2.2"), statute.RFC(9110, "15.5.5")},
	On:    []int{400, 5},
	Needs: statute.SeenRequestFields,
	Over:  []string{"500-for-client-error", "500-for-valid-request", "503-without-retry-after", "body-contradicts-code"},
	Doc:   docDeleteRepeatFails,
	Compare: func(p *statute.Pass) {
		if p.Request.Method != "DELETE" || busy(p.Response.Status) {
			return
		}
		past := p.Past(p.Request.Path())
		for i := len(past) - 1; i >= 0; i-- {
			x := past[i]
			if x.Request.Safe() {
				continue
			}
			if x.Request.Method != "DELETE" || x.Response.Class() != 2 || x.Request.Target != p.Request.Target || !sameSender(x, p.Exchange) || overlap(x, p.Exchange) {
				return
			}
			p.Report(statute.Fault{
				Message:  strconv.Itoa(p.Response.Status) + " to a repeated DELETE",
				Expected: "404, 410 or 2xx",
				Before:   []*statute.Exchange{x},
			})
			return
		}
	},
}
