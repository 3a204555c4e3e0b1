package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed location_malformed.txtar
var docLocationMalformed string

var rLocationMalformed = &statute.Rule{
	ID:    "location-malformed",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "10.2.2"), statute.RFC(3986, "4.1"), statute.RFC(9110, "5.3")},
	Needs: statute.SeenFields,
	Doc:   docLocationMalformed,
	Check: func(p *statute.Pass) {
		lines := 0
		for value := range p.Response.Fields.Values("Location") {
			if lines++; lines > 1 {
				p.Report(statute.Fault{
					Message:  "Location is repeated",
					Expected: "one Location",
				})
				return
			}
			if why := uriFault(value); why != "" {
				p.Report(statute.Fault{
					Message:  "Location is no URI reference: " + why,
					Expected: "Location: a URL or path, percent-encoded",
				})
				return
			}
		}
	},
}
