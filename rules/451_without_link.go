package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 451_without_link.txtar
var doc451WithoutLink string

var r451WithoutLink = &statute.Rule{
	ID:    "451-without-link",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(7725, "4")},
	On:    []int{451},
	Needs: statute.SeenFields,
	Doc:   doc451WithoutLink,
	Check: func(p *statute.Pass) {
		for member := range p.Response.Fields.List("Link") {
			if hasRelation(member, "blocked-by") {
				return
			}
		}
		p.Report(statute.Fault{
			Message:  "451 without a Link of relation blocked-by",
			Expected: `Link: <https://...>; rel="blocked-by"`,
		})
	},
}

// hasRelation reports whether a member of a Link field has the relation type
// (RFC 8288, 3.3): one of those that its rel parameter lists.
func hasRelation(member, relation string) bool {
	for parameter := range strings.SplitSeq(member, ";") {
		name, types, _ := strings.Cut(parameter, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "rel") {
			continue
		}
		for t := range strings.FieldsSeq(strings.Trim(types, " \t\"")) {
			if strings.EqualFold(t, relation) {
				return true
			}
		}
	}
	return false
}
