package rules

import (
	"bytes"
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed merge_patch_wrong.txtar
var docMergePatchWrong string

var rMergePatchWrong = &statute.Rule{
	ID:    "merge-patch-wrong",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(7396, "2"), statute.RFC(5789, "2")},
	On:    []int{200},
	Needs: statute.SeenRequestFields | statute.SeenRequestBody | statute.SeenBody,
	Doc:   docMergePatchWrong,
	Compare: func(p *statute.Pass) {
		if p.Request.Method != "GET" {
			return
		}
		before, patch, ok := aroundWrite(p)
		if !ok || !isReading(before) || patch.Request.Method != "PATCH" || patch.Request.MediaType() != "application/merge-patch+json" ||
			patch.Response.Class() != 2 || patch.Response.Status == 202 {
			return
		}
		sent := stateIn(&patch.Request.Body)
		was, is := within(stateIn(&before.Response.Body), sent), within(stateIn(&p.Response.Body), sent)
		if sent.kind() != jsonObject || was.kind() != jsonObject || is.kind() != jsonObject {
			return
		}
		var m merged
		m.compare(sent, was, is)
		f := statute.Fault{Before: []*statute.Exchange{before, patch}, At: patch}
		switch {
		case m.lost > 0 && (m.kept == 0 || p.Case != nil):
			f.Message, f.Expected = "merge patch that also removed what it did not name", "members that are not named stay as they are"
		case m.stayed > 0:
			f.Message, f.Expected = "merge patch whose null removed nothing", "the member is gone, or 4xx"
		default:
			return
		}
		p.Report(f)
	},
}

// merged counts what became of the members of a resource under a merge patch,
// those that the server manages aside.
type merged struct {
	lost, kept int // not named
	stayed     int // named with null, and as they were
}

func (m *merged) compare(patch, before, after value) {
	before.each(func(key, was value) bool {
		name := key.text()
		named, is := patch.get(name), after.get(name)
		switch {
		case managed(key, was), isBlank(was):
		case named.kind() == jsonNone && isBlank(is):
			m.lost++
		case named.kind() == jsonNone:
			m.kept++
		case named.kind() == jsonNull && bytes.Equal(was.b, is.b):
			m.stayed++
		case named.kind() == jsonObject && was.kind() == jsonObject && is.kind() == jsonObject:
			m.compare(named, was, is)
		}
		return true
	})
}
