package rules

import (
	"bytes"
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 403_for_authentication.txtar
var doc403ForAuthentication string

var r403ForAuthentication = &statute.Rule{
	ID:    "403-for-authentication",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.2"), statute.RFC(9110, "11.4")},
	On:    []int{403},
	Needs: statute.SeenRequestFields | statute.SeenFields | statute.SeenBody,
	Doc:   doc403ForAuthentication,
	Check: func(p *statute.Pass) {
		sent := hasCredentials(&p.Request)
		switch {
		case isPreflight(&p.Request), p.Declared.Names(403) && !p.Declared.Names(401), hasPublic403(&p.Response):
			return
		case p.Case != nil && p.Case.Principal.Genuine() && sent: // they are good, so it is a matter of rights
			return
		}
		challenged, scope := false, false
		for challenge := range p.Response.Fields.Values("WWW-Authenticate") {
			challenged = true
			scope = scope || strings.Contains(challenge, "insufficient_scope")
		}
		words := wordsOf403(&p.Response, sent)
		fault := statute.Fault{Expected: "401"}
		switch {
		case scope:
			return
		case words == saysNoLogin:
			fault.Message = "403 whose content says that authentication is what lacks"
			fault.Confidence = statute.Likely
		case challenged && !sent:
			fault.Message = "403 with a challenge to a request without credentials"
		case words == saysRefused && refusesNobody(p, sent):
			fault.Message = "403 to a request without credentials"
			fault.Level, fault.Confidence = statute.Advice, statute.Likely
		default:
			return
		}
		p.Report(fault)
	},
}

func isPreflight(r *statute.Request) bool {
	return r.Method == "OPTIONS" && r.Fields.Has("Access-Control-Request-Method")
}

// hasPublic403 reports whether a published protocol says that it is 403 all the
// same: ACME (RFC 8555, 6.7), S3 and the gateways of AWS.
func hasPublic403(r *statute.Response) bool {
	return bytes.Contains(r.Body.Bytes, []byte("urn:ietf:params:acme:error:")) ||
		r.Fields.Has("x-amz-request-id") || r.Fields.Has("x-amzn-errortype") || isXMLError(r.Body.Bytes)
}

// wordsOf403 returns saysNoLogin if some text says that authentication is what
// lacks, saysRefused if none says more than that it is refused or that a right
// lacks, saysElse otherwise.
func wordsOf403(r *statute.Response, sent bool) saying {
	words := saysRefused
	eachText(r, func(text []byte) bool {
		switch says := saidBy(text); {
		case sent && isPhrase(text, []string{"unauthorized"}): // of a user whom it knows
		case says == saysNoLogin, says == saysBadToken:
			words = saysNoLogin
			return false
		case says == saysNoRight, bytes.IndexByte(bytes.TrimSpace(text), ' ') < 0, isPhrase(text, plainRefusals),
			holdsPhrase(text, []string{"not authorized", "unauthorized to"}):
		default:
			words = saysElse
		}
		return true
	})
	return words
}

var plainRefusals = []string{
	"access denied", "access is denied", "access forbidden", "access to the resource is forbidden", "403 forbidden", "http 403 forbidden",
	"forbidden resource", "forbidden access", "request forbidden", "the request is forbidden",
}

// refusesNobody reports whether a 403 that says nothing went to a request that
// lacks good credentials, from an API: a web server's own 403 is mostly for a
// file or directory that nobody may read.
func refusesNobody(p *statute.Pass, sent bool) bool {
	if c := p.Case; c != nil {
		return c.Principal == statute.Nobody || c.Principal == statute.False
	}
	if sent || isHTML(&p.Response) {
		return false
	}
	path := p.Request.Path()
	file := strings.HasSuffix(path, "/") || strings.Contains(path[strings.LastIndexByte(path, '/')+1:], ".")
	return !file || parseJSON(p.Response.Body.Bytes).kind() == jsonObject
}
