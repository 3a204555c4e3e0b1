package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed redirect_for_authentication.txtar
var docRedirectForAuthentication string

var rRedirectForAuthentication = &statute.Rule{
	ID:    "redirect-for-authentication",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.2"), statute.RFC(9110, "11.4")},
	On:    []int{301, 302, 303, 307, 308},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Over:  []string{"redirect-loses-method", "403-for-missing-credentials"},
	Doc:   docRedirectForAuthentication,
	Check: func(p *statute.Pass) {
		location, _ := p.Response.Fields.Lookup("Location")
		if isForProgram(&p.Request) && leadsToLogin(location) && !leadsToLogin(p.Request.Target) {
			p.Report(statute.Fault{
				Message:  "API request sent to a log-in page",
				Expected: "401",
			})
		}
	},
}

// isForProgram reports whether a program made the request, not a person who
// could log in: JSON asked for and no HTML, Authorization, or XMLHttpRequest.
func isForProgram(r *statute.Request) bool {
	wish := wishOf(r.Fields)
	return wish.json && !wish.html || r.Fields.Has("Authorization") ||
		strings.EqualFold(r.Fields.Get("X-Requested-With"), "XMLHttpRequest")
}

// leadsToLogin reports whether a URI reference is by its name that of a log-in
// page, or of an endpoint of OAuth, OpenID Connect or SAML where log-ins begin.
func leadsToLogin(reference string) bool {
	path, query, _ := strings.Cut(reference, "?")
	if _, after, ok := strings.Cut(path, "://"); ok {
		host, rest, _ := strings.Cut(after, "/")
		label, _, _ := strings.Cut(host, ".")
		if isAnyFold(label, "login", "signin", "sso", "idp") {
			return true
		}
		path = rest
	}
	for segment := range strings.SplitSeq(path, "/") {
		name, _, _ := strings.Cut(segment, ".") // login.html
		if isAnyFold(name, "login", "log-in", "log_in", "logon", "signin", "sign-in", "sign_in", "sso", "saml", "saml2", "authorize") {
			return true
		}
	}
	return hasSuffixFold(path, "/oauth2/start") || hasSuffixFold(path, "/session/new") || hasSuffixFold(path, "/sessions/new") ||
		nameHolds(query, "response_type=") && nameHolds(query, "client_id=") || nameHolds(query, "SAMLRequest=")
}
