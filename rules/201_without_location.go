package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 201_without_location.txtar
var doc201WithoutLocation string

var r201WithoutLocation = &statute.Rule{
	ID:    "201-without-location",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "9.3.3"), statute.RFC(9110, "15.3.2")},
	On:    []int{201},
	Needs: statute.SeenFields,
	Doc:   doc201WithoutLocation,
	Check: func(p *statute.Pass) {
		if p.Request.Method != "POST" || p.Response.Fields.Has("Location") {
			return
		}
		fault := statute.Fault{
			Message:  "201 to POST without Location",
			Expected: "Location",
		}
		if !p.Seen.Has(statute.SeenBody) {
			fault.Level = statute.Advice // the content may hold the link
		} else if hasOwnLink(parseJSON(p.Response.Body.Bytes)) {
			fault.Level = statute.Advice
			fault.Message = "201 to POST with the new resource's link in the content only, without Location"
		}
		p.Report(fault)
	},
}
