package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 206_missing_fields.txtar
var doc206MissingFields string

var r206MissingFields = &statute.Rule{
	ID:    "206-missing-fields",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.3.7")},
	On:    []int{206},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Doc:   doc206MissingFields,
	Compare: func(p *statute.Pass) {
		if p.Request.Method != "GET" || p.Request.Fields.Has("If-Range") {
			return
		}
		get := reading(p)
		if get == nil || !get.Seen.Has(statute.SeenFields) {
			return
		}
		if names := missing(&p.Response, &get.Response, "Date", "Cache-Control", "ETag", "Expires", "Content-Location", "Vary"); names != "" {
			p.Report(statute.Fault{
				Message:  "206 without fields that the 200 has: " + names,
				Expected: names,
				Before:   []*statute.Exchange{get},
			})
		}
	},
}
