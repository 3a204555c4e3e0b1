package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed ratelimit_disagrees.txtar
var docRatelimitDisagrees string

var rRatelimitDisagrees = &statute.Rule{
	ID:    "ratelimit-disagrees",
	Level: statute.Advice,
	Cite:  []statute.Section{{Doc: "draft-ietf-httpapi-ratelimit-headers", Number: "6"}},
	On:    []int{429},
	Needs: statute.SeenFields,
	Doc:   docRatelimitDisagrees,
	Check: func(p *statute.Pass) {
		if quotaRemains(p.Response.Fields) {
			p.Report(statute.Fault{
				Message:  "429 while the fields say that quota remains",
				Expected: "the quota that is spent",
			})
		}
	},
}

// quotaRemains reports whether the fields of a response tell of quotas and all
// of them have something left. It is false where some quota may not be told:
// policies without a state, or a field for another resource.
func quotaRemains(fields statute.Fields) bool {
	told, policies := 0, 0
	for range fields.List("RateLimit-Policy") {
		policies++
	}
	for member := range fields.List("RateLimit") {
		item, _ := parseStructuredItem(member)
		value, _ := item.param("r")
		if _, costs := item.param("qu"); costs || !isPositive(value) {
			return false
		}
		told++
	}
	if told < policies {
		return false
	}
	for i := range fields {
		switch {
		case isAnyFold(fields[i].Name, remainingFields[:]...):
			if !isPositive(fields[i].Value) {
				return false
			}
			told++
		case nameHolds(fields[i].Name, "remaining"):
			return false
		}
	}
	return told > 0
}

// isPositive reports whether a value is a whole number above 0.
func isPositive(value string) bool {
	n, ok := parseDigits(value)
	return ok && n > 0
}
