package rules

import (
	_ "embed"
	"strconv"
	"time"

	"github.com/statute-http/statute"
)

//go:embed retry_after_untrue.txtar
var docRetryAfterUntrue string

var rRetryAfterUntrue = &statute.Rule{
	ID:    "retry-after-untrue",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "10.2.3"), statute.RFC(6585, "4")},
	On:    []int{429, 503},
	Needs: statute.SeenCause | statute.SeenRequestFields | statute.SeenFields,
	Doc:   docRetryAfterUntrue,
	Compare: func(p *statute.Pass) {
		if p.Case.Cause != statute.AfterWait {
			return
		}
		past := p.Past(p.Request.Path())
		if len(past) == 0 {
			return
		}
		refused := past[len(past)-1]
		if refused.Response.Status != p.Response.Status || !sameTarget(refused, p.Exchange) || !sameSender(refused, p.Exchange) {
			return
		}
		until, ok := toldToWait(refused)
		if !ok || p.Start.IsZero() || p.Start.Before(until) {
			return
		}
		p.Report(statute.Fault{
			Message:  strconv.Itoa(p.Response.Status) + " again after the wait that Retry-After told",
			Expected: "the answer, or a Retry-After that is long enough",
			Before:   []*statute.Exchange{refused},
		})
	},
}

// toldToWait returns the time until which a Retry-After tells to wait, by the
// clock that timed the exchange, and whether it tells that.
func toldToWait(x *statute.Exchange) (time.Time, bool) {
	value, ok := x.Response.Fields.Lookup("Retry-After")
	if !ok || x.Start.IsZero() {
		return time.Time{}, false
	}
	came := x.Start.Add(x.Took)
	if seconds, ok := parseDigits(value); ok && seconds < 1<<31 {
		return came.Add(time.Duration(seconds) * time.Second), true
	}
	until, ok := parseHTTPDate(value)
	if said, known := parseHTTPDate(x.Response.Fields.Get("Date")); ok && known { // the server's clock may differ
		until = came.Add(until.Sub(said))
	}
	return until, ok
}
