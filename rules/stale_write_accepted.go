package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed stale_write_accepted.txtar
var docStaleWriteAccepted string

var rStaleWriteAccepted = &statute.Rule{
	ID:    "stale-write-accepted",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "13.1.1"), statute.RFC(9110, "13.1.4")},
	On:    []int{200, 404, 410},
	Needs: statute.SeenCause | statute.SeenFields | statute.SeenBody,
	Doc:   docStaleWriteAccepted,
	Compare: func(p *statute.Pass) {
		before, write, ok := aroundWrite(p)
		if !ok || p.Request.Method != "GET" || write.Response.Class() != 2 || write.Case == nil {
			return
		}
		offer, condition := "ETag", "If-Match"
		switch write.Case.Cause {
		case statute.FalseIfMatch:
		case statute.OldDate:
			offer, condition = "Last-Modified", "If-Unmodified-Since"
		default:
			return
		}
		if !isReading(before) || !before.Response.Fields.Has(offer) || !carriedOut(before, write, p.Exchange) {
			return
		}
		p.Report(statute.Fault{
			Message:  "a write with a false " + condition + " was carried out",
			Expected: "412",
			Before:   []*statute.Exchange{before, write},
			At:       write,
		})
	},
}

// carriedOut reports whether a write had its effect, going by the GET before
// and the one after it. Where the values that were sent cannot be looked for
// (JSON Patch, say), content and entity-tag must both be others.
func carriedOut(before, write, after *statute.Exchange) bool {
	if write.Request.Method == "DELETE" || after.Response.Status != 200 {
		return write.Request.Method == "DELETE" && after.Response.Status != 200
	}
	if parseJSON(write.Request.Body.Bytes).kind() == jsonObject {
		return tookEffect(before, write, after)
	}
	return before.Response.Fields.Get("ETag") != after.Response.Fields.Get("ETag") && !sameContent(&before.Response, &after.Response)
}
