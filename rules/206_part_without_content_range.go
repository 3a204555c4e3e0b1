package rules

import (
	_ "embed"
	"net/textproto"

	"github.com/statute-http/statute"
)

//go:embed 206_part_without_content_range.txtar
var doc206PartWithoutContentRange string

var r206PartWithoutContentRange = &statute.Rule{
	ID:    "206-part-without-content-range",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.3.7.2")},
	On:    []int{206},
	Needs: statute.SeenFields | statute.SeenBody,
	Doc:   doc206PartWithoutContentRange,
	Check: func(p *statute.Pass) {
		if p.Response.MediaType() != "multipart/byteranges" {
			return
		}
		eachPart(&p.Response, func(header textproto.MIMEHeader) bool {
			if header.Get("Content-Range") != "" {
				return true
			}
			p.Report(statute.Fault{
				Message:  "206 with a part that has no Content-Range",
				Expected: "Content-Range in each part",
			})
			return false
		})
	},
}
