package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed mixed_missing_codes.txtar
var docMixedMissingCodes string

var rMixedMissingCodes = &statute.Rule{
	ID:         "mixed-missing-codes",
	Level:      statute.Advice,
	Cite:       []statute.Section{statute.RFC(9110, "15.5.5"), statute.RFC(9110, "15.5.4")},
	On:         []int{403, 404},
	Needs:      statute.SeenRequestBody | statute.SeenBody,
	Doc:        docMixedMissingCodes,
	Convention: "unknown ids",
	Choose: func(p *statute.Pass) string {
		switch {
		case !missesItem(p):
			return ""
		case p.Response.Status == 403:
			return "403"
		}
		return "404"
	},
}

// missesItem reports whether the target names one thing that is not there: by
// its Case or, in recorded traffic, by the words of an error.
func missesItem(p *statute.Pass) bool {
	if c := p.Case; c != nil {
		return c.Cause == statute.UnknownID && c.In == "path" && c.Principal == statute.Full && succeeded(p)
	}
	return p.Request.Body.Empty() && namesItem(p.Exchange) && said(&p.Response) == saysMissing
}
