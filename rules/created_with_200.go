package rules

import (
	_ "embed"
	"net/url"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed created_with_200.txtar
var docCreatedWith200 string

var rCreatedWith200 = &statute.Rule{
	ID:    "created-with-200",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "9.3.3"), statute.RFC(9110, "15.3.2")},
	On:    []int{2},
	Needs: statute.SeenCause | statute.SeenControl,
	Doc:   docCreatedWith200,
	Compare: func(p *statute.Pass) {
		create := p.Case.Control
		if p.Case.Cause != statute.ReadBack || p.Request.Method != "GET" {
			return
		}
		if create.Case == nil || create.Case.Cause != statute.Create || create.Request.Method != "POST" || create.Response.Status != 200 {
			return
		}
		for _, x := range p.Past(p.Request.Path()) {
			if x.Case != nil && x.Case.Control == create && x.Case.Cause == statute.ReadBack && x.Response.Class() == 2 {
				return // said before
			}
		}
		if !hasAddress(create, p.Exchange) {
			return // what was read may be a list of such things
		}
		p.Report(statute.Fault{
			Message:  "200 to a POST that created a resource",
			Expected: "201 with Location: " + p.Request.Path(),
			Before:   []*statute.Exchange{create},
			At:       create,
		})
	},
}

// hasAddress reports whether what a POST created is what was read, going by the
// address: the answer to the POST links to it, or its last segment is a value that
// the POST sent or got.
func hasAddress(create, read *statute.Exchange) bool {
	if location, ok := create.Response.Fields.Lookup("Location"); ok && pointsTo(create, location, read) {
		return true
	}
	path := read.Request.Path()
	last, err := url.PathUnescape(path[strings.LastIndexByte(path, '/')+1:])
	if err != nil || last == "" {
		return false
	}
	bare, _, _ := strings.Cut(last, ".") // of 17.json
	is := func(v value) bool {
		switch v.kind() {
		case jsonNumber:
			return string(v.b) == last || string(v.b) == bare
		case jsonString:
			return v.is(last) || v.is(bare) || isLink(v) && pointsTo(create, v.text(), read)
		}
		return false
	}
	return parseJSON(create.Response.Body.Bytes).has(is) || parseJSON(create.Request.Body.Bytes).has(is)
}
