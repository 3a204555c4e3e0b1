package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 425_without_early_data.txtar
var doc425WithoutEarlyData string

var r425WithoutEarlyData = &statute.Rule{
	ID:    "425-without-early-data",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(8470, "5.2")},
	On:    []int{425},
	Needs: statute.SeenRequestFields,
	Doc:   doc425WithoutEarlyData,
	Check: func(p *statute.Pass) {
		if p.Request.Fields.Has("Early-Data") {
			return
		}
		if p.Case != nil || strings.EqualFold(p.Request.Scheme, "http") { // Statute sends no early data
			p.Report(statute.Fault{
				Message:  "425 to a request that was not early data",
				Expected: "409, or 503 with Retry-After",
			})
		}
	},
}
