package rules

import (
	"bytes"
	_ "embed"
	"slices"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed put_not_idempotent.txtar
var docPutNotIdempotent string

var rPutNotIdempotent = &statute.Rule{
	ID:    "put-not-idempotent",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "9.2.2"), statute.RFC(9110, "9.3.4")},
	On:    []int{200, 4, 5},
	Needs: statute.SeenRequestFields | statute.SeenRequestBody | statute.SeenBody,
	Over:  []string{"500-for-client-error", "body-contradicts-code"},
	Doc:   docPutNotIdempotent,
	Compare: func(p *statute.Pass) {
		switch p.Request.Method {
		case "PUT":
			if failsAgain(p) {
				byControl(p, statute.Fault{
					Message:  "the same PUT again answered " + strconv.Itoa(p.Response.Status),
					Expected: "200 or 204",
				})
			}
		case "GET":
			before, again, ok := aroundWrite(p)
			if !ok || !isReading(before) || p.Response.Status != 200 || again.Request.Method != "PUT" {
				return
			}
			first := sameBefore(p, before, again)
			if first == nil {
				return
			}
			if name := madeTwice(again, before, p.Exchange); name != "" {
				p.Report(statute.Fault{
					Message:  "the same PUT twice leaves another state: " + strconv.Quote(name),
					Expected: "the same state after both",
					Before:   []*statute.Exchange{first, before, again},
					At:       again,
				})
			}
		}
	},
}

// failsAgain reports whether a PUT that the checker has repeated fails, and not
// for what it could not know: a version, a conflict, the server's load.
func failsAgain(p *statute.Pass) bool {
	code := p.Response.Status
	if p.Response.Class() < 4 || p.Case == nil || p.Case.Cause != statute.PutAgain || !succeeded(p) || aside(code) {
		return false
	}
	switch code {
	case 409, 502, 503, 504, 507:
		return false
	}
	return true
}

// sameBefore returns the PUT, the same as the one given, that was carried out
// before an earlier GET with no other write in between; nil if there is none.
func sameBefore(p *statute.Pass, get, put *statute.Exchange) *statute.Exchange {
	past := p.Past(p.Request.Path())
	i := slices.Index(past, get) - 1
	for i >= 0 && past[i].Request.Safe() {
		i--
	}
	if i < 0 {
		return nil
	}
	x := past[i]
	if x.Request.Method != "PUT" || !carried(x) || !carried(put) || overlap(x, get) || !sameTarget(x, put) || !sameSender(x, put) ||
		put.Request.Body.Cut || !bytes.Equal(x.Request.Body.Bytes, put.Request.Body.Bytes) ||
		x.Request.MediaType() != put.Request.MediaType() || put.Request.Fields.Has("Content-Range") {
		return nil
	}
	return x
}

// carried reports whether a write was carried out, by its answer.
func carried(x *statute.Exchange) bool { return x.Response.Class() == 2 && x.Response.Status != 202 }

// madeTwice returns the name of what a repeated PUT changed, what the server
// manages aside; "" if it is nothing. Without a Case somebody else may have made
// the change: then it must be a list to which items were added once more.
func madeTwice(put, before, after *statute.Exchange) string {
	was, is := stateIn(&before.Response.Body), stateIn(&after.Response.Body)
	if was.kind() == jsonNone || is.kind() == jsonNone {
		return ""
	}
	if put.Case != nil {
		return otherwise(was, is)
	}
	sent := stateIn(&put.Request.Body)
	was, is = within(was, sent), within(is, sent)
	name := ""
	sent.each(func(key, items value) bool {
		if appended(items, was.get(key.text()), is.get(key.text())) {
			name = key.text()
		}
		return name == ""
	})
	return name
}

// appended reports whether a list ends in the items that were sent, of which
// there are some, once more than it did.
func appended(sent, before, after value) bool {
	s, b, a := items(sent), items(before), items(after)
	if sent.kind() != jsonArray || len(s) == 0 || len(b) < len(s) || len(a) != len(b)+len(s) {
		return false
	}
	same := func(x, y value) bool { return otherwise(x, y) == "" }
	return slices.EqualFunc(a[:len(b)], b, same) && slices.EqualFunc(a[len(b):], s, same)
}
