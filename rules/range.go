package rules

import (
	"math"
	"strings"
)

// contentRange is the value of a Content-Range field.
//
//	Content-Range = range-unit SP ( first "-" last "/" ( size / "*" ) / "*/" size )
//
// (RFC 9110, 14.4.)
type contentRange struct {
	unit        string
	first, last int64 // both included; -1 where the value is "*/size"
	size        int64 // of the whole representation; -1 where it is "*"
}

// unsatisfied reports whether the value names no range, only the size.
func (r contentRange) unsatisfied() bool { return r.first < 0 }

// parseContentRange parses a Content-Range value and reports whether it is
// valid: of that grammar, the first position not beyond the last, the last
// within the size.
func parseContentRange(value string) (contentRange, bool) {
	r := contentRange{first: -1, last: -1, size: -1}
	unit, rest, ok := strings.Cut(value, " ")
	positions, size, ok2 := strings.Cut(rest, "/")
	if !ok || !ok2 || !isToken(unit) {
		return r, false
	}
	r.unit = unit
	if size != "*" {
		if r.size, ok = parseDigits(size); !ok {
			return r, false
		}
	}
	if positions == "*" {
		return r, size != "*"
	}
	first, last, _ := strings.Cut(positions, "-")
	if r.first, ok = parseDigits(first); !ok {
		return r, false
	}
	if r.last, ok = parseDigits(last); !ok {
		return r, false
	}
	return r, r.first <= r.last && (r.size < 0 || r.last < r.size)
}

// parseDigits parses 1*DIGIT: no sign, no space. A number above the largest
// int64 becomes that.
func parseDigits(s string) (int64, bool) {
	var n int64
	for i := range len(s) {
		digit := int64(s[i]) - '0'
		if digit < 0 || digit > 9 {
			return -1, false
		}
		if n > (math.MaxInt64-digit)/10 {
			n = math.MaxInt64
			continue
		}
		n = n*10 + digit
	}
	return n, s != ""
}
