package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 206_without_range_request.txtar
var doc206WithoutRangeRequest string

var r206WithoutRangeRequest = &statute.Rule{
	ID:    "206-without-range-request",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.3.7"), statute.RFC(9110, "14.2")},
	On:    []int{206},
	Needs: statute.SeenRequestFields,
	Over:  []string{"206-without-content-range", "206-length-mismatch", "206-missing-fields"},
	Doc:   doc206WithoutRangeRequest,
	Check: func(p *statute.Pass) {
		if !p.Request.Fields.Has("Range") {
			p.Report(statute.Fault{
				Message:  "206 to a request without Range",
				Expected: "200",
			})
		}
	},
}
