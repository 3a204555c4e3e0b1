package rules

import (
	"bytes"

	"github.com/statute-http/statute"
)

// tookEffect reports whether a write was carried out, going by what was read
// before and after it: some value that it sent is there now and was not before.
// Values in JSON are compared by their names, at any depth and also one level
// below an envelope; other content as a whole.
func tookEffect(before, write, after *statute.Exchange) bool {
	sent, was, is := &write.Request.Body, &before.Response.Body, &after.Response.Body
	if sent.Empty() || sent.Cut || was.Cut || is.Cut || bytes.Equal(was.Bytes, is.Bytes) {
		return false
	}
	s, b, a := parseJSON(sent.Bytes), parseJSON(was.Bytes), parseJSON(is.Bytes)
	if s.kind() != jsonObject || b.kind() != jsonObject || a.kind() != jsonObject {
		return bytes.Equal(sent.Bytes, is.Bytes)
	}
	if arrived(s, b, a) {
		return true
	}
	found := false
	a.each(func(key, inner value) bool {
		found = inner.kind() == jsonObject && arrived(s, b.get(key.text()), inner)
		return !found
	})
	return found
}

// arrived reports whether a member of the object that was sent has its value in
// the object after, and had another before.
func arrived(sent, before, after value) bool {
	found := false
	sent.each(func(key, s value) bool {
		name := key.text()
		b, a := before.get(name), after.get(name)
		switch s.kind() {
		case jsonObject:
			found = a.kind() == jsonObject && arrived(s, b, a)
		case jsonString, jsonNumber, jsonTrue, jsonFalse:
			found = sameScalar(s, a) && !sameScalar(s, b)
		}
		return !found
	})
	return found
}

// sameScalar reports whether two values are the same string, number or truth
// value. Numbers are compared as they are written.
func sameScalar(a, b value) bool {
	if a.kind() != b.kind() || a.open || b.open {
		return false
	}
	if a.kind() == jsonString {
		return a.text() == b.text()
	}
	return bytes.Equal(a.b, b.b)
}
