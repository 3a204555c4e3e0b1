package openapi

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// place is where a document stands: a URL, or else a file.
type place struct {
	url  *url.URL
	file string
}

// String returns the place without secrets: no user information, and of the
// query only the names.
func (p place) String() string {
	if p.url == nil {
		return p.file
	}
	u := *p.url
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	if u.RawQuery != "" {
		var names []string
		for pair := range strings.SplitSeq(u.RawQuery, "&") {
			name, _, _ := strings.Cut(pair, "=")
			names = append(names, name+"=...")
		}
		u.RawQuery = strings.Join(names, "&")
	}
	return u.String()
}

// join returns the place that a relative reference names as seen from p. No
// reference leads to a host that the user did not name, from the web to a file,
// or from a file to the web.
func (p place) join(ref string) (place, error) {
	u, err := url.Parse(ref)
	if err != nil {
		return place{}, errors.New("is no valid reference")
	}
	if p.url != nil {
		u = p.url.ResolveReference(u)
		if !sameHost(p.url, u) {
			return place{}, fmt.Errorf("is not followed: it leads away from %s", p.url.Host)
		}
		return place{url: u}, nil
	}
	switch {
	case u.Scheme != "" || u.Host != "":
		return place{}, errors.New("is not followed: it leads from a local file to the web;" +
			" put that document beside this one, and refer to the copy")
	case u.Path == "" || path.IsAbs(u.Path):
		return place{}, errors.New("is not followed: only relative paths are")
	}
	return place{file: filepath.Join(filepath.Dir(p.file), filepath.FromSlash(u.Path))}, nil
}

// sameHost reports whether a request for b stays where a was asked for: on the
// same host and port, and not without the encryption that a has.
func sameHost(a, b *url.URL) bool {
	return strings.EqualFold(a.Host, b.Host) && (a.Scheme == b.Scheme || a.Scheme == "http" && b.Scheme == "https")
}

// document is one file or resource that a description is made of.
type document struct {
	place      place
	root       *node
	anchors    map[string]*node // by $anchor and $dynamicAnchor
	identified map[string]*node // by $id and $self
	err        error            // why it could not be read
}

// library holds the documents of a description, each read once.
type library struct {
	open      func(place) ([]byte, place, error) // also says where it was found in the end; nil: one document only
	documents map[string]*document
	nodes     int
	faults    []fault
}

// add makes a document of data.
func (l *library) add(data []byte, at place) (*document, error) {
	doc := &document{place: at, anchors: map[string]*node{}, identified: map[string]*node{}}
	b := builder{doc: doc, nextID: l.nodes}
	err := b.build(data)
	l.nodes = b.nextID
	l.faults = append(l.faults, b.faults...)
	return doc, err
}

// read returns the document at a place.
func (l *library) read(at place) (*document, error) {
	key := at.file
	if at.url != nil {
		u := *at.url
		u.Fragment, u.RawFragment = "", ""
		key = u.String()
	}
	if doc := l.documents[key]; doc != nil {
		return doc, doc.err
	}
	doc := &document{place: at}
	data, found, err := l.open(at)
	if err == nil {
		doc, err = l.add(data, found)
	}
	doc.err = err
	l.documents[key] = doc
	return doc, err
}

// reference returns what the node refers to, if it is a reference.
func (n *node) reference() (ref string, ok bool) {
	for _, name := range [...]string{"$ref", "$dynamicRef"} {
		if r := n.get(name); r.isString() {
			return r.text, true
		}
	}
	return "", false
}

// target returns the node that the reference in n leads to.
func (l *library) target(n *node, ref string) (*node, error) {
	file, fragment, _ := strings.Cut(ref, "#")
	fragment, err := url.PathUnescape(fragment)
	if err != nil {
		return nil, fmt.Errorf("$ref %q is not percent-encoded well", ref)
	}
	doc, start := n.doc, n.doc.root
	switch {
	case file == "":
	case n.doc.identified[file] != nil:
		start = n.doc.identified[file]
	case l.open == nil:
		return nil, fmt.Errorf("$ref %q is not followed: other documents are not read", ref)
	default:
		at, err := n.doc.place.join(file)
		if err != nil {
			return nil, fmt.Errorf("$ref %q %w", ref, err)
		}
		if doc, err = l.read(at); err != nil {
			return nil, fmt.Errorf("$ref %q: %s: %w", ref, at, err)
		}
		start = doc.root
	}
	if fragment != "" && !strings.HasPrefix(fragment, "/") {
		if to := doc.anchors[fragment]; to != nil {
			return to, nil
		}
		return nil, fmt.Errorf("$ref %q: there is no anchor %q", ref, fragment)
	}
	to, err := l.walk(start, fragment)
	if err == nil {
		return to, nil
	}
	// Within a schema that has an $id, pointers count from there.
	for at := n; file == "" && at != nil; at = at.up {
		if at.get("$id").isString() {
			if to, err := l.walk(at, fragment); err == nil {
				return to, nil
			}
		}
	}
	return nil, fmt.Errorf("$ref %q: %w", ref, err)
}

// walk follows a JSON pointer (RFC 6901) from a node, through references too.
func (l *library) walk(from *node, pointer string) (*node, error) {
	at, hops := from, 0
	if pointer == "" {
		return at, nil
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		next := at.step(token)
		for next == nil {
			ref, ok := at.reference()
			if hops++; !ok || hops > maxHops {
				return nil, fmt.Errorf("there is no %q in %s", token, at.where())
			}
			to, err := l.target(at, ref)
			if err != nil {
				return nil, err
			}
			at = to
			next = at.step(token)
		}
		at = next
	}
	return at, nil
}

// maxHops bounds how many references are followed from one place.
const maxHops = 32

// step returns the member or item of that name or index, nil if there is none.
func (n *node) step(token string) *node {
	if n.kind == list {
		if i, err := strconv.Atoi(token); err == nil && i >= 0 && i < len(n.items) {
			return n.items[i]
		}
		return nil
	}
	return n.member(token)
}

// where returns the node's place, or its file if it is the top of one.
func (n *node) where() string {
	if n.up == nil {
		return n.doc.place.String()
	}
	return n.place()
}

// component returns the name under which a node is defined for others to refer
// to: "Order" for components.schemas.Order, definitions.Order or order.yaml's
// $defs.Order; for the top of another file, that file's name without its
// ending; "" for what is inline.
func (n *node) component(root *document) string {
	switch up := n.up; {
	case up == nil:
		if n.doc == root {
			return ""
		}
		base := n.doc.place.file
		if n.doc.place.url != nil {
			base = n.doc.place.url.Path
		}
		base = path.Base(filepath.ToSlash(base))
		return strings.TrimSuffix(base, path.Ext(base))
	case up.up == nil:
		if n.doc == root {
			return ""
		}
		return n.name
	case up.name == "$defs" || up.name == "definitions" && up.up.up == nil ||
		up.name == "schemas" && up.up.name == "components":
		return n.name
	}
	return ""
}
