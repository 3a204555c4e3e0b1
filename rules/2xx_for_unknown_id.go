package rules

import (
	"bytes"
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 2xx_for_unknown_id.txtar
var doc2xxForUnknownId string

var r2xxForUnknownId = &statute.Rule{
	ID:    "2xx-for-unknown-id",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.5")},
	On:    []int{2},
	Needs: statute.SeenCause | statute.SeenControl | statute.SeenBody,
	Over: []string{
		"2xx-with-problem", "2xx-error-page", "200-null-for-missing", "2xx-html-for-json",
		"200-empty", "201-without-location", "202-without-monitor",
	},
	Doc: doc2xxForUnknownId,
	Compare: func(p *statute.Pass) {
		c := p.Case
		if c.Cause != statute.UnknownID && c.Cause != statute.IllFormedID || c.In == "body" || !succeeded(p) {
			return
		}
		f := statute.Fault{Message: answered(p), Expected: "404"}
		if c.In == "query" { // which may filter: nothing in the place of what was there says more
			if p.Request.Method == "GET" && !mayBeUnset(p.Request.Path()) && nulled(p.Response.Body.Bytes, c.Control.Response.Body.Bytes) {
				f.Confidence = statute.Likely
				byControl(p, f)
			}
			return
		}
		switch p.Request.Method {
		case "PUT":
			return
		case "PATCH":
			if p.Response.Status == 201 {
				return
			}
		case "DELETE":
			f.Level = statute.Advice
		case "GET":
			if blank(p.Response.Body.Bytes, c.Control.Response.Body.Bytes, lastSegment(p.Request.Path())) {
				f.Level = statute.Advice
			}
		case "OPTIONS", "TRACE":
			return
		}
		byControl(p, f)
	},
}

// nulled reports whether content is an object as the control is, but for null in
// the place of something.
func nulled(content, control []byte) bool {
	like := parseJSON(control)
	return hollow(content, like, func(key, val value) (lost, kept bool) {
		was := like.get(key.text())
		return val.kind() == jsonNull && was.kind() != jsonNull && was.kind() != jsonNone, bytes.Equal(val.b, was.b)
	})
}
