package rules

import (
	"time"

	"github.com/statute-http/statute"
)

// answeredAt returns when the response was made: its Date, or else when the
// request was sent; zero if neither is known.
func answeredAt(x *statute.Exchange) time.Time {
	if date, ok := parseHTTPDate(x.Response.Fields.Get("Date")); ok {
		return date
	}
	return x.Start
}
