package rules

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"unicode/utf8"

	"github.com/statute-http/statute"
)

//go:embed 500_for_client_error.txtar
var doc500ForClientError string

var r500ForClientError = &statute.Rule{
	ID:    "500-for-client-error",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5"), statute.RFC(9110, "15.6.1")},
	On:    []int{5},
	Over:  []string{"500-for-valid-request"},
	Doc:   doc500ForClientError,
	Check: func(p *statute.Pass) {
		switch p.Response.Status {
		case 501, 502, 503, 504, 505, 507, 508, 511: // these name a cause of their own
			return
		}
		switch {
		case sendsBrokenJSON(p):
			p.Report(statute.Fault{
				Message:  "5xx to content that is not the JSON it claims to be",
				Expected: "400",
			})
		case isBrokenTarget(p.Request.Target):
			p.Report(statute.Fault{
				Message:  "5xx to a target with broken percent-encoding or invalid UTF-8",
				Expected: "400",
			})
		case p.Seen.Has(statute.SeenFields | statute.SeenBody):
			if says := blamesClient(p); says != saysNothing && dueForFault(p.Response.Body.Bytes) == "" {
				p.Report(statute.Fault{
					Message:    "5xx whose content says that the request was at fault",
					Expected:   says.expected(),
					Confidence: statute.Likely,
				})
			}
		}
	},
}

// sendsBrokenJSON reports whether the request has content of a JSON type that
// is not JSON, and was recorded whole.
func sendsBrokenJSON(p *statute.Pass) bool {
	body := p.Request.Body
	if !p.Seen.Has(statute.SeenRequestFields|statute.SeenRequestBody) || body.Cut || len(body.Bytes) == 0 ||
		!statute.IsJSON(p.Request.MediaType()) || p.Request.Fields.Has("Content-Encoding") {
		return false
	}
	content := bytes.TrimPrefix(body.Bytes, []byte("\xef\xbb\xbf"))
	return !json.Valid(content) || !utf8.Valid(content)
}

// isBrokenTarget reports whether a request target has a percent sign without
// two hexadecimal digits after it, or is not UTF-8 once it is decoded.
func isBrokenTarget(target string) bool {
	decoded := make([]byte, 0, 128)
	for i := 0; i < len(target); i++ {
		c := target[i]
		if c == '%' {
			if i+2 >= len(target) || hexDigit(target[i+1]) < 0 || hexDigit(target[i+2]) < 0 {
				return true
			}
			c = byte(hexDigit(target[i+1])<<4 | hexDigit(target[i+2]))
			i += 2
		}
		decoded = append(decoded, c)
	}
	return !utf8.Valid(decoded)
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= lower(c) && lower(c) <= 'f':
		return int(lower(c)-'a') + 10
	}
	return -1
}

// blamesClient returns what the content says was wrong if that is the
// request's fault, or saysNothing.
func blamesClient(p *statute.Pass) saying {
	blame := saysNothing
	if n, ok := parseJSON(p.Response.Body.Bytes).get("error").get("code").int(); ok && answersRPC(p) {
		switch n {
		case -32700, -32600, -32601, -32602: // the request does not parse, is none, no such method, wrong parameters
			return saysInvalid
		}
	}
	eachText(&p.Response, func(text []byte) bool {
		says := saidBy(text)
		switch says {
		case saysMissing:
			if holdsPhrase(text, ownThings) {
				says = saysNothing
			}
		case saysUnparsed: // else it was another's answer that did not parse
			if p.Request.Body.Empty() && !p.Request.Fields.Has("Content-Length") && !p.Request.Fields.Has("Transfer-Encoding") {
				says = saysNothing
			}
		case saysBadToken: // else it was the server's own
			if !hasCredentials(&p.Request) {
				says = saysNothing
			}
		case saysTaken, saysInvalid:
		default:
			says = saysNothing
		}
		if says != saysNothing && !holdsPhrase(text, ownFaults) {
			blame = says
		}
		return blame == saysNothing
	})
	return blame
}

var (
	// ownFaults are words that make a fault the server's own, or its upstream's.
	ownFaults = []string{
		"upstream", "backend", "econnrefused", "enotfound", "getaddrinfo", "connection", "timeout", "timed out", "proxy", "gateway",
		"config", "configuration", "configured", "environment", "env", "undefined", "null pointer", "nullpointerexception", "smtp",
		"certificate", "remote", "disk", "memory", "third party", "unavailable",
	}
	// ownThings are what a server misses that no request named.
	ownThings = []string{
		"file", "directory", "host", "table", "column", "relation", "database", "schema", "template", "view", "class", "module",
		"method", "function", "property", "attribute", "bean", "driver", "command", "library", "plugin", "provider", "secret", "dns", "key", "service", "server", "container",
	}
)
