package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 206_without_content_range.txtar
var doc206WithoutContentRange string

var r206WithoutContentRange = &statute.Rule{
	ID:    "206-without-content-range",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.3.7.1"), statute.RFC(9110, "15.3.7.2")},
	On:    []int{206},
	Needs: statute.SeenFields,
	Doc:   doc206WithoutContentRange,
	Check: func(p *statute.Pass) {
		value, has := p.Response.Fields.Lookup("Content-Range")
		switch multipart := p.Response.MediaType() == "multipart/byteranges"; {
		case multipart && has:
			p.Report(statute.Fault{
				Message:  "206 with several parts and a Content-Range in its header section",
				Expected: "Content-Range in each part only",
			})
		case !multipart && !has:
			p.Report(statute.Fault{
				Message:  "206 without Content-Range",
				Expected: "Content-Range",
			})
		case !multipart:
			if r, ok := parseContentRange(value); ok && r.unsatisfied() {
				p.Report(statute.Fault{
					Message:  "206 whose Content-Range names no range: " + value,
					Expected: "Content-Range: bytes first-last/size",
				})
			}
		}
	},
}
