package rules

import (
	_ "embed"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed 204_with_content_length.txtar
var doc204WithContentLength string

var r204WithContentLength = &statute.Rule{
	ID:    "204-with-content-length",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "8.6")},
	Needs: statute.SeenFields | statute.SeenWire,
	Doc:   doc204WithContentLength,
	Check: func(p *statute.Pass) {
		if code := unframedWith(p.Exchange, "Content-Length"); code != 0 {
			p.Report(statute.Fault{
				Message:  strconv.Itoa(code) + " with Content-Length",
				Expected: "no Content-Length",
			})
		}
	},
}
