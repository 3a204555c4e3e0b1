// Package route makes templates of paths, so that what is said of one order can
// be said of all: /orders/17 and /orders/18 are /orders/{id}.
package route

import "strings"

// The bounds of a Table.
const (
	maxNames  = 64     // at one place, before they are taken for values of one parameter
	maxDepth  = 32     // segments of a path; what is below is not told apart
	maxPlaces = 16_384 // in all; beyond that, what is new is not told apart
)

// The templates of what is no name.
const (
	id      = "{id}"      // looks like a value
	name    = "{name}"    // one of too many names
	unknown = "{unknown}" // one of too many names that nothing was found at
	rest    = "{rest}"    // more than a Table can hold
)

// A Table makes templates of the paths of one server and learns from them: where
// very many names stand at one place, they are values of a parameter. Its size
// is bounded. The zero Table is ready for use; it is not safe for concurrent
// use.
type Table struct {
	root   place
	places int
}

// place is a node in the tree of templates.
type place struct {
	below   map[string]*place // by template
	names   int               // below that something was found at
	unknown int               // names below that nothing was found at, when first seen
	known   bool              // something was found here or further down
	open    bool              // names below are values
}

// Template returns the template of a path, given percent-encoded and without
// its query. Found tells whether the server knows the path: only such paths
// decide what is a value.
func (t *Table) Template(path string, found bool) string {
	if !strings.HasPrefix(path, "/") { // "*", an authority
		return path
	}
	var b strings.Builder
	b.Grow(len(path) + len(rest))
	at, depth := &t.root, 0
	for part := range strings.SplitSeq(path[1:], "/") {
		b.WriteByte('/')
		text := at.template(part, found)
		next := at.below[text]
		if next == nil {
			if depth == maxDepth || t.places == maxPlaces {
				b.WriteString(rest)
				break
			}
			next = t.add(at, text, found)
		}
		if found && !next.known {
			next.known = true
			if at.names++; at.names > maxNames && !at.open {
				next, text = t.open(at), at.template(part, found)
			}
		}
		b.WriteString(text)
		at = next
		depth++
	}
	return b.String()
}

// template returns what stands for a part of a path at this place.
func (p *place) template(part string, found bool) string {
	switch {
	case part == "":
		return part
	case Value(part):
		return id
	case p.open:
		return name
	case !found && p.unknown >= maxNames && p.below[part] == nil:
		return unknown
	}
	return part
}

// add enters a new place.
func (t *Table) add(at *place, text string, found bool) *place {
	if at.below == nil {
		at.below = map[string]*place{}
	}
	next := &place{}
	at.below[text] = next
	t.places++
	if !found {
		at.unknown++
	}
	return next
}

// open takes the names below a place for values from now on, and returns the
// place that stands for all of them. What was learned below them is dropped.
func (t *Table) open(at *place) *place {
	one := &place{known: true}
	values := at.below[id]
	t.places -= at.size() - 1
	at.below = map[string]*place{name: one}
	if values != nil {
		at.below[id] = values
		t.places += 1 + values.size()
	}
	at.open = true
	return one
}

// size counts the places below.
func (p *place) size() int {
	n := len(p.below)
	for _, next := range p.below {
		n += next.size()
	}
	return n
}
