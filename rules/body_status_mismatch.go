package rules

import (
	_ "embed"
	"fmt"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed body_status_mismatch.txtar
var docBodyStatusMismatch string

var rBodyStatusMismatch = &statute.Rule{
	ID:    "body-status-mismatch",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15")},
	On:    []int{4, 5},
	Needs: statute.SeenFields | statute.SeenBody,
	Doc:   docBodyStatusMismatch,
	Check: func(p *statute.Pass) {
		if isProblem(&p.Response) {
			return
		}
		var (
			other  int
			name   value
			agrees bool
		)
		parseJSON(p.Response.Body.Bytes).each(func(key, val value) bool {
			if n, ok := val.int(); ok && key.isAny(statusNames) {
				agrees = n == p.Response.Status
				if _, registered := statute.LookupCode(n); registered && n >= 400 && other == 0 {
					other, name = n, key
				}
			}
			return !agrees
		})
		if agrees || other == 0 {
			return
		}
		fault := statute.Fault{
			Message:  fmt.Sprintf("error whose content names another code: %q is %d under %d", name.text(), other, p.Response.Status),
			Expected: strconv.Itoa(other),
		}
		if name.is("code") {
			fault.Confidence = statute.Likely // it may be of the API's own numbering
		}
		p.Report(fault)
	},
}

// statusNames are the names of members that repeat the code of the response.
var statusNames = []string{"status", "statusCode", "status_code", "code", "httpStatus", "http_status", "httpCode", "http_code", "httpStatusCode"}
