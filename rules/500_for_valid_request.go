package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 500_for_valid_request.txtar
var doc500ForValidRequest string

var r500ForValidRequest = &statute.Rule{
	ID:    "500-for-valid-request",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.6.1")},
	On:    []int{500},
	Needs: statute.SeenCause | statute.SeenRequestBody,
	Doc:   doc500ForValidRequest,
	Check: func(p *statute.Pass) {
		if !isPlain(p.Case.Cause) || p.Case.Principal != statute.Full {
			return
		}
		f := statute.Fault{Message: "500 to a request that the description allows", Expected: "2xx", Level: statute.Advice}
		if givesNothing(p) {
			f.Message, f.Level = "500 to a request with no value in it that could be wrong", statute.Should
		}
		p.Report(f)
	},
}

// givesNothing reports whether a request has no value of its own that a server
// could refuse: no query, no content, no parameter in the path but the id of what
// was made for it.
func givesNothing(p *statute.Pass) bool {
	made := p.Case.Cause == statute.ReadBack && p.Case.Control != nil
	return p.Request.Query() == "" && p.Request.Body.Empty() && p.Operation.Path != "" && (made || !strings.Contains(p.Operation.Path, "{"))
}
