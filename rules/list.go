package rules

import "bytes"

// emptyList reports whether JSON content is a list with nothing in it: an empty
// array, or an object with an empty array whose other members only count and
// page: {"items":[],"total":0}.
func emptyList(content []byte) bool {
	v := parseJSON(content)
	if v.kind() == jsonArray {
		return v.isEmpty()
	}
	if v.kind() != jsonObject {
		return false
	}
	found, only := false, true
	v.each(func(key, val value) bool {
		switch val.kind() {
		case jsonArray:
			found = true
			only = val.isEmpty()
		case jsonObject:
			only = key.isAny([]string{"meta", "metadata", "page", "pagination", "paging", "links", "_links"})
		case jsonString:
			only = false
		case jsonNumber:
			only = !namesID(key.raw())
		}
		return only
	})
	return found && only
}

// isEmpty reports whether an array or object has no members.
func (v value) isEmpty() bool {
	i := skipSpace(v.b, 1)
	return i < len(v.b) && (v.b[i] == ']' || v.b[i] == '}')
}

// emptied reports whether content is a list without items, or an object in
// which nothing has changed since before but that lists have lost their items.
func emptied(before, content []byte) bool {
	was := parseJSON(before)
	return emptyList(content) || hollow(content, was, func(key, val value) (lost, kept bool) {
		old := was.get(key.text())
		kept = bytes.Equal(old.b, val.b)
		return !kept && isEmptyArray(val) && old.kind() == jsonArray, kept
	})
}

// blank reports whether content tells nothing of the thing with that id: it is a
// list without items, or an object whose lists are empty and which beside them
// holds only what the control holds too, and the id itself.
func blank(content, control []byte, id string) bool {
	like := parseJSON(control)
	return emptyList(content) || hollow(content, like, func(key, val value) (lost, kept bool) {
		return isEmptyArray(val), bytes.Equal(val.b, like.get(key.text()).b) || val.is(id)
	})
}

// hollow reports whether content is an object, as other is, whose members are
// all lost or kept in the eyes of look, at least one of them lost.
func hollow(content []byte, other value, look func(key, val value) (lost, kept bool)) bool {
	v := parseJSON(content)
	if v.kind() != jsonObject || other.kind() != jsonObject {
		return false
	}
	found, only := false, true
	v.each(func(key, val value) bool {
		lost, kept := look(key, val)
		found, only = found || lost, lost || kept
		return only
	})
	return found && only
}

func isEmptyArray(v value) bool { return v.kind() == jsonArray && v.isEmpty() }
