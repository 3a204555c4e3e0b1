package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed etag_unstable.txtar
var docEtagUnstable string

var rEtagUnstable = &statute.Rule{
	ID:    "etag-unstable",
	Level: statute.Advice,
	Cite:  []statute.Section{statute.RFC(9110, "8.8.3"), statute.RFC(9110, "8.8.1")},
	On:    []int{200},
	Needs: statute.SeenRequestFields | statute.SeenFields | statute.SeenBody,
	Doc:   docEtagUnstable,
	Compare: func(p *statute.Pass) {
		tag, ok := p.Response.Fields.Lookup("ETag")
		if !ok || p.Request.Method != "GET" {
			return
		}
		get := reading(p)
		if get == nil || get.Response.Fields.Get("Content-Encoding") != p.Response.Fields.Get("Content-Encoding") {
			return
		}
		before, ok := get.Response.Fields.Lookup("ETag")
		if ok && !sameEntityTag(before, tag) && sameContent(&p.Response, &get.Response) {
			p.Report(statute.Fault{
				Message:  "two ETags for the same content",
				Expected: "ETag: " + before,
				Before:   []*statute.Exchange{get},
			})
		}
	},
}
