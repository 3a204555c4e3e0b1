package client

import (
	"math"
	"net/http"
	"strings"
	"time"
)

// RetryAfter returns how long Retry-After asks to wait, and whether it is there
// and well-formed: whole seconds or an HTTP-date in any of its forms (RFC 9110,
// 10.2.3 and 5.6.7). A date is compared with the response's own Date, so that the
// clocks of client and server need not agree; without one, with now.
func RetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	value := strings.Trim(h.Get("Retry-After"), " \t")
	if seconds, ok := parseSeconds(value); ok {
		return seconds, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return max(0, at.Sub(now)), true
}

// parseSeconds parses a number of seconds; a very large one is the longest time
// there is.
//
//	delay-seconds = 1*DIGIT
func parseSeconds(s string) (time.Duration, bool) {
	if s == "" {
		return 0, false
	}
	var n time.Duration
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = min(10*n+time.Duration(c-'0'), math.MaxInt64/10/time.Second)
	}
	return n * time.Second, true
}
