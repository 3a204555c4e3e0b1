package rules

import (
	_ "embed"
	"strconv"
	"time"

	"github.com/statute-http/statute"
)

//go:embed retry_after_implausible.txtar
var docRetryAfterImplausible string

var rRetryAfterImplausible = &statute.Rule{
	ID:    "retry-after-implausible",
	Level: statute.Advice,
	Cite:  []statute.Section{statute.RFC(9110, "10.2.3"), {Doc: "draft-ietf-httpapi-ratelimit-headers", Number: "6"}},
	Needs: statute.SeenFields,
	Doc:   docRetryAfterImplausible,
	Check: func(p *statute.Pass) {
		value, found := p.Response.Fields.Lookup("Retry-After")
		if !found {
			return
		}
		fault := statute.Fault{Expected: "Retry-After: 30"}
		wait, ok := parseDigits(value)
		if !ok {
			now := answeredAt(p.Exchange)
			date, ok := parseHTTPDate(value)
			if !ok || now.IsZero() {
				return
			}
			wait = int64(date.Sub(now) / time.Second)
		}
		switch {
		case wait < -clockSkew:
			fault.Message = "Retry-After is a date in the past"
		case wait > longestWait:
			fault.Message = "Retry-After is more than seven days: " + strconv.Quote(value)
		case beyondReset(p.Exchange, wait):
			fault.Message = "Retry-After is far beyond the reset of the quota beside it: " + strconv.Quote(value)
		default:
			return
		}
		p.Report(fault)
	},
}

const (
	clockSkew   = 60            // seconds by which two clocks may differ
	longestWait = 7 * 24 * 3600 // seconds that a client may sensibly be told to wait
)

// beyondReset reports whether the fields of a response tell when a quota is
// renewed, and each meaning that they may have is that it is long before the
// wait is over. A wait that ends earlier is none of that: quota may come back
// bit by bit.
func beyondReset(x *statute.Exchange, wait int64) bool {
	told, beyond := false, true
	eachReset(x, func(seconds int64) {
		if seconds >= 0 {
			told = true
			beyond = beyond && wait/10 > seconds && wait-seconds > clockSkew
		}
	})
	return told && beyond
}
