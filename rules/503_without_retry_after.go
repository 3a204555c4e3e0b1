package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 503_without_retry_after.txtar
var doc503WithoutRetryAfter string

var r503WithoutRetryAfter = &statute.Rule{
	ID:    "503-without-retry-after",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.6.4"), statute.RFC(9110, "10.2.3")},
	On:    []int{503},
	Needs: statute.SeenFields,
	Doc:   doc503WithoutRetryAfter,
	Check: func(p *statute.Pass) {
		if p.Response.Fields.Has("Retry-After") {
			return
		}
		fault := statute.Fault{
			Message:  "503 without Retry-After",
			Expected: "Retry-After",
		}
		if isHealthPath(p.Request.Path()) {
			fault.Level = statute.Advice
			fault.Message = "503 of a health resource without Retry-After"
		}
		p.Report(fault)
	},
}
