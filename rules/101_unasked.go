package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 101_unasked.txtar
var doc101Unasked string

var r101Unasked = &statute.Rule{
	ID:    "101-unasked",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "7.8")},
	On:    []int{101},
	Needs: statute.SeenRequestFields | statute.SeenFields | statute.SeenWire,
	Doc:   doc101Unasked,
	Check: func(p *statute.Pass) {
		if !p.Request.Fields.Has("Upgrade") {
			p.Report(statute.Fault{
				Message:  "101 to a request without Upgrade",
				Expected: "a final response, such as 200 or 426",
			})
			return
		}
		named := false
		for protocol := range p.Response.Fields.List("Upgrade") {
			if asksProtocol(p.Request.Fields, protocol) {
				return
			}
			named = true
		}
		if named {
			p.Report(statute.Fault{
				Message:  "101 to a protocol that the request does not list",
				Expected: "a protocol from the request's Upgrade, or a final response",
			})
		}
	},
}

// asksProtocol reports whether the fields of a request list the protocol.
func asksProtocol(fields statute.Fields, protocol string) bool {
	for asked := range fields.List("Upgrade") {
		if sameProtocol(protocol, asked) {
			return true
		}
	}
	return false
}
