package rules

import (
	"bytes"
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed range_wrong.txtar
var docRangeWrong string

var rRangeWrong = &statute.Rule{
	ID:    "range-wrong",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "14.2"), statute.RFC(9110, "15.3.7.1"), statute.RFC(9110, "15.5.17")},
	On:    []int{206, 416},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Over:  []string{"416-without-content-range"},
	Doc:   docRangeWrong,
	Compare: func(p *statute.Pass) {
		if p.Request.Method != "GET" {
			return
		}
		if p.Response.Status == 206 {
			if get := otherBytes(p); get != nil {
				p.Report(statute.Fault{
					Message:  "206 with other bytes than the 200 has in that range",
					Expected: "the bytes that Content-Range names",
					Before:   []*statute.Exchange{get},
				})
			}
			return
		}
		f := statute.Fault{Level: statute.Should, Message: "416 to a range that can be satisfied", Expected: "206 or 200"}
		if size, ok := parseContentRange(p.Response.Fields.Get("Content-Range")); ok && size.unit == "bytes" {
			if satisfiable(p.Request.Fields, size.size) {
				p.Report(f)
			}
			return
		}
		get := reading(p)
		if get == nil || !get.Response.Fields.HasToken("Accept-Ranges", "bytes") || encoded(&get.Response) {
			return
		}
		if size, ok := parseDigits(get.Response.Fields.Get("Content-Length")); ok && satisfiable(p.Request.Fields, size) {
			f.Before = []*statute.Exchange{get}
			p.Report(f)
		}
	},
}

// otherBytes returns the GET whose content shows that the bytes of a single
// part 206 are not those of the representation; nil if there is none. Both must
// have the same strong ETag and no content coding.
func otherBytes(p *statute.Pass) *statute.Exchange {
	r, ok := parseContentRange(p.Response.Fields.Get("Content-Range"))
	if !ok || r.unit != "bytes" || r.unsatisfied() || encoded(&p.Response) {
		return nil
	}
	get := reading(p)
	if get == nil || encoded(&get.Response) {
		return nil
	}
	tag, ok := p.Response.Fields.Lookup("ETag")
	if !ok || strings.HasPrefix(tag, "W/") || get.Response.Fields.Get("ETag") != tag {
		return nil
	}
	part, whole := p.Response.Body, get.Response.Body.Bytes
	if !part.Cut && part.Size != r.last-r.first+1 || r.first >= int64(len(whole)) {
		return nil // of another length: 206-length-mismatch
	}
	replacement := []byte("\uFFFD") // what a recorder writes for bytes that are no text
	due := whole[r.first:min(r.last+1, int64(len(whole)))]
	n := min(len(due), len(part.Bytes))
	if bytes.Equal(due[:n], part.Bytes[:n]) || bytes.Contains(due[:n], replacement) || bytes.Contains(part.Bytes[:n], replacement) {
		return nil // the same, or not recorded byte by byte
	}
	return get
}

// satisfiable reports whether a request asks for a single byte range that a
// representation of that size has (RFC 9110, 14.1.2).
func satisfiable(fields statute.Fields, size int64) bool {
	unit, set, _ := strings.Cut(fields.Get("Range"), "=")
	first, last, ok := strings.Cut(strings.TrimSpace(set), "-")
	if !strings.EqualFold(unit, "bytes") || !ok || size <= 0 {
		return false
	}
	if first == "" {
		n, ok := parseDigits(last)
		return ok && n > 0
	}
	from, ok := parseDigits(first)
	if !ok || from >= size {
		return false
	}
	to, ok := parseDigits(last)
	return last == "" || ok && from <= to
}

// encoded reports whether the content has a content coding.
func encoded(r *statute.Response) bool {
	coding, ok := r.Fields.Lookup("Content-Encoding")
	return ok && !strings.EqualFold(coding, "identity")
}
