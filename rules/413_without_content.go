package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 413_without_content.txtar
var doc413WithoutContent string

var r413WithoutContent = &statute.Rule{
	ID:    "413-without-content",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.14")},
	On:    []int{413},
	Needs: statute.SeenRequestFields | statute.SeenRequestBody,
	Doc:   doc413WithoutContent,
	Check: func(p *statute.Pass) {
		if bringsContent(&p.Request) || p.Request.Fields.HasToken("Expect", "100-continue") {
			return
		}
		p.Report(statute.Fault{
			Message:  "413 to a request without content",
			Expected: "414 for the target, 431 for the fields, else 400",
		})
	},
}
