package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 304_unconditional.txtar
var doc304Unconditional string

var r304Unconditional = &statute.Rule{
	ID:    "304-unconditional",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.4.5"), statute.RFC(9110, "13.1")},
	On:    []int{304},
	Needs: statute.SeenRequestFields,
	Doc:   doc304Unconditional,
	Check: func(p *statute.Pass) {
		fields := p.Request.Fields
		if fields.Has("If-None-Match") || fields.Has("If-Modified-Since") {
			return
		}
		if fields.Has("Sec-Fetch-Mode") || strings.HasPrefix(fields.Get("User-Agent"), "Mozilla/") {
			return // a browser, whose cache may have added the condition after the recording
		}
		p.Report(statute.Fault{
			Message:  "304 to a request without If-None-Match or If-Modified-Since",
			Expected: "200",
		})
	},
}
