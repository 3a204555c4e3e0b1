package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed etag_malformed.txtar
var docEtagMalformed string

var rEtagMalformed = &statute.Rule{
	ID:    "etag-malformed",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "8.8.3")},
	Needs: statute.SeenFields,
	Doc:   docEtagMalformed,
	Check: func(p *statute.Pass) {
		for tag := range p.Response.Fields.Values("ETag") {
			if !isEntityTag(tag) {
				p.Report(statute.Fault{
					Message:  "ETag is no entity tag: " + tag,
					Expected: `ETag: "..." or W/"..."`,
				})
				return
			}
		}
	},
}
