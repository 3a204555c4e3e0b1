package rules

import (
	"net/url"
	"testing"
)

func TestURIFault(t *testing.T) {
	for _, s := range []string{
		"",
		"/orders/17",
		"17",
		"../17?x=1#top",
		"?page=2",
		"?filter[item]=saw",
		"//shop.example/orders",
		"https://shop.example",
		"https://shop.example:8443/a%20b?c=d:e",
		"http://user:secret@shop.example:/",
		"http://[2001:db8::1]:8080/",
		"http://[2001:db8::1]",
		"urn:isbn:0451450523",
		"myapp:///done",
		"/a:b",
	} {
		if why := uriFault(s); why != "" {
			t.Errorf("uriFault(%q) = %q, want none", s, why)
		}
	}
	for s, want := range map[string]string{
		"/orders/my order":            "it holds a space",
		"/orders\t17":                 "it holds a control character",
		"/käse":                       "it holds a character outside ASCII",
		"/orders/{id}":                "it holds '{'",
		"C:\\orders":                  `it holds '\\'`,
		"/100%":                       "a % is not followed by two hexadecimal digits",
		"/a%2":                        "a % is not followed by two hexadecimal digits",
		"/a%zz":                       "a % is not followed by two hexadecimal digits",
		"/a#b#c":                      "it holds two #",
		":8080/orders":                "what stands before its first colon is no scheme",
		"127.0.0.1:8080/orders":       "what stands before its first colon is no scheme",
		"http://shop.example:abc/":    "its port is no number",
		"http://[2001:db8::1/":        "its host has a bracket that is not closed",
		"http://[2001:db8::1]8080/":   "its host has a bracket that is not closed",
		"http:///orders":              "it has no host",
		"https://:8080/orders":        "it has no host",
		"http://user@/orders":         "it has no host",
		"//undefined:undefined/order": "its port is no number",
	} {
		if got := uriFault(s); got != want {
			t.Errorf("uriFault(%q) = %q, want %q", s, got, want)
		}
	}
}

// FuzzURIFault: what is percent-encoded is always a reference.
func FuzzURIFault(f *testing.F) {
	for _, s := range []string{"", "/orders/my order", "http://[2001:db8::1", "käse%", "a:b#c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		uriFault(s)
		if why := uriFault("/" + url.PathEscape(s)); why != "" {
			t.Errorf("uriFault(/%s) = %q, want none", url.PathEscape(s), why)
		}
	})
}
