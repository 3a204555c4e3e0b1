package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 415_without_content.txtar
var doc415WithoutContent string

var r415WithoutContent = &statute.Rule{
	ID:    "415-without-content",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.16")},
	On:    []int{415},
	Needs: statute.SeenRequestFields | statute.SeenRequestBody,
	Over:  []string{"415-patch-without-accept-patch"},
	Doc:   doc415WithoutContent,
	Check: func(p *statute.Pass) {
		fields := p.Request.Fields
		if bringsContent(&p.Request) || fields.Has("Content-Type") || fields.Has("Content-Encoding") || fields.HasToken("Expect", "100-continue") {
			return
		}
		p.Report(statute.Fault{
			Message:  "415 to a request without content",
			Expected: "406 if Accept cannot be met, else 400",
		})
	},
}
