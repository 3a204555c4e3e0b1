package rules

import (
	"strings"
	"time"

	"github.com/statute-http/statute"
)

// The fields of private or older spellings that tell what is left of a quota,
// and when it is renewed.
var (
	remainingFields = [...]string{"RateLimit-Remaining", "X-RateLimit-Remaining", "X-Rate-Limit-Remaining"}
	resetFields     = [...]string{"RateLimit-Reset", "X-RateLimit-Reset", "X-Rate-Limit-Reset"}
)

// From these numbers on a reset is a time, counted from 1970.
const (
	unixSeconds = 1e9
	unixMillis  = 1e12
)

// eachReset calls f with each time after which, by the fields of a response, a
// quota is renewed, as seconds from the response on. The private fields have no
// agreed meaning: a number may be a wait or, if it is large, a time. What may be
// a wait in milliseconds is taken for one in seconds, the longest it can be.
func eachReset(x *statute.Exchange, f func(seconds int64)) {
	for member := range x.Response.Fields.List("RateLimit") {
		item, _ := parseStructuredItem(member)
		if t, ok := item.param("t"); ok {
			if seconds, ok := parseDigits(t); ok {
				f(seconds)
			}
		}
	}
	for _, name := range resetFields {
		value, _ := x.Response.Fields.Lookup(name)
		whole, _, _ := strings.Cut(value, ".")
		n, ok := parseDigits(whole)
		now := answeredAt(x)
		switch {
		case !ok, n >= unixSeconds && now.IsZero():
		case n >= unixMillis:
			f(int64(time.UnixMilli(n).Sub(now) / time.Second))
		case n >= unixSeconds:
			f(n - now.Unix())
		default:
			f(n)
		}
	}
}
