package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 403_for_missing_credentials.txtar
var doc403ForMissingCredentials string

var r403ForMissingCredentials = &statute.Rule{
	ID:    "403-for-missing-credentials",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.2"), statute.RFC(9110, "11.4")},
	On:    []int{3, 4},
	Needs: statute.SeenCause | statute.SeenControl | statute.SeenRequestFields | statute.SeenFields,
	Over:  []string{"403-for-authentication", "body-contradicts-code"},
	Doc:   doc403ForMissingCredentials,
	Compare: func(p *statute.Pass) {
		if !unproved(p.Case.Cause) || p.Case.In == "tls" || !succeeded(p) { // no challenge asks for a certificate
			return
		}
		f := statute.Fault{Message: answered(p), Expected: "401"}
		switch code := p.Response.Status; {
		case code == 403, code == 422:
		case code == 400:
			if p.Case.Cause.IsRight(code) || p.Case.Cause == statute.FalseCredentials && p.Response.Fields.Has("WWW-Authenticate") {
				return // malformed credentials: RFC 6750, 3.1
			}
		case code == 404:
			f.Level = statute.Advice
		case p.Response.Class() == 3:
			if code == 304 || wishOf(p.Request.Fields).html {
				return
			}
		default:
			return
		}
		byControl(p, f)
	},
}
