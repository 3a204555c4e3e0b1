package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed host_missing_accepted.txtar
var docHostMissingAccepted string

var rHostMissingAccepted = &statute.Rule{
	ID:    "host-missing-accepted",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9112, "3.2")},
	Needs: statute.SeenRequestFields,
	Over:  []string{"5xx-for-client-error", "500-for-client-error"},
	Once:  true,
	Doc:   docHostMissingAccepted,
	Check: func(p *statute.Pass) {
		if p.Response.Status == 0 || p.Response.Status == 400 || aside(p.Response.Status) || p.Response.Status == 503 {
			return
		}
		if p.Case != nil && p.Case.Cause == statute.NoHost {
			p.Report(statute.Fault{Message: answered(p), Expected: "400"})
			return
		}
		if p.Request.Proto == "HTTP/1.1" && hosts(p.Request.Fields) > 1 {
			p.Report(statute.Fault{Message: "HTTP/1.1 with more than one Host not refused", Expected: "400"})
		}
	},
}

// hosts counts the Host lines.
func hosts(fields statute.Fields) int {
	n := 0
	for range fields.Values("Host") {
		n++
	}
	return n
}
