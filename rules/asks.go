package rules

import (
	"strings"

	"github.com/statute-http/statute"
)

// wish is what an Accept field asks for, with a weight above 0.
type wish struct {
	json     bool // some JSON type by name
	html     bool // HTML by name, or text/*
	anything bool // */*
}

// wishOf returns what a request asks for in its Accept field.
func wishOf(fields statute.Fields) wish {
	var w wish
	for member := range fields.List("Accept") {
		name, parameters, _ := strings.Cut(member, ";")
		name = strings.TrimSpace(name)
		switch {
		case refuses(parameters):
		case strings.EqualFold(name, "application/json"), strings.EqualFold(name, "text/json"), hasSuffixFold(name, "+json"):
			w.json = true
		case strings.EqualFold(name, "text/html"), strings.EqualFold(name, "application/xhtml+xml"), strings.EqualFold(name, "text/*"):
			w.html = true
		case name == "*/*":
			w.anything = true
		}
	}
	return w
}

// refuses reports whether the parameters hold a weight of 0.
func refuses(parameters string) bool {
	for p := range strings.SplitSeq(parameters, ";") {
		p = strings.TrimSpace(p)
		if len(p) > 2 && (p[0] == 'q' || p[0] == 'Q') && p[1] == '=' {
			return strings.Trim(p[2:], "0.") == ""
		}
	}
	return false
}

// hasCredentials reports whether a request carries credentials, or what may be
// some: Authorization, a cookie, a field or query parameter named for a key or
// a token.
func hasCredentials(r *statute.Request) bool {
	for _, f := range r.Fields {
		if strings.EqualFold(f.Name, "Authorization") || strings.EqualFold(f.Name, "Cookie") || namesSecret(f.Name) {
			return true
		}
	}
	for parameter := range strings.SplitSeq(r.Query(), "&") {
		name, _, _ := strings.Cut(parameter, "=")
		if name != "" && (namesSecret(name) || strings.EqualFold(name, "key") || strings.EqualFold(name, "sig")) {
			return true
		}
	}
	return false
}

// namesSecret reports whether a field or parameter is named for a credential:
// X-API-Key, access_token, but not X-CSRF-Token or Idempotency-Key.
func namesSecret(name string) bool {
	if nameHolds(name, "csrf") || nameHolds(name, "xsrf") || nameHolds(name, "idempotency") || nameHolds(name, "sec-websocket") {
		return false
	}
	return nameHolds(name, "apikey") || nameHolds(name, "token") || nameHolds(name, "auth") ||
		nameHolds(name, "secret") || nameHolds(name, "password") || nameHolds(name, "signature") ||
		hasSuffixFold(name, "-key") || hasSuffixFold(name, "_key")
}

// nameHolds reports whether a name holds a part, in any case.
func nameHolds(name, part string) bool {
	for i := range max(0, len(name)-len(part)+1) {
		if strings.EqualFold(name[i:i+len(part)], part) {
			return true
		}
	}
	return false
}
