package rules

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed version_differs.txtar
var docVersionDiffers string

var rVersionDiffers = &statute.Rule{
	ID:    "version-differs",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15"), statute.RFC(9110, "2.5")},
	On:    []int{2, 3, 4, 5},
	Needs: statute.SeenCause | statute.SeenControl,
	Doc:   docVersionDiffers,
	Compare: func(p *statute.Pass) {
		code, first := p.Response.Status, p.Case.Control
		if p.Case.Cause != statute.Version || code == first.Response.Status || first.Request.Proto != "HTTP/1.1" || !later(p.Request.Proto) {
			return
		}
		switch code {
		case 304, 408, 421, 425, 426, 429, 502, 503, 504, 505:
			return
		}
		byControl(p, statute.Fault{
			Message:  strconv.Itoa(code) + " over " + p.Request.Proto + ", " + strconv.Itoa(first.Response.Status) + " over HTTP/1.1",
			Expected: strconv.Itoa(first.Response.Status),
		})
	},
}

// later reports whether a protocol is HTTP/2 or HTTP/3.
func later(proto string) bool {
	return strings.HasPrefix(proto, "HTTP/2") || strings.HasPrefix(proto, "HTTP/3")
}
