package rules

import "time"

// parseHTTPDate parses an HTTP-date in any of its three forms (RFC 9110,
// 5.6.7): IMF-fixdate and the obsolete ones of RFC 850 and of asctime.
func parseHTTPDate(s string) (time.Time, bool) {
	if len(s) < 4 || '0' <= s[0] && s[0] <= '9' { // all forms begin with the name of a day
		return time.Time{}, false
	}
	layout := "Monday, 02-Jan-06 15:04:05 GMT"
	switch s[3] {
	case ',':
		layout = "Mon, 02 Jan 2006 15:04:05 GMT"
	case ' ':
		layout = time.ANSIC
	}
	t, err := time.Parse(layout, s)
	return t, err == nil
}
