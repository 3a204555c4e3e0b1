package rules

import "strings"

// isEntityTag reports whether s is an entity-tag (RFC 9110, 8.8.3): a quoted
// string without spaces or escapes, after an optional W/.
//
//	entity-tag = [ %s"W/" ] DQUOTE *etagc DQUOTE
//	etagc      = %x21 / %x23-7E / obs-text
func isEntityTag(s string) bool {
	s = strings.TrimPrefix(s, "W/")
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return false
	}
	for _, c := range []byte(s[1 : len(s)-1]) {
		if c <= ' ' || c == '"' || c == 0x7f {
			return false
		}
	}
	return true
}

// sameEntityTag reports whether two entity-tags are equal by the weak
// comparison (RFC 9110, 8.8.3.2).
func sameEntityTag(a, b string) bool {
	return strings.TrimPrefix(a, "W/") == strings.TrimPrefix(b, "W/")
}
