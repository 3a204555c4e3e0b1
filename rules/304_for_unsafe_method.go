package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 304_for_unsafe_method.txtar
var doc304ForUnsafeMethod string

var r304ForUnsafeMethod = &statute.Rule{
	ID:    "304-for-unsafe-method",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.4.5"), statute.RFC(9110, "13.1.2")},
	On:    []int{304},
	Over:  []string{"304-unconditional", "304-etag-mismatch", "304-without-etag"},
	Doc:   doc304ForUnsafeMethod,
	Check: func(p *statute.Pass) {
		switch p.Request.Method {
		case "GET", "HEAD", "QUERY", "": // "" where the request was not recorded
			return
		}
		fault := statute.Fault{
			Message:  "304 to a method other than GET or HEAD",
			Expected: "2xx",
		}
		if p.Request.Fields.Has("If-None-Match") {
			fault.Expected = "412"
		}
		p.Report(fault)
	},
}
