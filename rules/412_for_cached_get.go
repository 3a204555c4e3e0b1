package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 412_for_cached_get.txtar
var doc412ForCachedGet string

var r412ForCachedGet = &statute.Rule{
	ID:    "412-for-cached-get",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "13.1.2"), statute.RFC(9110, "13.2.2")},
	On:    []int{412},
	Needs: statute.SeenRequestFields,
	Doc:   doc412ForCachedGet,
	Check: func(p *statute.Pass) {
		if p.Request.Method != "GET" && p.Request.Method != "HEAD" {
			return
		}
		if !onlyIfNoneMatch(p.Request.Fields) || currentTagDiffers(p.Exchange) {
			return
		}
		p.Report(statute.Fault{
			Message:  "412 to " + p.Request.Method + " with If-None-Match",
			Expected: "304",
		})
	},
}

// onlyIfNoneMatch reports whether a request has If-None-Match and no other
// precondition, of HTTP, WebDAV or a vendor. If-Modified-Since does not count:
// it is ignored beside If-None-Match (RFC 9110, 13.1.3).
func onlyIfNoneMatch(fields statute.Fields) bool {
	found := false
	for i := range fields {
		switch name := fields[i].Name; {
		case strings.EqualFold(name, "If-None-Match"):
			found = true
		case strings.EqualFold(name, "If-Modified-Since"):
		case strings.EqualFold(name, "If"), hasPrefixFold(name, "If-"), nameHolds(name, "-If-"):
			return false
		}
	}
	return found
}

// currentTagDiffers reports whether the response shows an ETag that none of the
// tags in If-None-Match is equal to.
func currentTagDiffers(x *statute.Exchange) bool {
	current, ok := x.Response.Fields.Lookup("ETag")
	if !ok {
		return false
	}
	for tag := range x.Request.Fields.List("If-None-Match") {
		if tag == "*" || sameEntityTag(tag, current) {
			return false
		}
	}
	return true
}
