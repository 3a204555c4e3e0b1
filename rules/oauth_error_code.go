package rules

import (
	"bytes"
	_ "embed"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed oauth_error_code.txtar
var docOauthErrorCode string

var rOauthErrorCode = &statute.Rule{
	ID:    "oauth-error-code",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(6749, "5.2")},
	On:    []int{2, 4},
	Needs: statute.SeenRequestFields | statute.SeenRequestBody | statute.SeenBody,
	Over: []string{
		"403-for-authentication", "401-for-permission", "200-with-error-body", "401-without-challenge",
		"body-contradicts-code",
	},
	Doc: docOauthErrorCode,
	Check: func(p *statute.Pass) {
		status := p.Response.Status
		if p.Request.Method != "POST" || !asksToken(&p.Request) || notOAuth(status) {
			return
		}
		name := parseJSON(p.Response.Body.Bytes).get("error")
		if !name.isAny(tokenErrors) {
			return
		}
		fault := statute.Fault{Expected: "400", Level: statute.Should}
		switch {
		case name.is("invalid_client") && p.Request.Fields.Has("Authorization"):
			if status == 401 {
				return
			}
			fault.Expected, fault.Level = "401", statute.Must
		case status == 400:
			return
		case name.is("invalid_client"):
			if status == 401 {
				return
			}
			fault.Expected = "400 or 401"
		}
		fault.Message = strconv.Itoa(status) + " for " + name.text() + " at a token endpoint"
		p.Report(fault)
	},
}

// tokenErrors are the errors of a token endpoint: those of RFC 6749, 5.2, and
// those that other grants add in its form (RFC 8628, 3.5; RFC 8707, 2; RFC 9449,
// 5 and 8).
var tokenErrors = []string{
	"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
	"authorization_pending", "slow_down", "access_denied", "expired_token", "invalid_target", "invalid_dpop_proof", "use_dpop_nonce",
}

// asksToken reports whether the content of a request asks a token endpoint for
// a token: it has a grant_type, in a form or in JSON.
func asksToken(r *statute.Request) bool {
	switch r.MediaType() {
	case "application/x-www-form-urlencoded":
		for content := r.Body.Bytes; len(content) > 0; {
			var parameter []byte
			parameter, content, _ = bytes.Cut(content, []byte("&"))
			if bytes.HasPrefix(parameter, []byte("grant_type=")) {
				return true
			}
		}
	case "application/json":
		return parseJSON(r.Body.Bytes).get("grant_type").kind() == jsonString
	}
	return false
}

// notOAuth reports whether a code is about the message or the connection, before
// OAuth comes into it: size, media type, rate and their like.
func notOAuth(status int) bool {
	switch status {
	case 404, 405, 406, 407, 408, 411, 413, 414, 415, 417, 421, 425, 426, 428, 429, 431, 451:
		return true
	}
	return false
}
