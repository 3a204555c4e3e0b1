package rules

import (
	"bytes"
	"slices"

	"github.com/statute-http/statute"
)

// managedNames are words in the names of members that servers keep up by
// themselves: ids, times, revisions, counts, links, histories.
var managedNames = []string{
	"id", "ids", "uuid", "guid", "self", "link", "links", "url", "uri", "href",
	"created", "updated", "modified", "changed", "accessed", "viewed", "seen", "last", "at", "date", "time", "timestamp", "ts",
	"expires", "expiry", "age", "uptime", "elapsed", "duration", "ttl",
	"version", "revision", "rev", "etag", "generation", "sequence", "seq", "serial", "hash", "checksum", "digest", "nonce", "token", "signature", "cursor",
	"count", "counts", "counter", "total", "totals", "views", "hits", "reads", "downloads", "visits", "usage", "stats", "metrics", "size", "length", "rank", "score",
	"history", "log", "logs", "event", "events", "audit", "changes", "versions", "revisions", "activity", "request", "trace",
}

// managed reports whether a member is one that the server keeps up by itself,
// by its name or because its value is a date.
func managed(key, val value) bool {
	return holdsPhrase(key.raw(), managedNames) || isDate(val.raw())
}

// isDate reports whether a text begins with a date as in RFC 3339: 2026-11-21.
func isDate(s []byte) bool {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	for _, i := range [...]int{0, 1, 2, 3, 5, 6, 8, 9} {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// stateIn returns the JSON object or array that content is, or an absent value
// if it is something else or is not there as a whole.
func stateIn(b *statute.Body) value {
	v := parseJSON(b.Bytes)
	if b.Cut || len(b.Bytes) > jsonLimit || v.kind() != jsonObject && v.kind() != jsonArray {
		return value{}
	}
	return v
}

// within returns the object that a write was about: the state itself, or the one
// in its envelope that has members that were sent; an absent value if none has.
func within(state, sent value) value {
	if shares(state, sent) {
		return state
	}
	var found value
	state.each(func(_, inner value) bool {
		if inner.kind() == jsonObject && shares(inner, sent) {
			found = inner
		}
		return found.kind() == jsonNone
	})
	return found
}

// shares reports whether two objects have members of one name.
func shares(a, b value) bool {
	found := false
	b.each(func(key, _ value) bool {
		found = a.get(key.text()).kind() != jsonNone
		return !found
	})
	return found
}

// otherwise returns the name of a member, at any depth, that two states do not
// have alike; "" if there is none. Members that the server manages do not count,
// nor does the order of a list.
func otherwise(before, after value) string {
	switch {
	case bytes.Equal(before.b, after.b):
	case before.kind() == jsonObject && after.kind() == jsonObject:
		if name := unlike(before, after); name != "" {
			return name
		}
		return added(before, after)
	case before.kind() == jsonArray && after.kind() == jsonArray:
		if !sameItems(before, after) {
			return "items"
		}
	default:
		return "value"
	}
	return ""
}

// unlike returns the name of a member of an object that the other has not or
// has otherwise; "" if there is none.
func unlike(before, after value) string {
	name := ""
	before.each(func(key, b value) bool {
		if managed(key, b) {
			return true
		}
		a := after.get(key.text())
		switch inner := otherwise(b, a); {
		case inner == "", isBlank(a) && isBlank(b):
		case a.kind() == jsonObject && b.kind() == jsonObject:
			name = inner
		default:
			name = key.text()
		}
		return name == ""
	})
	return name
}

// added returns the name of a member that only the object after has; "" if there
// is none.
func added(before, after value) string {
	name := ""
	after.each(func(key, a value) bool {
		if !isBlank(a) && !managed(key, a) && before.get(key.text()).kind() == jsonNone {
			name = key.text()
		}
		return name == ""
	})
	return name
}

// sameItems reports whether two lists have the same items: one by one, or byte
// by byte in another order.
func sameItems(a, b value) bool {
	left, right := items(a), items(b)
	if len(left) != len(right) {
		return false
	}
	same := true
	for i := range left {
		same = same && otherwise(left[i], right[i]) == ""
	}
	if same {
		return true
	}
	compare := func(a, b value) int { return bytes.Compare(a.b, b.b) }
	slices.SortFunc(left, compare)
	slices.SortFunc(right, compare)
	return slices.EqualFunc(left, right, func(a, b value) bool { return bytes.Equal(a.b, b.b) })
}

// items returns the items of a list.
func items(v value) []value {
	var all []value
	v.each(func(_, item value) bool {
		all = append(all, item)
		return true
	})
	return all
}
