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
	if emptyList(content) {
		return true
	}
	was, is := parseJSON(before), parseJSON(content)
	if was.kind() != jsonObject || is.kind() != jsonObject {
		return false
	}
	found, only := false, true
	is.each(func(key, val value) bool {
		old := was.get(key.text())
		switch {
		case bytes.Equal(old.b, val.b):
		case val.kind() == jsonArray && val.isEmpty() && old.kind() == jsonArray:
			found = true
		default:
			only = false
		}
		return only
	})
	return found && only
}

// blank reports whether content tells nothing of the thing with that id: it is a
// list without items, or an object whose lists are empty and which beside them
// holds only what the control holds too, and the id itself.
func blank(content, control []byte, id string) bool {
	if emptyList(content) {
		return true
	}
	is, like := parseJSON(content), parseJSON(control)
	if is.kind() != jsonObject || like.kind() != jsonObject {
		return false
	}
	found, only := false, true
	is.each(func(key, val value) bool {
		switch {
		case val.kind() == jsonArray && val.isEmpty():
			found = true
		case bytes.Equal(val.b, like.get(key.text()).b), val.is(id):
		default:
			only = false
		}
		return only
	})
	return found && only
}
