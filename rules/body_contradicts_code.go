package rules

import (
	_ "embed"
	"slices"

	"github.com/statute-http/statute"
)

//go:embed body_contradicts_code.txtar
var docBodyContradictsCode string

var rBodyContradictsCode = &statute.Rule{
	ID:    "body-contradicts-code",
	Level: statute.Advice,
	Cite:  []statute.Section{statute.RFC(9110, "15.5")},
	On:    []int{4},
	Needs: statute.SeenFields | statute.SeenBody,
	Doc:   docBodyContradictsCode,
	Check: func(p *statute.Pass) {
		says := headline(parseJSON(p.Response.Body.Bytes))
		if !contradicts(says, p) {
			return
		}
		p.Report(statute.Fault{
			Message:    "error whose words name another case than its code",
			Expected:   says.expected(),
			Confidence: statute.Likely,
		})
	},
}

// headline returns what an error in JSON says at its top level, or in the
// object that its "error" is.
func headline(v value) saying {
	if object := v.get("error"); object.kind() == jsonObject {
		v = object
	}
	says := saidBy(v.raw())
	v.each(func(key, val value) bool {
		if val.kind() == jsonString && key.isAny(headlineNames) {
			raw := val.raw()
			says = saidBy(raw[:min(len(raw), textLimit)])
		}
		return says == saysNothing
	})
	return says
}

var headlineNames = []string{"message", "msg", "error", "title", "detail", "reason", "description", "error_description"}

// contradicts reports whether the code of an error says another thing than its
// words.
func contradicts(says saying, p *statute.Pass) bool {
	code := p.Response.Status
	switch says {
	case saysMissing: // what the content of the request names may be missing under other codes
		return p.Request.Body.Empty() && slices.Contains([]int{400, 405, 406, 409, 415, 422}, code)
	case saysTaken:
		return slices.Contains([]int{400, 401, 403, 404, 405, 410, 415}, code)
	case saysNoLogin:
		return slices.Contains([]int{400, 404, 405, 406, 409, 410, 415, 422}, code)
	case saysNoRight:
		return slices.Contains([]int{400, 404, 405, 406, 409, 410, 415, 422}, code)
	case saysMethod:
		return slices.Contains([]int{400, 403, 404, 406, 409, 422}, code)
	}
	return false
}
