package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 428_conditional.txtar
var doc428Conditional string

var r428Conditional = &statute.Rule{
	ID:    "428-conditional",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(6585, "3")},
	On:    []int{428},
	Needs: statute.SeenRequestFields | statute.SeenBody,
	Doc:   doc428Conditional,
	Check: func(p *statute.Pass) {
		match, since := p.Request.Fields.Has("If-Match"), p.Request.Fields.Has("If-Unmodified-Since")
		if !match && !since {
			return
		}
		for _, condition := range [...]struct {
			words []string
			sent  bool
		}{
			{[]string{"if match", "etag"}, match},
			{[]string{"if unmodified since"}, since},
			{[]string{"if none match"}, p.Request.Fields.Has("If-None-Match")},
		} {
			if !condition.sent && holdsPhrase(p.Response.Body.Bytes, condition.words) {
				return
			}
		}
		p.Report(statute.Fault{
			Message:  "428 to a request with a precondition",
			Expected: "412 if it is false, else 2xx",
		})
	},
}
