package rules

import (
	"bytes"
	"encoding/json"
)

// The bounds of what is read of JSON.
const (
	jsonLimit = 64 << 10 // bytes of the content
	jsonDepth = 32       // levels of objects and arrays
)

// jsonKind is the kind of a JSON value.
type jsonKind uint8

// The kinds of JSON values. jsonNone is a value that is absent or no JSON.
const (
	jsonNone jsonKind = iota
	jsonNull
	jsonFalse
	jsonTrue
	jsonNumber
	jsonString
	jsonArray
	jsonObject
)

// value is a view of a JSON value inside the bytes it was found in. Reading it
// allocates nothing but what text must. It is lenient: of content that is
// broken or cut it shows what stands before the break. The zero value is an
// absent one.
type value struct {
	b     []byte // from the first byte; to the last one unless the value is the whole content
	depth int    // objects and arrays around it
	open  bool   // the content ends where this value does: it may have been cut
}

// parseJSON returns a view of the content, whose kind is jsonNone if it does
// not begin as JSON does. It looks at the first 64 KiB.
func parseJSON(b []byte) value {
	b = b[:min(len(b), jsonLimit)]
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	b = b[skipSpace(b, 0):]
	if len(b) == 0 || b[0] == '{' || b[0] == '[' {
		return value{b: b}
	}
	end := skipValue(b, 0)
	if skipSpace(b, end) < len(b) { // "404 page not found"
		return value{}
	}
	return value{b: b[:end]}
}

// kind returns the kind of the value.
func (v value) kind() jsonKind {
	if len(v.b) == 0 {
		return jsonNone
	}
	switch c := v.b[0]; {
	case c == '{':
		return jsonObject
	case c == '[':
		return jsonArray
	case c == '"':
		return jsonString
	case c == '-', '0' <= c && c <= '9':
		return jsonNumber
	}
	switch string(v.b) {
	case "true":
		return jsonTrue
	case "false":
		return jsonFalse
	case "null":
		return jsonNull
	}
	return jsonNone
}

// get returns the member of that name of an object, the first if there are
// several, or the zero value.
func (v value) get(name string) value {
	var found value
	if v.kind() == jsonObject {
		v.each(func(key, val value) bool {
			if key.is(name) {
				found = val
				return false
			}
			return true
		})
	}
	return found
}

// each calls f with each member of an object, or with each item of an array
// and a zero key, until f returns false or the content ends or breaks.
func (v value) each(f func(key, val value) bool) {
	kind := v.kind()
	if kind != jsonObject && kind != jsonArray || v.depth == jsonDepth {
		return
	}
	b := v.b
	for i := skipSpace(b, 1); i < len(b) && b[i] != '}' && b[i] != ']'; {
		var key value
		if kind == jsonObject {
			if b[i] != '"' {
				return
			}
			end := skipValue(b, i)
			key = v.inside(i, end)
			i = skipSpace(b, end)
			if i == len(b) || b[i] != ':' {
				return
			}
			i = skipSpace(b, i+1)
		}
		end := skipValue(b, i)
		val := v.inside(i, end)
		if val.kind() == jsonNone || !f(key, val) {
			return
		}
		i = skipSpace(b, end)
		if i == len(b) || b[i] != ',' {
			return
		}
		i = skipSpace(b, i+1)
	}
}

// has reports whether f holds for the value or for any that is in it.
func (v value) has(f func(value) bool) bool {
	found := f(v)
	if !found {
		v.each(func(_, val value) bool {
			found = val.has(f)
			return !found
		})
	}
	return found
}

// inside returns the view of a part of v.
func (v value) inside(start, end int) value {
	return value{b: v.b[start:end:end], depth: v.depth + 1, open: end == len(v.b)}
}

// raw returns what stands between the quotes of a string, its escapes as they
// are; nil for any other kind.
func (v value) raw() []byte {
	if v.kind() != jsonString {
		return nil
	}
	s := v.b[1:]
	if v.closed() {
		s = s[:len(s)-1]
	}
	return s
}

// closed reports whether a string has its closing quote.
func (v value) closed() bool {
	n := len(v.b)
	if n < 2 || v.b[n-1] != '"' {
		return false
	}
	escapes := 0
	for v.b[n-2-escapes] == '\\' {
		escapes++
	}
	return escapes%2 == 0
}

// text returns a string without its escapes, or "" for any other kind. Of a
// string that is cut or wrongly escaped it returns what is there.
func (v value) text() string {
	raw := v.raw()
	if bytes.IndexByte(raw, '\\') >= 0 {
		var s string
		if json.Unmarshal(v.b, &s) == nil {
			return s
		}
	}
	return string(raw)
}

// is reports whether the value is that very string.
func (v value) is(s string) bool {
	raw := v.raw()
	if bytes.IndexByte(raw, '\\') >= 0 {
		return v.text() == s
	}
	return raw != nil && string(raw) == s
}

// int returns a whole number, or one that a string holds as "404" does. It
// returns false for everything else, also for a number that may have been cut.
func (v value) int() (int, bool) {
	digits := v.raw()
	if v.kind() == jsonNumber {
		digits = v.b
	}
	if len(digits) == 0 || len(digits) > 9 || v.open {
		return 0, false
	}
	unsigned := bytes.TrimPrefix(digits, []byte("-"))
	n, ok := parseDigits(string(unsigned))
	switch {
	case !ok:
		return 0, false
	case len(unsigned) < len(digits):
		n = -n
	}
	return int(n), true
}

// skipSpace returns the index of the first byte from i on that is no white
// space.
func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// skipValue returns the index after the value that starts at i. Brackets are
// counted, not matched: what is broken inside shows when it is looked at.
func skipValue(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch c := b[i]; c {
		case '"':
			i = skipString(b, i)
			if depth == 0 {
				return i
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
			if depth < 0 {
				return i
			}
		case ',', ':', ' ', '\n', '\r', '\t':
			if depth == 0 {
				return i
			}
		}
		i++
	}
	return i
}

// skipString returns the index after the string that starts at i.
func skipString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return len(b)
}
