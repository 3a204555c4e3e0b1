package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 429_without_retry_after.txtar
var doc429WithoutRetryAfter string

var r429WithoutRetryAfter = &statute.Rule{
	ID:    "429-without-retry-after",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(6585, "4"), statute.RFC(9110, "10.2.3")},
	On:    []int{429},
	Needs: statute.SeenFields,
	Doc:   doc429WithoutRetryAfter,
	Check: func(p *statute.Pass) {
		if p.Response.Fields.Has("Retry-After") {
			return
		}
		fault := statute.Fault{
			Message:  "429 without Retry-After",
			Expected: "Retry-After",
		}
		for member := range p.Response.Fields.List("RateLimit") {
			if tellsReset(member) {
				fault.Level = statute.Advice
				fault.Message = "429 that tells the wait in RateLimit only, without Retry-After"
			}
		}
		p.Report(fault)
	},
}

// tellsReset reports whether a member of a RateLimit field is valid and says
// when quota comes back: "burst";r=0;t=30.
func tellsReset(member string) bool {
	rest, quoted := strings.CutPrefix(member, `"`)
	_, params, closed := strings.Cut(rest, `"`)
	remaining, reset := false, false
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimLeft(param, " "), "=")
		_, number := parseDigits(value)
		switch name {
		case "r":
			remaining = number
		case "t":
			reset = number
		}
	}
	return quoted && closed && remaining && reset
}
