package rules

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed content_range_malformed.txtar
var docContentRangeMalformed string

var rContentRangeMalformed = &statute.Rule{
	ID:    "content-range-malformed",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "14.4")},
	On:    []int{206, 416},
	Needs: statute.SeenFields,
	Doc:   docContentRangeMalformed,
	Check: func(p *statute.Pass) {
		for value := range p.Response.Fields.Values("Content-Range") {
			unit, _, _ := strings.Cut(value, " ")
			if isToken(unit) && !strings.EqualFold(unit, "bytes") {
				continue // another unit may have another grammar
			}
			if _, ok := parseContentRange(value); !ok {
				p.Report(statute.Fault{
					Message:  "invalid Content-Range: " + strconv.Quote(value),
					Expected: "Content-Range: bytes first-last/size, or bytes */size with 416",
				})
				return
			}
		}
	},
}
