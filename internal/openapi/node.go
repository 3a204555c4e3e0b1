package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// node is a value in a JSON or YAML document, and where it stands. Aliases and
// merge keys are resolved, so a node may stand in several places; it then knows
// the first.
type node struct {
	id   int // counts over all documents of a description
	doc  *document
	line int
	up   *node  // the object or list that it stands in; nil at the top
	name string // of the member that it is, or its index
	kind kind

	text    string         // of a scalar, as written, but without quotes and escapes
	scalar  any            // the scalar's value: string, int64, float64, bool or nil
	members []member       // of an object, in their order
	index   map[string]int // of the last member of a name; nil if there are few
	items   []*node        // of a list
	size    int            // the number of nodes in and below it, aliases written out
}

// member is a name in an object and its value.
type member struct {
	name  string
	line  int
	value *node
}

// kind is what a node is.
type kind uint8

// The kinds of nodes, in the words of JSON.
const (
	scalar kind = iota
	list
	object
)

// The bounds of a document. Both are far above what people write; they stop
// documents that are made to exhaust memory.
const (
	maxDepth = 1000
	maxNodes = 1 << 23 // aliases written out
)

// get returns the member of that name, nil if there is none or it is null. Of
// several with that name the last counts, as in JSON parsers.
func (n *node) get(name string) *node {
	if n == nil {
		return nil
	}
	if v := n.member(name); v != nil && !v.null() {
		return v
	}
	return nil
}

// member returns the member of that name, nil if there is none.
func (n *node) member(name string) *node {
	if n.index != nil {
		if i, ok := n.index[name]; ok {
			return n.members[i].value
		}
		return nil
	}
	for i := len(n.members) - 1; i >= 0; i-- {
		if n.members[i].name == name {
			return n.members[i].value
		}
	}
	return nil
}

// null reports whether the node is a null.
func (n *node) null() bool { return n.kind == scalar && n.scalar == nil }

// isString reports whether the node is there and is a string.
func (n *node) isString() bool {
	if n == nil || n.kind != scalar {
		return false
	}
	_, ok := n.scalar.(string)
	return ok
}

// what returns what kind of value the node is, with its article.
func (n *node) what() string {
	switch n.kind {
	case object:
		return "an object"
	case list:
		return "a list"
	}
	switch n.scalar.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	}
	return "a number"
}

// value returns the node as a Go value: map[string]any, []any, string, int64,
// float64, bool or nil.
func (n *node) value() any {
	switch n.kind {
	case object:
		m := make(map[string]any, len(n.members))
		for _, member := range n.members {
			m[member.name] = member.value.value()
		}
		return m
	case list:
		l := make([]any, len(n.items))
		for i, item := range n.items {
			l[i] = item.value()
		}
		return l
	}
	return n.scalar
}

// place returns where the node stands, in words for reports: "GET /orders/{id}
// parameters[0].schema", "components.schemas.Order".
func (n *node) place() string {
	var path []*node // without the top
	for at := n; at.up != nil; at = at.up {
		path = append(path, at)
	}
	var b strings.Builder
	step := len(path) - 1
	if step > 0 && path[step].name == "paths" {
		step--
		template := path[step].name
		if step > 0 {
			if method, known := methodOf(path[step-1].name); known {
				template = method + " " + template
				step--
			}
		}
		b.WriteString(template)
		step--
		if step >= 0 {
			b.WriteByte(' ')
		}
	}
	for first := true; step >= 0; step, first = step-1, false {
		switch at := path[step]; {
		case at.up.kind == list:
			fmt.Fprintf(&b, "[%s]", at.name)
		case first:
			b.WriteString(at.name)
		default:
			b.WriteString("." + at.name)
		}
	}
	return b.String()
}

// syntaxError is a fault because of which a document cannot be read at all.
type syntaxError struct {
	line    int // 0 if unknown
	message string
}

func (e *syntaxError) Error() string {
	if e.line == 0 {
		return e.message
	}
	return fmt.Sprintf("line %d: %s", e.line, e.message)
}

// fault is what is wrong with a node, apart from what it describes.
type fault struct {
	node    *node
	line    int
	message string
}

// builder makes a document's nodes.
type builder struct {
	doc      *document
	nextID   int
	anchored map[*yaml.Node]*node // nil while the anchored value is being built
	faults   []fault

	// For JSON, whose decoder counts bytes.
	data   []byte
	offset int
	line   int // at offset
}

// build fills doc from data, which is JSON or YAML.
func (b *builder) build(data []byte) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return errors.New("is empty")
	}
	utf16 := bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff"))
	if !utf16 {
		data = bytes.TrimPrefix(data, []byte("\ufeff"))
		if bytes.IndexByte(data, 0) >= 0 {
			return errors.New("is binary, not JSON or YAML text")
		}
		if !utf8.Valid(data) {
			return &syntaxError{invalidUTF8(data), "bytes that are not UTF-8"}
		}
	}
	switch bytes.TrimSpace(data)[0] {
	case '<':
		return errors.New("is HTML or XML, not a description in JSON or YAML;" +
			" if it is a documentation page, look there for a link that ends in .json or .yaml")
	case '{':
		root, err := b.buildJSON(data)
		if err == nil {
			b.doc.root = root
			return nil
		}
		// YAML's flow style looks like JSON and allows more.
		if b.buildYAML(data) == nil {
			return nil
		}
		return err
	}
	return b.buildYAML(data)
}

func invalidUTF8(data []byte) (line int) {
	valid := bytes.ToValidUTF8(data, nil)
	same := 0
	for same < len(valid) && data[same] == valid[same] {
		same++
	}
	return 1 + bytes.Count(data[:same], []byte("\n"))
}

// add gives a node its id and its place in a document.
func (b *builder) add(n *node, line int) *node {
	n.id, n.doc, n.line, n.size = b.nextID, b.doc, line, 1
	b.nextID++
	return n
}

// own makes child a member or an item of n.
func (b *builder) own(n, child *node, name string) error {
	if child.up == nil && child.doc == b.doc {
		child.up, child.name = n, name
	}
	n.size += child.size
	if n.size > maxNodes {
		return &syntaxError{n.line, fmt.Sprintf("aliases that amount to more than %d values", maxNodes)}
	}
	return nil
}

func (b *builder) fault(n *node, line int, format string, args ...any) {
	b.faults = append(b.faults, fault{n, line, fmt.Sprintf(format, args...)})
}

// register looks for what references may name: anchors and identifiers.
func (b *builder) register(n *node) {
	for _, m := range n.members {
		switch m.name {
		case "$anchor", "$dynamicAnchor":
			if m.value.isString() && b.doc.anchors[m.value.text] == nil {
				b.doc.anchors[m.value.text] = n
			}
		case "$id", "$self":
			if m.value.isString() && b.doc.identified[m.value.text] == nil {
				b.doc.identified[m.value.text] = n
			}
		}
	}
}

// finish is called when an object has all its members.
func (b *builder) finish(n *node) {
	last := make(map[string]int, len(n.members))
	for i, m := range n.members {
		if before, ok := last[m.name]; ok {
			b.fault(n, m.line, "%q stands here again, before in line %d: the last one counts", m.name, n.members[before].line)
		}
		last[m.name] = i
	}
	if len(n.members) > 16 {
		n.index = last
	}
	b.register(n)
}

func (b *builder) buildYAML(data []byte) error {
	var top yaml.Node
	if err := yaml.Unmarshal(data, &top); err != nil {
		if load, ok := errors.AsType[*yaml.LoadError](err); ok {
			message := load.Message
			if load.ContextMsg != "" && load.ContextMark.Line > 0 && load.ContextMark.Line < load.Mark.Line {
				message += fmt.Sprintf(", %s that began in line %d", load.ContextMsg, load.ContextMark.Line)
			}
			return &syntaxError{load.Mark.Line, message}
		}
		return &syntaxError{0, strings.TrimPrefix(err.Error(), "yaml: ")}
	}
	if top.Kind != yaml.DocumentNode || len(top.Content) == 0 {
		return errors.New("is empty")
	}
	b.anchored = map[*yaml.Node]*node{}
	root, err := b.yaml(top.Content[0], top.Content[0].Line, 0)
	b.doc.root = root
	return err
}

// yaml makes a node of a YAML node.
func (b *builder) yaml(y *yaml.Node, line, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, &syntaxError{y.Line, fmt.Sprintf("nested more than %d levels deep", maxDepth)}
	}
	if y.Kind == yaml.AliasNode {
		n, known := b.anchored[y.Alias]
		if known && n == nil {
			return nil, &syntaxError{y.Line, fmt.Sprintf("alias *%s stands within what it names", y.Value)}
		}
		if !known {
			return nil, &syntaxError{y.Line, fmt.Sprintf("alias *%s names nothing", y.Value)}
		}
		return n, nil
	}
	if y.Anchor != "" {
		b.anchored[y] = nil
	}
	n := b.add(&node{}, line)
	var err error
	switch y.Kind {
	case yaml.MappingNode:
		n.kind = object
		err = b.yamlMembers(n, y, depth)
	case yaml.SequenceNode:
		n.kind = list
		for i, content := range y.Content {
			item, err := b.yaml(content, content.Line, depth+1)
			if err == nil {
				err = b.own(n, item, strconv.Itoa(i))
			}
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
	default:
		n.text, n.scalar = y.Value, yamlScalar(y)
	}
	if y.Anchor != "" {
		b.anchored[y] = n
	}
	return n, err
}

func (b *builder) yamlMembers(n *node, y *yaml.Node, depth int) error {
	var merged []*node
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := y.Content[i]
		value, err := b.yaml(y.Content[i+1], key.Line, depth+1)
		if err != nil {
			return err
		}
		if key.ShortTag() == "!!merge" {
			if value.kind == list {
				merged = append(merged, value.items...)
			} else {
				merged = append(merged, value)
			}
			continue
		}
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			b.fault(n, key.Line, "a name that is itself an object or a list: left out")
			continue
		}
		if err := b.own(n, value, key.Value); err != nil {
			return err
		}
		n.members = append(n.members, member{key.Value, y.Content[i].Line, value})
	}
	if err := b.merge(n, merged); err != nil {
		return err
	}
	b.finish(n)
	return nil
}

// merge adds to n the members of the objects that it does not have itself; of
// several, the first has its way (YAML's merge key, `<<`).
func (b *builder) merge(n *node, from []*node) error {
	if len(from) == 0 {
		return nil
	}
	has := make(map[string]bool, len(n.members))
	for _, m := range n.members {
		has[m.name] = true
	}
	for _, f := range from {
		if f.kind != object {
			b.fault(n, f.line, "<< merges objects, this is %s: left out", f.what())
		}
		for _, m := range f.members {
			if has[m.name] {
				continue
			}
			has[m.name] = true
			if err := b.own(n, m.value, m.name); err != nil {
				return err
			}
			n.members = append(n.members, m)
		}
	}
	return nil
}

// yamlScalar returns the value of a scalar. What JSON has no type for stays
// text: timestamps, binary data, infinity.
func yamlScalar(y *yaml.Node) any {
	switch y.ShortTag() {
	case "!!null":
		return nil
	case "!!bool", "!!int", "!!float":
		var v any
		if y.Decode(&v) != nil {
			return y.Value
		}
		switch v := v.(type) {
		case bool:
			return v
		case int:
			return int64(v)
		case int64:
			return v
		case uint64:
			return float64(v)
		case float64:
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				return v
			}
		}
	}
	return y.Value
}

func (b *builder) buildJSON(data []byte) (*node, error) {
	b.data, b.offset, b.line = data, 0, 1
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	root, err := b.json(decoder, 0, 0)
	if err != nil {
		if _, ok := errors.AsType[*syntaxError](err); ok {
			return nil, err
		}
		message := err.Error()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			message = "the JSON ends before its last bracket is closed"
			b.offset, b.line = 0, 1
			return nil, &syntaxError{b.lineAt(int64(len(bytes.TrimRight(data, " \t\r\n")))), message}
		}
		at := decoder.InputOffset()
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			at = max(at, syntax.Offset)
		}
		return nil, &syntaxError{b.lineAt(at), message}
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, &syntaxError{b.lineAt(decoder.InputOffset()), "text after the end of the JSON"}
	}
	return root, nil
}

// lineAt returns the line of an offset; offsets must not go down.
func (b *builder) lineAt(offset int64) int {
	to := min(int(offset), len(b.data))
	if to > b.offset {
		b.line += bytes.Count(b.data[b.offset:to], []byte("\n"))
		b.offset = to
	}
	return b.line
}

// json makes a node of the decoder's next value. Its line is the one given, or
// where it stands if that is 0.
func (b *builder) json(decoder *json.Decoder, line, depth int) (*node, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	if line == 0 {
		line = b.lineAt(decoder.InputOffset())
	}
	if depth > maxDepth {
		return nil, &syntaxError{line, fmt.Sprintf("nested more than %d levels deep", maxDepth)}
	}
	n := b.add(&node{}, line)
	switch v := token.(type) {
	case json.Delim:
		n.kind = object
		if v == '[' {
			n.kind = list
		}
		for decoder.More() {
			name, memberLine := strconv.Itoa(len(n.items)), 0
			if n.kind == object {
				key, err := decoder.Token()
				if err != nil {
					return nil, err
				}
				name, memberLine = key.(string), b.lineAt(decoder.InputOffset())
			}
			child, err := b.json(decoder, memberLine, depth+1)
			if err == nil {
				err = b.own(n, child, name)
			}
			if err != nil {
				return nil, err
			}
			if n.kind == object {
				n.members = append(n.members, member{name, memberLine, child})
			} else {
				n.items = append(n.items, child)
			}
		}
		if _, err := decoder.Token(); err != nil { // the closing bracket
			return nil, err
		}
		if n.kind == object {
			b.finish(n)
		}
	case json.Number:
		n.text, n.scalar = v.String(), jsonNumber(v)
	case string:
		n.text, n.scalar = v, v
	case bool:
		n.text, n.scalar = strconv.FormatBool(v), v
	}
	return n, nil
}

// jsonNumber returns an int64, a float64, or the text of a number that is
// beyond both.
func jsonNumber(v json.Number) any {
	if i, err := v.Int64(); err == nil {
		return i
	}
	if f, err := v.Float64(); err == nil {
		return f
	}
	return v.String()
}
