package rules

import (
	_ "embed"
	"strings"
	"time"

	"github.com/statute-http/statute"
)

//go:embed 4xx_5xx_cacheable.txtar
var doc4xx5xxCacheable string

var r4xx5xxCacheable = &statute.Rule{
	ID:    "4xx-5xx-cacheable",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9111, "3"), statute.RFC(6585, "3"), statute.RFC(6585, "4"), statute.RFC(6585, "5"), statute.RFC(6585, "6")},
	On:    []int{401, 403, 428, 429, 431, 5},
	Needs: statute.SeenFields,
	Doc:   doc4xx5xxCacheable,
	Check: func(p *statute.Pass) {
		status := p.Response.Status
		if status == 501 { // cacheable by its definition (RFC 9110, 15.1)
			return
		}
		f := freshnessOf(p.Exchange)
		fault := statute.Fault{Expected: "Cache-Control: no-store"}
		switch {
		case f.forbidden, f.told && f.seconds == 0:
			return
		case status == 401 || status == 403:
			if !f.public {
				return
			}
			fault.Message = "401 or 403 with Cache-Control: public"
		case status/100 == 4:
			if !f.public && f.seconds == 0 {
				return
			}
			fault.Message = "428, 429 or 431 that caches may keep"
		case f.told && f.seconds <= fewSeconds:
			fault.Message, fault.Level = "5xx that caches may keep for a few seconds", statute.Advice
		case f.public || f.told:
			fault.Message = "5xx that caches may keep"
		default:
			return
		}
		p.Report(fault)
	},
}

// fewSeconds is how long a 5xx may be kept without much harm: it shields a
// server that is down.
const fewSeconds = 10

// freshness is what a response tells caches of its storing.
type freshness struct {
	public    bool  // Cache-Control: public
	forbidden bool  // no-store or no-cache: it may not be used without asking
	told      bool  // seconds is known
	seconds   int64 // the longest time for which some cache may use it, not below 0
}

// freshnessOf returns what the response of an exchange tells caches (RFC 9111,
// 4.2.1): max-age and s-maxage, else Expires.
func freshnessOf(x *statute.Exchange) freshness {
	var f freshness
	for directive := range x.Response.Fields.List("Cache-Control") {
		name, value, _ := strings.Cut(directive, "=")
		switch {
		case strings.EqualFold(name, "public"):
			f.public = true
		case strings.EqualFold(name, "no-store"), strings.EqualFold(name, "no-cache") && value == "":
			f.forbidden = true
		case strings.EqualFold(name, "max-age"), strings.EqualFold(name, "s-maxage"):
			if seconds, ok := parseDigits(strings.Trim(value, `"`)); ok {
				f.told, f.seconds = true, max(f.seconds, seconds)
			}
		}
	}
	if f.told {
		return f
	}
	expires, ok := parseHTTPDate(x.Response.Fields.Get("Expires"))
	now := answeredAt(x)
	if ok && !now.IsZero() {
		f.told, f.seconds = true, max(0, int64(expires.Sub(now)/time.Second))
	}
	return f
}
