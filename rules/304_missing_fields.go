package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 304_missing_fields.txtar
var doc304MissingFields string

var r304MissingFields = &statute.Rule{
	ID:    "304-missing-fields",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.4.5")},
	On:    []int{304},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Over:  []string{"304-without-etag"},
	Doc:   doc304MissingFields,
	Compare: func(p *statute.Pass) {
		get := reading(p)
		if get == nil || !get.Seen.Has(statute.SeenFields) || !sameVersion(p.Exchange, get) {
			return
		}
		if names := missing(&p.Response, &get.Response, "ETag", "Cache-Control", "Content-Location", "Date", "Expires", "Vary"); names != "" {
			p.Report(statute.Fault{
				Message:  "304 without fields that the 200 has: " + names,
				Expected: names,
				Before:   []*statute.Exchange{get},
			})
		}
	},
}

// sameVersion reports whether the condition of a request that was answered 304
// names the representation that an earlier GET got.
func sameVersion(x, get *statute.Exchange) bool {
	if x.Request.Fields.Has("If-None-Match") {
		tag, ok := get.Response.Fields.Lookup("ETag")
		return ok && namesTag(x.Request.Fields, tag)
	}
	modified, ok := get.Response.Fields.Lookup("Last-Modified")
	return ok && x.Request.Fields.Get("If-Modified-Since") == modified
}

// missing returns those of the names, joined by commas, of which the response
// due has a field and the other has none.
func missing(got, due *statute.Response, names ...string) string {
	var lacks []string
	for _, name := range names {
		if due.Fields.Has(name) && !got.Fields.Has(name) {
			lacks = append(lacks, name)
		}
	}
	return strings.Join(lacks, ", ")
}
