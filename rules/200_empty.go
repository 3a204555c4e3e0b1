package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 200_empty.txtar
var doc200Empty string

var r200Empty = &statute.Rule{
	ID:    "200-empty",
	Level: statute.Advice,
	Cite:  []statute.Section{statute.RFC(9110, "15.3.1"), statute.RFC(9110, "15.3.5")},
	On:    []int{200},
	Needs: statute.SeenFields | statute.SeenBody,
	Doc:   doc200Empty,
	Check: func(p *statute.Pass) {
		if p.Case != nil && p.Case.Cause == statute.Create {
			return // 201 is due
		}
		switch p.Request.Method {
		case "POST", "PUT", "PATCH", "DELETE":
			if p.Error == "" && hasNoContent(&p.Response) {
				p.Report(statute.Fault{
					Message:  "200 without content",
					Expected: "204",
				})
			}
		}
	},
}

// hasNoContent reports whether a response came without content. One that
// announces a length has some, though its recorder may have left it out.
func hasNoContent(r *statute.Response) bool {
	length, ok := r.Fields.Lookup("Content-Length")
	return r.Body.Empty() && (!ok || length == "0")
}
