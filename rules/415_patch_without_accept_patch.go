package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 415_patch_without_accept_patch.txtar
var doc415PatchWithoutAcceptPatch string

var r415PatchWithoutAcceptPatch = &statute.Rule{
	ID:    "415-patch-without-accept-patch",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(5789, "2.2"), statute.RFC(5789, "3.1")},
	On:    []int{415},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Doc:   doc415PatchWithoutAcceptPatch,
	Check: func(p *statute.Pass) {
		request, response := p.Request.Fields, p.Response.Fields
		if p.Request.Method != "PATCH" || response.Has("Accept-Patch") || request.Has("Content-Encoding") || response.Has("Accept-Encoding") {
			return
		}
		fault := statute.Fault{
			Message:  "415 to PATCH without Accept-Patch",
			Expected: "Accept-Patch",
		}
		if response.Has("Accept") {
			fault.Level = statute.Advice
			fault.Message = "415 to PATCH that lists the types in Accept only, without Accept-Patch"
		}
		p.Report(fault)
	},
}
