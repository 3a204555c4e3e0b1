package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed upgrade_without_connection.txtar
var docUpgradeWithoutConnection string

var rUpgradeWithoutConnection = &statute.Rule{
	ID:    "upgrade-without-connection",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "7.8"), statute.RFC(9110, "7.6.1")},
	Needs: statute.SeenFields | statute.SeenWire,
	Doc:   docUpgradeWithoutConnection,
	Check: func(p *statute.Pass) {
		switch {
		case lacksConnection(p.Response.Proto, p.Response.Fields):
			p.Report(statute.Fault{
				Message:  "response with Upgrade but without Connection: upgrade",
				Expected: "Connection: upgrade",
			})
		case p.Seen.Has(statute.SeenRequestFields) && lacksConnection(p.Request.Proto, p.Request.Fields):
			p.Report(statute.Fault{
				Message:  "request with Upgrade but without Connection: upgrade",
				Expected: "Connection: upgrade",
			})
		}
	},
}

// lacksConnection reports whether an HTTP/1.x message has Upgrade without the
// connection option, and did not come through a proxy, as far as its fields
// tell.
func lacksConnection(proto string, fields statute.Fields) bool {
	return fields.Has("Upgrade") && isHTTP1(proto) && !fields.HasToken("Connection", "upgrade") &&
		!fields.Has("Via") && !fields.Has("Forwarded") && !fields.Has("X-Forwarded-For")
}
