package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 206_length_mismatch.txtar
var doc206LengthMismatch string

var r206LengthMismatch = &statute.Rule{
	ID:    "206-length-mismatch",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.3.7.1"), statute.RFC(9110, "14.4")},
	On:    []int{206},
	Needs: statute.SeenFields,
	Doc:   doc206LengthMismatch,
	Check: func(p *statute.Pass) {
		if p.Request.Method == "HEAD" || p.Response.MediaType() == "multipart/byteranges" {
			return
		}
		r, ok := parseContentRange(p.Response.Fields.Get("Content-Range"))
		if !ok || r.unsatisfied() || !strings.EqualFold(r.unit, "bytes") {
			return
		}
		due := r.last - r.first + 1
		if got, ok := contentLength(p.Exchange); ok && got != due {
			f := statute.Fault{
				Message:  "206 with more content than its Content-Range names",
				Expected: "as much content as Content-Range names",
			}
			if got < due {
				f.Message = "206 with less content than its Content-Range names"
			}
			p.Report(f)
		}
	},
}

// contentLength returns the length of a response's content in bytes as it was
// sent, if that is known: by Content-Length, or by what was recorded in full
// and has no content coding, which the recorder may have undone.
func contentLength(x *statute.Exchange) (int64, bool) {
	r := &x.Response
	if value, ok := r.Fields.Lookup("Content-Length"); ok && !r.Fields.Has("Transfer-Encoding") {
		return parseDigits(value)
	}
	known := x.Seen.Has(statute.SeenBody|statute.SeenWire) && x.Error == "" && !encoded(r) && !r.Body.Cut && !r.Body.Empty()
	return r.Body.Size, known
}
