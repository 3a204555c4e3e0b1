package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 304_without_etag.txtar
var doc304WithoutEtag string

var r304WithoutEtag = &statute.Rule{
	ID:    "304-without-etag",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.4.5")},
	On:    []int{304},
	Needs: statute.SeenFields | statute.SeenRequestFields,
	Doc:   doc304WithoutEtag,
	Compare: func(p *statute.Pass) {
		tags, conditional := p.Request.Fields.Lookup("If-None-Match")
		if !conditional || tags == "*" || p.Response.Fields.Has("ETag") {
			return
		}
		if whole := reading(p); whole != nil && whole.Seen.Has(statute.SeenFields) && !whole.Response.Fields.Has("ETag") {
			return
		}
		p.Report(statute.Fault{
			Message:  "304 to If-None-Match without ETag",
			Expected: "ETag",
		})
	},
}
