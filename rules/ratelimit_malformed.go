package rules

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed ratelimit_malformed.txtar
var docRatelimitMalformed string

var rRatelimitMalformed = &statute.Rule{
	ID:    "ratelimit-malformed",
	Level: statute.Should,
	Cite:  []statute.Section{{Doc: "draft-ietf-httpapi-ratelimit-headers", Number: "4.1"}, {Doc: "draft-ietf-httpapi-ratelimit-headers", Number: "3.1"}},
	Needs: statute.SeenFields,
	Doc:   docRatelimitMalformed,
	Check: func(p *statute.Pass) {
		for _, field := range [...]struct{ name, param string }{{"RateLimit", "r"}, {"RateLimit-Policy", "q"}} {
			for member := range p.Response.Fields.List(field.name) {
				if isQuota(member, field.param) {
					continue
				}
				fault := statute.Fault{
					Message:  field.name + " is no list of names with " + field.param + ": " + strconv.Quote(member),
					Expected: field.name + `: "burst";` + field.param + "=100",
				}
				if isOldQuota(member) {
					fault.Message, fault.Level = field.name+" in an older form", statute.Advice
				}
				p.Report(fault)
				return
			}
		}
		if f := p.Response.Fields; f.Has("RateLimit-Limit") && f.Has("RateLimit-Remaining") && !f.Has("RateLimit") {
			p.Report(statute.Fault{
				Message:  "rate limit in the older three fields",
				Expected: `RateLimit: "burst";r=100`,
				Level:    statute.Advice,
			})
		}
	},
}

// isQuota reports whether a member is an item with a whole number in that
// parameter: "burst";r=50;t=30. Names were tokens once, and may be.
func isQuota(member, param string) bool {
	item, ok := parseStructuredItem(member)
	if !ok || item.bare[0] != '"' && !isLetter(item.bare[0]) && item.bare[0] != '*' {
		return false
	}
	value, _ := item.param(param)
	_, ok = parseDigits(value)
	return ok
}

// isOldQuota reports whether a member has the form of an older draft: limit=100
// in RateLimit, 100;w=60 in RateLimit-Policy.
func isOldQuota(member string) bool {
	if item, ok := parseStructuredItem(member); ok {
		_, number := parseDigits(item.bare)
		return number
	}
	name, value, _ := strings.Cut(member, "=")
	_, number := parseDigits(value)
	return number && (name == "limit" || name == "remaining" || name == "reset")
}
