package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed wrong_code_for_size.txtar
var docWrongCodeForSize string

var rWrongCodeForSize = &statute.Rule{
	ID:    "wrong-code-for-size",
	Level: statute.Advice,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.14"), statute.RFC(9110, "15.5.15"), statute.RFC(6585, "5")},
	On:    []int{0, 4},
	Needs: statute.SeenCause | statute.SeenControl | statute.SeenBody,
	Over:  []string{"body-contradicts-code"},
	Once:  true,
	Doc:   docWrongCodeForSize,
	Compare: func(p *statute.Pass) {
		code := p.Response.Status
		if !succeeded(p) || p.Case.Cause.IsRight(code) || strings.Contains(p.Error, "timeout") {
			return
		}
		f := statute.Fault{Message: answered(p), Expected: oneOf(p.Case.Cause.Right())}
		switch p.Case.Cause {
		case statute.LongTarget:
			f.Cite = statute.RFC(9110, "15.5.15")
			if aside(code) && code != 431 {
				return
			}
		case statute.LongFields:
			f.Cite = statute.RFC(6585, "5")
			if aside(code) {
				return
			}
		case statute.LargeContent:
			if code != 400 || !blamesSize(&p.Response) {
				return
			}
		default:
			return
		}
		if code == 0 {
			f.Message = "no answer for " + string(p.Case.Cause)
		}
		byControl(p, f)
	},
}

// blamesSize reports whether an error says that something is too large, or says
// nothing at all.
func blamesSize(r *statute.Response) bool {
	content := r.Body.Bytes
	return len(content) == 0 || isPhrase(content, []string{"bad request"}) ||
		holdsPhrase(content[:min(len(content), textLimit)], []string{
			"too large", "too big", "too long", "size limit", "body limit", "exceeds", "exceeded",
		})
}
