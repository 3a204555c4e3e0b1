package rules

import (
	"testing"
	"time"
)

func TestParseHTTPDate(t *testing.T) {
	want := time.Date(1994, time.November, 6, 8, 49, 37, 0, time.UTC)
	for _, s := range []string{
		"Sun, 06 Nov 1994 08:49:37 GMT",
		"Sunday, 06-Nov-94 08:49:37 GMT",
		"Sun Nov  6 08:49:37 1994",
	} {
		if got, ok := parseHTTPDate(s); !ok || !got.Equal(want) {
			t.Errorf("parseHTTPDate(%q) = %v, %v; want %v", s, got, ok, want)
		}
	}
	for _, s := range []string{
		"",
		"120",
		"Sun, 6 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 08:49:37 +0000",
		"Sun, 06 Nov 1994 08:49:37 CET",
		"Sunday, 06-Nov-94 08:49:37 PST",
		"06 Nov 1994 08:49:37 GMT",
		"1994-11-06T08:49:37Z",
		"Sun, 31 Feb 1994 08:49:37 GMT",
	} {
		if got, ok := parseHTTPDate(s); ok {
			t.Errorf("parseHTTPDate(%q) = %v, want none", s, got)
		}
	}
}

// FuzzParseHTTPDate: what parses is the same time in the preferred form.
func FuzzParseHTTPDate(f *testing.F) {
	for _, s := range []string{"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, ok := parseHTTPDate(s)
		if !ok {
			return
		}
		preferred := at.Format("Mon, 02 Jan 2006 15:04:05 GMT")
		if got, ok := parseHTTPDate(preferred); !ok || !got.Equal(at.Truncate(time.Second)) {
			t.Errorf("%q is %v, but as %q it is %v, %v", s, at, preferred, got, ok)
		}
	})
}
