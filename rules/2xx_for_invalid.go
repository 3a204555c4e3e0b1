package rules

import (
	"bytes"
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 2xx_for_invalid.txtar
var doc2xxForInvalid string

var r2xxForInvalid = &statute.Rule{
	ID:    "2xx-for-invalid",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.21"), statute.RFC(9110, "15.5.1")},
	On:    []int{2},
	Needs: statute.SeenCause | statute.SeenControl | statute.SeenBody,
	Over: []string{
		"200-with-error-body", "2xx-with-problem", "2xx-error-page", "2xx-html-for-json", "200-empty",
		"201-without-location", "202-without-monitor",
	},
	Doc: doc2xxForInvalid,
	Compare: func(p *statute.Pass) {
		if !p.Case.Cause.Invalid() || !succeeded(p) {
			return
		}
		if p.Case.Cause == statute.NotInEnum && p.Case.In == "query" && emptyList(p.Response.Body.Bytes) {
			return // a filter that nothing passes
		}
		f := statute.Fault{Message: answered(p), Expected: "400 or 422"}
		if p.Case.In == "body" && p.Case.Cause != statute.UnknownMember {
			sent, control, got := parseJSON(p.Request.Body.Bytes), parseJSON(p.Case.Control.Request.Body.Bytes), parseJSON(p.Response.Body.Bytes)
			if more, kept := adds(sent, control, got); more && !kept && got.kind() == jsonObject {
				f.Level = statute.Advice // the answer shows no such member: the operation may not know it
			}
		}
		byControl(p, f)
	},
}

// adds reports whether JSON content has a member that its control lacks, and
// whether the answer has such a member too, with that value.
func adds(sent, control, got value) (more, kept bool) {
	if sent.kind() != jsonObject || control.kind() != jsonObject {
		return false, false
	}
	sent.each(func(key, s value) bool {
		name := key.text()
		if c := control.get(name); c.kind() != jsonNone {
			more, kept = adds(s, c, got.get(name))
		} else {
			more, kept = true, bytes.Equal(s.b, got.get(name).b)
		}
		return !more
	})
	return more, kept
}
