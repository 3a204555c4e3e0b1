package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 426_without_upgrade.txtar
var doc426WithoutUpgrade string

var r426WithoutUpgrade = &statute.Rule{
	ID:    "426-without-upgrade",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.22"), statute.RFC(9110, "7.8")},
	On:    []int{426},
	Needs: statute.SeenFields | statute.SeenWire,
	Doc:   doc426WithoutUpgrade,
	Check: func(p *statute.Pass) {
		if !p.Response.Fields.Has("Upgrade") && !multiplexed(p.Response.Proto) {
			p.Report(statute.Fault{
				Message:  "426 without Upgrade",
				Expected: "Upgrade",
			})
		}
	},
}

// multiplexed reports whether a version of HTTP has no Connection and Upgrade
// fields: HTTP/2 and later (RFC 9113, 8.2.2; RFC 9114, 4.2).
func multiplexed(proto string) bool {
	return strings.HasPrefix(proto, "HTTP/2") || strings.HasPrefix(proto, "HTTP/3")
}
