package rules

import (
	"bytes"
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed put_partial.txtar
var docPutPartial string

var rPutPartial = &statute.Rule{
	ID:    "put-partial",
	Level: statute.Advice,
	Cite:  []statute.Section{statute.RFC(9110, "9.3.4")},
	On:    []int{200},
	Needs: statute.SeenRequestFields | statute.SeenRequestBody | statute.SeenBody,
	Doc:   docPutPartial,
	Compare: func(p *statute.Pass) {
		if p.Request.Method != "GET" {
			return
		}
		before, put, ok := aroundWrite(p)
		if !ok || !isReading(before) || put.Request.Method != "PUT" || !carried(put) || put.Request.Fields.Has("Content-Range") {
			return
		}
		sent := stateIn(&put.Request.Body)
		was, is := within(stateIn(&before.Response.Body), sent), within(stateIn(&p.Response.Body), sent)
		if sent.kind() != jsonObject || was.kind() != jsonObject || is.kind() != jsonObject {
			return
		}
		report := func(given *statute.Exchange) bool {
			earlier := stateIn(&given.Request.Body)
			if earlier.kind() != jsonObject || !sameSender(given, put) || keptFrom(earlier, sent, was, is) == "" {
				return false
			}
			p.Report(statute.Fault{
				Message:  "PUT that keeps what it left out",
				Expected: "the representation as it was sent, or PATCH",
				Before:   []*statute.Exchange{given, before, put},
				At:       put,
			})
			return true
		}
		if created := createdHere(p); created != nil && report(created) {
			return
		}
		for _, x := range p.Past(p.Request.Path()) {
			if x == before {
				return
			}
			if !x.Request.Safe() && carried(x) && report(x) {
				return
			}
		}
	},
}

// keptFrom returns the name of a member that an earlier request gave, a later
// one left out, and that is as before all the same; "" if there is none. It is
// the client's to set, because it was given, and its value is free text, because
// any other may be what the server puts where nothing is sent.
func keptFrom(earlier, sent, before, after value) string {
	name := ""
	earlier.each(func(key, given value) bool {
		n := key.text()
		was, is := before.get(n), after.get(n)
		switch {
		case managed(key, given):
		case sent.get(n).kind() == jsonObject && given.kind() == jsonObject:
			name = keptFrom(given, sent.get(n), was, is)
		case sent.get(n).kind() == jsonNone && isFreeText(given.raw()) && sameScalar(given, was) && sameScalar(was, is):
			name = n
		}
		return name == ""
	})
	return name
}

// isFreeText reports whether a text is none that servers use as a default or in
// an enum: it has a space, or is long and has a digit.
func isFreeText(s []byte) bool {
	return bytes.IndexByte(s, ' ') > 0 || len(s) >= 10 && bytes.ContainsAny(s, "0123456789")
}
