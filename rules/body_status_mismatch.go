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
	Over:  []string{"body-contradicts-code"},
	Doc:   docBodyStatusMismatch,
	Check: func(p *statute.Pass) {
		if isProblem(&p.Response) {
			return
		}
		name, other := otherStatus(parseJSON(p.Response.Body.Bytes), p.Response.Status)
		if other == 0 {
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

// otherStatus returns the first member at the top level that names another error
// code than the response has; 0 if there is none, or if one names that.
func otherStatus(content value, status int) (name value, other int) {
	agrees := false
	content.each(func(key, val value) bool {
		if n, ok := val.int(); ok && key.isAny(statusNames) {
			agrees = n == status
			if _, registered := statute.LookupCode(n); registered && n >= 400 && other == 0 {
				name, other = key, n
			}
		}
		return !agrees
	})
	if agrees {
		return value{}, 0
	}
	return name, other
}
