package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed wrong_code_for_media_type.txtar
var docWrongCodeForMediaType string

var rWrongCodeForMediaType = &statute.Rule{
	ID:    "wrong-code-for-media-type",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.16")},
	On:    []int{4},
	Needs: statute.SeenCause | statute.SeenControl,
	Over:  []string{"405-without-allow", "405-lists-the-method", "406-for-anything", "body-contradicts-code"},
	Doc:   docWrongCodeForMediaType,
	Compare: func(p *statute.Pass) {
		code := p.Response.Status
		if p.Case.Cause != statute.WrongMediaType || code == 415 || aside(code) || !succeeded(p) {
			return
		}
		f := statute.Fault{Message: answered(p), Expected: "415"}
		switch {
		case code == 400 || code == 422:
			f.Level = statute.Advice
		case code == 409, code == 413, code == 404 && !samePath(p), code == 410 && !samePath(p):
			return
		}
		byControl(p, f)
	},
}
