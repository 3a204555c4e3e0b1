package route

import "strings"

// Value reports whether a segment of a path looks like a value rather than a
// name: a number, a date, a UUID, a hash, a token, a mail address, or a word with
// one of these behind it (order-17, cus_9s6XKzkNRiz8i3).
func Value(segment string) bool {
	if i := strings.LastIndexAny(segment, "-_:."); i > 0 && i < len(segment)-1 && !version(segment) {
		head, tail := segment[:i], segment[i+1:]
		if letters(head) && (digits(tail) || token(tail)) || segment[i] == ':' && hexadecimal(tail) {
			return true
		}
	}
	return digits(segment) || date(segment) || hexadecimal(segment) || token(segment) || strings.Contains(segment, "@") ||
		strings.Contains(segment, "%40") || list(segment)
}

// digits reports whether a text is a whole number, perhaps negative.
func digits(s string) bool {
	s = strings.TrimPrefix(s, "-")
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func letters(s string) bool {
	for _, c := range []byte(s) {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return false
		}
	}
	return true
}

// version reports whether a text is a version: v1, v1.2, v2beta1.
func version(s string) bool {
	return len(s) > 1 && s[0]|0x20 == 'v' && s[1] >= '0' && s[1] <= '9'
}

// date reports whether a text starts like 2026-11-21.
func date(s string) bool {
	return len(s) >= 10 && s[4] == '-' && s[7] == '-' && digits(s[:4]) && digits(s[5:7]) && digits(s[8:10])
}

// hexadecimal reports whether a text is hexadecimal and long enough to be an id:
// a hash, a UUID with or without hyphens.
func hexadecimal(s string) bool {
	n, figures := 0, 0
	for _, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9':
			figures++
			n++
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			n++
		case c != '-':
			return false
		}
	}
	return n >= 7 && figures > 0
}

// token reports whether a text looks made up by chance: long, letters and
// figures mixed as no word mixes them.
func token(s string) bool {
	const short = 10
	if len(s) < short {
		return false
	}
	changes, figures, last := 0, 0, byte(0)
	for _, c := range []byte(s) {
		kind := byte('?')
		switch {
		case c >= '0' && c <= '9':
			kind = '0'
			figures++
		case c >= 'a' && c <= 'z':
			kind = 'a'
		case c >= 'A' && c <= 'Z':
			kind = 'A'
		case c == '-' || c == '_' || c == '=' || c == '~' || c == '.':
			continue
		default:
			return false
		}
		if kind != last && last != 0 && (kind == '0' || last == '0') {
			changes++
		}
		last = kind
	}
	return figures >= 2 && changes >= 3
}

// list reports whether a text is a list of numbers: 17,18,19.
func list(s string) bool {
	if !strings.Contains(s, ",") {
		return false
	}
	for part := range strings.SplitSeq(s, ",") {
		if !digits(part) {
			return false
		}
	}
	return true
}
