package rules

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed preflight_refused.txtar
var docPreflightRefused string

var rPreflightRefused = &statute.Rule{
	ID:    "preflight-refused",
	Level: statute.Should,
	Cite:  []statute.Section{{Doc: "Fetch", Number: "cors-preflight-fetch"}},
	On:    []int{3, 4, 5},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Over:  []string{"401-without-challenge", "405-without-allow", "405-lists-the-method", "redirect-for-authentication"},
	Doc:   docPreflightRefused,
	Check: func(p *statute.Pass) {
		origin, ok := p.Request.Fields.Lookup("Origin")
		if !ok || !isPreflight(&p.Request) || passing(p.Response.Status) || p.Case != nil && p.Case.Cause.Wrong() {
			return
		}
		fault := statute.Fault{
			Message:  strconv.Itoa(p.Response.Status) + " to a CORS preflight",
			Expected: "204",
		}
		if p.Response.Status == 403 && isForeign(origin, &p.Request) && !hasCORS(p.Response.Fields) {
			if p.Case != nil { // the checker made the origin up: nobody need let it in
				return
			}
			fault.Level, fault.Confidence = statute.Advice, statute.Likely
			fault.Message = "403 to a CORS preflight, perhaps to refuse the origin on purpose"
		}
		p.Report(fault)
	},
}

// passing reports whether a code says nothing of how a resource answers
// preflights: the server, or one behind it, is too busy or not there.
func passing(status int) bool {
	return status == 429 || status == 502 || status == 503 || status == 504
}

// isForeign reports whether an origin is another one than the server's own.
func isForeign(origin string, r *statute.Request) bool {
	_, authority, _ := strings.Cut(origin, "://")
	return !strings.EqualFold(authority, r.Authority)
}

// hasCORS reports whether there is any field by which a server takes part in
// CORS.
func hasCORS(fields statute.Fields) bool {
	for i := range fields {
		if hasPrefixFold(fields[i].Name, "Access-Control-Allow-") {
			return true
		}
	}
	return false
}
