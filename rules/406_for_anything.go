package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 406_for_anything.txtar
var doc406ForAnything string

var r406ForAnything = &statute.Rule{
	ID:    "406-for-anything",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.7"), statute.RFC(9110, "12.5.1")},
	On:    []int{406},
	Needs: statute.SeenRequestFields,
	Doc:   doc406ForAnything,
	Check: func(p *statute.Pass) {
		if acceptsAnything(p.Request.Fields) {
			p.Report(statute.Fault{
				Message:  "406 to a request that accepts anything",
				Expected: "200, or 415 for the content of the request",
			})
		}
	},
}

// acceptsAnything reports whether no field of a request restricts what may come
// back: Accept is absent or has */*, no coding is refused, and no other Accept
// field (of languages, charsets, versions, profiles) is there.
func acceptsAnything(fields statute.Fields) bool {
	asked, anything := false, false
	for i := range fields {
		switch name := fields[i].Name; {
		case strings.EqualFold(name, "Accept"):
			asked = true
			for member := range statute.SplitList(fields[i].Value) {
				mediaRange, parameters, _ := strings.Cut(member, ";")
				if refuses(parameters) {
					return false
				}
				anything = anything || strings.TrimSpace(mediaRange) == "*/*"
			}
		case strings.EqualFold(name, "Accept-Encoding"):
			for member := range statute.SplitList(fields[i].Value) {
				if _, parameters, _ := strings.Cut(member, ";"); refuses(parameters) {
					return false
				}
			}
		case hasPrefixFold(name, "Accept-"):
			return false
		}
	}
	return anything || !asked
}
