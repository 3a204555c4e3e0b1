package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed etag_not_honoured.txtar
var docEtagNotHonoured string

var rEtagNotHonoured = &statute.Rule{
	ID:    "etag-not-honoured",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "13.1.2")},
	On:    []int{200},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Doc:   docEtagNotHonoured,
	Compare: func(p *statute.Pass) {
		if p.Request.Method != "GET" && p.Request.Method != "HEAD" || !p.Request.Fields.Has("If-None-Match") {
			return
		}
		f := statute.Fault{Expected: "304"}
		if tag, ok := p.Response.Fields.Lookup("ETag"); ok {
			if namesTag(p.Request.Fields, tag) {
				f.Message = "200 though If-None-Match " + named(p.Request.Fields, tag)
				p.Report(f)
			}
			return
		}
		get := reading(p)
		if get == nil || p.Request.Method != "GET" || !sameContent(&p.Response, &get.Response) {
			return
		}
		if tag, ok := get.Response.Fields.Lookup("ETag"); ok && namesTag(p.Request.Fields, tag) {
			f.Message = "200 though If-None-Match " + named(p.Request.Fields, tag)
			f.Before = []*statute.Exchange{get}
			p.Report(f)
		}
	},
}

// namesTag reports whether If-None-Match names an entity-tag, by the weak
// comparison (RFC 9110, 13.1.2).
func namesTag(fields statute.Fields, tag string) bool {
	for named := range fields.List("If-None-Match") {
		if sameEntityTag(named, tag) {
			return true
		}
	}
	return false
}

// named says how If-None-Match names the current entity-tag: servers may honour
// one way and not another.
func named(fields statute.Fields, tag string) string {
	tags, same := 0, false
	for member := range fields.List("If-None-Match") {
		tags++
		same = same || member == tag
	}
	switch {
	case tags > 1:
		return "names the current ETag in a list"
	case same:
		return "names the current ETag"
	}
	return "names the current ETag but for its W/"
}
