package rules

import "strings"

// structuredItem is a member of a structured list that is no inner list: a bare
// item with its parameters (RFC 9651, 3.1 and 3.3).
type structuredItem struct {
	bare   string // with its quotes if it has them
	params string // ;q=100;w=60
}

// parseStructuredItem parses such a member and reports whether it is one.
//
//	sf-item    = bare-item parameters
//	parameters = *( ";" *SP key [ "=" bare-item ] )
func parseStructuredItem(s string) (structuredItem, bool) {
	end := skipBareItem(s)
	item := structuredItem{bare: s[:end], params: s[end:]}
	rest, ok := item.params, end > 0
	for ok && rest != "" {
		_, _, rest, ok = nextParam(rest)
	}
	return item, ok
}

// param returns the value of a parameter, the last one if there are several, and
// whether there is one.
func (i structuredItem) param(name string) (value string, found bool) {
	for rest, ok := i.params, true; ok && rest != ""; {
		var key, v string
		if key, v, rest, ok = nextParam(rest); ok && key == name {
			value, found = v, true
		}
	}
	return value, found
}

// nextParam divides the first parameter from what follows it.
func nextParam(s string) (key, value, rest string, ok bool) {
	s, ok = strings.CutPrefix(s, ";")
	s = strings.TrimLeft(s, " ")
	end := 0
	for end < len(s) && isKeyChar(s[end], end == 0) {
		end++
	}
	key, rest = s[:end], s[end:]
	if after, has := strings.CutPrefix(rest, "="); has {
		end = skipBareItem(after)
		value, rest = after[:end], after[end:]
		ok = ok && end > 0
	}
	return key, value, rest, ok && key != ""
}

// isKeyChar reports whether a key may hold the character, or begin with it.
func isKeyChar(c byte, first bool) bool {
	return 'a' <= c && c <= 'z' || c == '*' || !first && ('0' <= c && c <= '9' || strings.IndexByte("_-.", c) >= 0)
}

// skipBareItem returns the length of the bare item at the beginning of s, 0 if
// there is none: a number, a string, a token, a byte sequence or a boolean.
func skipBareItem(s string) int {
	if s == "" {
		return 0
	}
	switch c := s[0]; {
	case c == '"':
		if end := skipString([]byte(s), 0); isQuotedString(s[:end]) {
			return end
		}
		return 0
	case c == ':':
		if end := strings.IndexByte(s[1:], ':'); end >= 0 {
			return end + 2
		}
		return 0
	case c == '?':
		if len(s) > 1 && (s[1] == '0' || s[1] == '1') {
			return 2
		}
		return 0
	case c == '-', '0' <= c && c <= '9':
		digits := strings.TrimLeft(s[1:], "0123456789.")
		return len(s) - len(digits)
	case c == '*', isLetter(c):
		end := 1
		for end < len(s) && (isToken(s[end:end+1]) || s[end] == ':' || s[end] == '/') {
			end++
		}
		return end
	}
	return 0
}
