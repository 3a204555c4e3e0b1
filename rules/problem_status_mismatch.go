package rules

import (
	_ "embed"
	"fmt"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed problem_status_mismatch.txtar
var docProblemStatusMismatch string

var rProblemStatusMismatch = &statute.Rule{
	ID:    "problem-status-mismatch",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9457, "3.1.2")},
	On:    []int{2, 3, 4, 5},
	Needs: statute.SeenFields | statute.SeenBody,
	Over:  []string{"2xx-with-problem", "200-with-error-body", "body-contradicts-code"},
	Doc:   docProblemStatusMismatch,
	Check: func(p *statute.Pass) {
		if !isProblem(&p.Response) {
			return
		}
		status := parseJSON(p.Response.Body.Bytes).get("status")
		if n, ok := status.int(); ok && status.kind() == jsonNumber && n != p.Response.Status {
			p.Report(statute.Fault{
				Message:  fmt.Sprintf("problem details with status %d under another code (%d)", n, p.Response.Status),
				Expected: strconv.Itoa(n),
			})
		}
	},
}
