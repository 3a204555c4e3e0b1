package rules

import (
	"strconv"
	"strings"
)

// uriFault returns why s is no URI reference (RFC 3986, 4.1), in words that do
// not repeat it, or "" if it is one. Square brackets are let pass where only
// the letter of the grammar forbids them, in path, query and fragment.
func uriFault(s string) string {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])):
			return "a % is not followed by two hexadecimal digits"
		case c == ' ':
			return "it holds a space"
		case c < ' ' || c == 0x7f:
			return "it holds a control character"
		case c >= 0x80:
			return "it holds a character outside ASCII"
		case strings.IndexByte("\"<>\\^`{|}", c) >= 0:
			return "it holds " + strconv.QuoteRune(rune(c))
		}
	}
	if strings.Count(s, "#") > 1 {
		return "it holds two #"
	}
	var scheme string
	if i := strings.IndexAny(s, ":/?#"); i >= 0 && s[i] == ':' {
		scheme, s = s[:i], s[i+1:]
		if !isScheme(scheme) {
			return "what stands before its first colon is no scheme"
		}
	}
	authority, ok := strings.CutPrefix(s, "//")
	if !ok {
		return ""
	}
	if end := strings.IndexAny(authority, "/?#"); end >= 0 {
		authority = authority[:end]
	}
	if at := strings.IndexByte(authority, '@'); at >= 0 {
		authority = authority[at+1:]
	}
	host, port, _ := strings.Cut(authority, ":")
	if strings.HasPrefix(authority, "[") {
		host, port, ok = strings.Cut(authority, "]")
		if !ok || port != "" && port[0] != ':' {
			return "its host has a bracket that is not closed"
		}
		port = strings.TrimPrefix(port, ":")
	}
	if strings.Trim(port, "0123456789") != "" {
		return "its port is no number"
	}
	if host == "" && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")) {
		return "it has no host" // RFC 9110, 4.2.1
	}
	return ""
}

// isScheme reports whether s is a scheme (RFC 3986, 3.1).
func isScheme(s string) bool {
	for i := range len(s) {
		if !isAlphaNum(s[i]) && strings.IndexByte("+-.", s[i]) < 0 {
			return false
		}
	}
	return s != "" && s[0] > '9' // a letter first
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}
