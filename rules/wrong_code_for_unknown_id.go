package rules

import (
	"bytes"
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed wrong_code_for_unknown_id.txtar
var docWrongCodeForUnknownId string

var rWrongCodeForUnknownId = &statute.Rule{
	ID:    "wrong-code-for-unknown-id",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.5"), statute.RFC(9110, "15.5.11")},
	On:    []int{4},
	Needs: statute.SeenCause | statute.SeenControl | statute.SeenRequestBody,
	Over: []string{
		"405-without-allow", "405-lists-the-method", "406-for-anything", "415-patch-without-accept-patch",
		"body-contradicts-code",
	},
	Doc: docWrongCodeForUnknownId,
	Compare: func(p *statute.Pass) {
		code := p.Response.Status
		if p.Case.Cause != statute.UnknownID || p.Case.In != "path" || p.Case.Cause.IsRight(code) || aside(code) || !succeeded(p) {
			return
		}
		if code == 400 || code == 422 {
			known, unknown := differing(p.Case.Control.Request.Path(), p.Request.Path())
			if !alike(known, unknown) || bytes.Contains(p.Request.Body.Bytes, []byte(known)) {
				return // perhaps no well-formed id, or not the one that the content names
			}
		}
		byControl(p, statute.Fault{Message: answered(p), Expected: "404"})
	},
}

// differing returns the first segments in which two paths differ, or two empty
// strings.
func differing(a, b string) (string, string) {
	for a != "" || b != "" {
		var s, t string
		s, a, _ = strings.Cut(a, "/")
		t, b, _ = strings.Cut(b, "/")
		if s != t {
			return s, t
		}
	}
	return "", ""
}

// alike reports whether two ids are of one kind, as far as their characters
// tell: both numbers, or both of letters and digits with the same punctuation
// at the same places.
func alike(a, b string) bool {
	if isNumber(a) || isNumber(b) {
		return isNumber(a) && isNumber(b)
	}
	if len(a) != len(b) || a == "" {
		return false
	}
	for i := range len(a) {
		if a[i] != b[i] && !(isAlphaNum(a[i]) && isAlphaNum(b[i])) {
			return false
		}
	}
	return true
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
