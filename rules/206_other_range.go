package rules

import (
	_ "embed"
	"math"
	"net/textproto"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 206_other_range.txtar
var doc206OtherRange string

var r206OtherRange = &statute.Rule{
	ID:    "206-other-range",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "14.2"), statute.RFC(9110, "15.3.7")},
	On:    []int{206},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Doc:   doc206OtherRange,
	Check: func(p *statute.Pass) {
		asked, ok := p.Request.Fields.Lookup("Range")
		if !ok || p.Request.Method != "GET" {
			return
		}
		inside := func(value string) bool {
			got, ok := parseContentRange(value)
			if !ok || got.unsatisfied() || !strings.EqualFold(got.unit, "bytes") {
				return true // content-range-malformed, 206-without-content-range
			}
			first, last, ok := spanOf(asked, got.size)
			return !ok || first <= got.first && got.last <= last
		}
		all := true
		if p.Response.MediaType() == "multipart/byteranges" {
			eachPart(&p.Response, func(header textproto.MIMEHeader) bool {
				all = inside(header.Get("Content-Range"))
				return all
			})
		} else {
			all = inside(p.Response.Fields.Get("Content-Range"))
		}
		if !all {
			p.Report(statute.Fault{
				Message:  "206 with a range that was not asked for",
				Expected: "a range within the one that was asked for, or 200",
			})
		}
	},
}

// spanOf returns the first and last position that a Range value asks for, over
// all its ranges, of a representation of that size (-1: unknown). It returns
// false for other units, for a set that is invalid, and for one that asks for
// the end of what has an unknown size.
//
//	Range        = range-unit "=" 1#( int-range / suffix-range )
//	int-range    = first-pos "-" [ last-pos ]
//	suffix-range = "-" suffix-length
//
// (RFC 9110, 14.1.2.)
func spanOf(value string, size int64) (first, last int64, ok bool) {
	unit, set, _ := strings.Cut(value, "=")
	if !strings.EqualFold(strings.TrimSpace(unit), "bytes") {
		return 0, 0, false
	}
	first, last = math.MaxInt64, -1
	for spec := range statute.SplitList(set) {
		from, to, ok := strings.Cut(spec, "-")
		if !ok {
			return 0, 0, false
		}
		begin, end := int64(0), int64(math.MaxInt64)
		if from != "" {
			if begin, ok = parseDigits(from); !ok {
				return 0, 0, false
			}
			if to != "" {
				if end, ok = parseDigits(to); !ok || end < begin {
					return 0, 0, false
				}
			}
		} else {
			length, ok := parseDigits(to)
			if !ok || size < 0 {
				return 0, 0, false
			}
			begin = max(0, size-length)
		}
		first, last = min(first, begin), max(last, end)
	}
	return first, last, last >= 0
}
