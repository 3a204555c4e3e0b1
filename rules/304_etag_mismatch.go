package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 304_etag_mismatch.txtar
var doc304EtagMismatch string

var r304EtagMismatch = &statute.Rule{
	ID:    "304-etag-mismatch",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "13.1.2"), statute.RFC(9110, "15.4.5")},
	On:    []int{304},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Doc:   doc304EtagMismatch,
	Check: func(p *statute.Pass) {
		switch p.Request.Method {
		case "GET", "HEAD", "QUERY":
		default:
			return // 304-for-unsafe-method
		}
		current, ok := p.Response.Fields.Lookup("ETag")
		if !ok || !isEntityTag(current) || !p.Request.Fields.Has("If-None-Match") {
			return
		}
		for tag := range p.Request.Fields.List("If-None-Match") {
			if !isEntityTag(tag) || sameEntityTag(tag, current) {
				return // also "*" and what no two servers read alike
			}
		}
		p.Report(statute.Fault{
			Message:  "304 whose ETag is not among those in If-None-Match",
			Expected: "200",
		})
	},
}
