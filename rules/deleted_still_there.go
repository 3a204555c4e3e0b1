package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed deleted_still_there.txtar
var docDeletedStillThere string

var rDeletedStillThere = &statute.Rule{
	ID:    "deleted-still-there",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "9.3.5")},
	On:    []int{2},
	Needs: statute.SeenRequestFields | statute.SeenFields | statute.SeenBody,
	Over:  []string{"200-null-for-missing", "200-with-error-body"},
	Doc:   docDeletedStillThere,
	Compare: func(p *statute.Pass) {
		if p.Request.Method != "GET" || p.Response.Fields.Has("Age") {
			return
		}
		before, write, ok := aroundWrite(p)
		if !ok || !isReading(before) || write.Request.Method != "DELETE" || write.Response.Class() != 2 || write.Response.Status == 202 {
			return
		}
		own := p.Case != nil && p.Case.Cause == statute.ReadDeleted // one thing that the checker created
		if !own && !namesItem(p.Exchange) {
			return
		}
		if own && (tellsOfNone(p.Exchange) || p.Case.Elsewhere != nil && sameContent(&p.Response, &p.Case.Elsewhere.Response)) {
			return // it is gone, and the code does not say so
		}
		if !sameContent(&p.Response, &before.Response) && (!own || saysGone(p.Response.Body.Bytes) || emptied(before.Response.Body.Bytes, p.Response.Body.Bytes)) {
			return
		}
		p.Report(statute.Fault{
			Message:  "what a DELETE removed is still there",
			Expected: "404 or 410",
			Before:   []*statute.Exchange{before, write},
		})
	},
}

// tellsOfNone reports whether the content of a success says that there is nothing.
func tellsOfNone(x *statute.Exchange) bool {
	content := x.Response.Body.Bytes
	e := readEnvelope(parseJSON(content))
	return nothing(x) != "" || e.failed() || isXMLError(content)
}

// namesItem reports whether the target is one thing in a collection: its
// template ends in a parameter or, if that is not known, its path in what looks
// like an id.
func namesItem(x *statute.Exchange) bool {
	if x.Operation.Path != "" {
		return strings.Contains(lastSegment(x.Operation.Path), "{")
	}
	segment, _, _ := strings.Cut(lastSegment(x.Request.Path()), ".")
	return isNumber(segment) || len(segment) >= 16 && strings.ContainsAny(segment, "0123456789")
}

func lastSegment(path string) string {
	path = strings.TrimSuffix(path, "/")
	return path[strings.LastIndexByte(path, '/')+1:]
}

// saysGone reports whether content says of itself that it was deleted, as an
// API does that keeps what is deleted.
func saysGone(content []byte) bool {
	return holdsPhrase(content, []string{
		"deleted", "removed", "trashed", "trash", "archived", "expired", "inactive", "disabled", "deactivated",
		"cancelled", "canceled", "closed", "revoked", "terminated", "withdrawn", "suspended", "retired", "tombstone",
	})
}
