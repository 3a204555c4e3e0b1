package rules

import (
	_ "embed"
	"slices"
	"time"

	"github.com/statute-http/statute"
)

//go:embed 100_not_sent.txtar
var doc100NotSent string

var r100NotSent = &statute.Rule{
	ID:    "100-not-sent",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "10.1.1"), statute.RFC(9110, "15.2.1")},
	On:    []int{2},
	Needs: statute.SeenCause | statute.SeenControl | statute.SeenRequestFields | statute.SeenInterim | statute.SeenWire,
	Once:  true,
	Doc:   doc100NotSent,
	Compare: func(p *statute.Pass) {
		if p.Case.Cause != statute.Expected || p.Took < continueWait || p.Case.Control.Took > continueWait/2 ||
			slices.ContainsFunc(p.Interim, func(r statute.Response) bool { return r.Status == 100 }) {
			return
		}
		byControl(p, statute.Fault{
			Message:  "neither 100 nor a final answer within a second, although the request waits for one",
			Expected: "100, or a final answer at once",
		})
	},
}

// continueWait is after what time content is sent that nobody has asked for:
// what clients in wide use wait.
const continueWait = time.Second
