package openapi

import (
	"cmp"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// unreadSchema is a schema that is pointed to but not filled yet.
type unreadSchema struct {
	schema *Schema
	nodes  []*node
}

// schema returns the schema that the nodes describe together; a value must meet
// all of them. The same nodes yield the same pointer, so what refers to itself
// ends in a circle of pointers. The schema is filled by readSchemas.
func (r *reader) schema(nodes ...*node) *Schema {
	var key strings.Builder
	var together []*node
	for _, n := range nodes {
		if n = r.plain(n); n != nil && !slices.Contains(together, n) {
			together = append(together, n)
			key.WriteString(strconv.Itoa(n.id) + " ")
		}
	}
	if s := r.schemas[key.String()]; s != nil {
		return s
	}
	s := &Schema{}
	r.schemas[key.String()] = s
	// Descriptions that people write have fewer schemas than nodes; one that
	// combines its schemas in ever new ways must not run forever.
	if len(r.schemas) > r.library.nodes+1000 {
		r.note(Problem{File: r.d.Location, Message: "allOf combines the schemas in too many ways: some are left empty"})
		return s
	}
	r.unread = append(r.unread, unreadSchema{s, together})
	return s
}

// plain returns the node that n is a mere reference to, or else n; nil if the
// reference leads nowhere.
func (r *reader) plain(n *node) *node {
	at := n
	for range maxHops {
		ref, ok := at.reference()
		if !ok || slices.ContainsFunc(at.members, constrains) {
			return at
		}
		to, err := r.library.target(at, ref)
		if err != nil {
			r.problem(at, "%v: any value is assumed", err)
			return nil
		}
		at = to
	}
	r.problem(n, "$ref goes in a circle: any value is assumed")
	return nil
}

// constrains reports whether a member beside a $ref says more than the target.
func constrains(m member) bool {
	switch m.name {
	case "$ref", "$dynamicRef", "$comment", "title", "summary", "description", "deprecated", "externalDocs":
		return false
	}
	return m.name == "x-nullable" || !strings.HasPrefix(m.name, "x-")
}

// readSchemas fills all schemas that are pointed to.
func (r *reader) readSchemas() {
	for len(r.unread) > 0 {
		last := len(r.unread) - 1
		next := r.unread[last]
		r.unread = r.unread[:last]
		r.fill(next.schema, next.nodes)
	}
}

// conjunction is what a value must meet all of.
type conjunction struct {
	parts    []*node   // objects with keywords, each once
	groups   [][]*node // of each group one alternative
	nullable bool
}

// The bounds of one schema: how many others it merges, and how many
// combinations of alternatives it has. Both are far above what people write.
const (
	maxParts        = 1000
	maxAlternatives = 64
)

// collect adds a node, what it refers to and the members of its allOf. What
// stands beside a $ref counts in all versions: in 2.0 and 3.0 it should not,
// but whoever writes "nullable" there means it.
func (r *reader) collect(c *conjunction, n *node) {
	if slices.Contains(c.parts, n) {
		return
	}
	if len(c.parts) == maxParts {
		r.problem(n, "more than %d schemas at once in allOf: the rest is left out", maxParts)
		return
	}
	if n.kind != object {
		if _, ok := n.scalar.(bool); !ok {
			r.problem(n, "is %s, not a schema: any value is assumed", n.what())
		}
		return
	}
	c.parts = append(c.parts, n)
	if ref, ok := n.reference(); ok {
		if to, err := r.library.target(n, ref); err != nil {
			r.problem(n, "%v: left out", err)
		} else {
			r.collect(c, to)
		}
	}
	for _, part := range r.items(n.get("allOf")) {
		r.collect(c, part)
	}
	for _, name := range [...]string{"nullable", "x-nullable"} {
		if r.flag(n.get(name)) {
			c.nullable = true
		}
	}
	for _, name := range [...]string{"anyOf", "oneOf"} {
		group := r.items(n.get(name))
		if len(group) == 2 {
			if i := slices.IndexFunc(group, isNullSchema); i >= 0 {
				c.nullable = true
				group = group[1-i : 2-i]
			}
		}
		switch len(group) {
		case 0:
		case 1:
			r.collect(c, group[0])
		default:
			c.groups = append(c.groups, group)
		}
	}
}

// isNullSchema reports whether a schema says that a value is null and no more.
func isNullSchema(n *node) bool {
	t := n.get("type")
	return len(n.members) == 1 && t.isString() && t.text == "null"
}

// alternatives returns the combinations of one alternative of each group.
func (c *conjunction) alternatives() [][]*node {
	var combined [][]*node
	for _, group := range c.groups {
		if combined == nil {
			for _, n := range group {
				combined = append(combined, []*node{n})
			}
			continue
		}
		if len(combined)*len(group) > maxAlternatives {
			continue
		}
		var longer [][]*node
		for _, nodes := range combined {
			for _, n := range group {
				longer = append(longer, append(slices.Clone(nodes), n))
			}
		}
		combined = longer
	}
	return combined
}

// fill reads the keywords of all nodes into one schema.
func (r *reader) fill(s *Schema, nodes []*node) {
	var c conjunction
	for _, n := range nodes {
		r.collect(&c, n)
	}
	if len(nodes) > 0 {
		s.Name = r.componentName(nodes[0])
	}
	var items, additional []*node
	var names []string
	properties := map[string][]*node{}
	for _, n := range c.parts {
		r.keywords(s, n, len(nodes) == 1)
		r.bounds(s, n)
		if v := n.get("items"); v != nil {
			items = append(items, v)
		}
		if v := n.get("additionalProperties"); v != nil {
			if v.scalar == false {
				s.Closed = true
			} else {
				additional = append(additional, v)
			}
		}
		if v := n.get("unevaluatedProperties"); v != nil && v.scalar == false {
			s.Closed = true
		}
		for _, m := range r.properties(n) {
			if properties[m.name] == nil {
				names = append(names, m.name)
			}
			properties[m.name] = append(properties[m.name], m.value)
		}
	}
	for _, name := range names {
		s.Properties = append(s.Properties, Property{name, r.schema(properties[name]...)})
	}
	if len(items) > 0 {
		s.Items = r.schema(items...)
	}
	if len(additional) > 0 {
		s.Additional = r.schema(additional...)
	}
	for _, nodes := range c.alternatives() {
		s.AnyOf = append(s.AnyOf, r.schema(nodes...))
	}
	if c.nullable {
		s.allowNull()
	}
}

// allowNull makes null a value that the schema admits.
func (s *Schema) allowNull() {
	if len(s.Types) > 0 && !slices.Contains(s.Types, "null") {
		s.Types = append(s.Types, "null")
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, nil) {
		s.Enum = append(s.Enum, nil)
	}
	if len(s.AnyOf) > 0 {
		s.AnyOf = append(s.AnyOf, &Schema{Types: []string{"null"}})
	}
}

// componentName returns the name of the component that a node is or, with
// more beside it, refers to.
func (r *reader) componentName(n *node) string {
	for range maxHops {
		if name := n.component(r.doc); name != "" {
			return name
		}
		ref, ok := n.reference()
		if !ok {
			return ""
		}
		to, err := r.library.target(n, ref)
		if err != nil {
			return ""
		}
		n = to
	}
	return ""
}

// properties returns the properties of a schema, those that are forbidden left
// out.
func (r *reader) properties(n *node) []member {
	object := r.object(n.get("properties"))
	if object == nil {
		return nil
	}
	var members []member
	at := make(map[string]int, len(object.members))
	for _, m := range object.members {
		if m.value.scalar == false {
			continue
		}
		if i, ok := at[m.name]; ok {
			members[i] = m
			continue
		}
		at[m.name] = len(members)
		members = append(members, m)
	}
	return members
}

// keywords reads what is neither a bound nor another schema. That types exclude
// each other is a problem where somebody wrote it so, not where alternatives
// were combined.
func (r *reader) keywords(s *Schema, n *node, written bool) {
	if t := n.get("type"); t != nil && !r.narrow(s, t) && written {
		r.problem(t, "no value is both this and %s: the latter is taken", strings.Join(s.Types, " or "))
	}
	if v := n.get("description"); v != nil && s.Description == "" {
		s.Description = r.text(v)
	}
	if v := n.get("format"); v != nil && s.Format == "" {
		s.Format = r.text(v)
	}
	if v := n.get("pattern"); v != nil && s.Pattern == "" {
		s.Pattern = r.text(v)
	}
	if v := n.get("enum"); v != nil {
		var values []any
		for _, item := range r.items(v) {
			values = append(values, item.value())
		}
		s.restrict(values)
	}
	if v := n.member("const"); v != nil { // which may be null
		s.restrict([]any{v.value()})
	}
	if v := n.get("default"); v != nil && s.Default == nil {
		s.Default = v.value()
	}
	s.Examples = append(s.Examples, r.examples(n)...)
	// The "required" of 2.0's parameters is another one.
	if v := n.get("required"); v != nil && !n.get("in").isString() {
		for _, name := range r.texts(v) {
			if !slices.Contains(s.Required, name) {
				s.Required = append(s.Required, name)
			}
		}
	}
	s.UniqueItems = r.flag(n.get("uniqueItems")) || s.UniqueItems
	s.ReadOnly = r.flag(n.get("readOnly")) || s.ReadOnly
	s.WriteOnly = r.flag(n.get("writeOnly")) || s.WriteOnly
	if x := n.get("xml"); x != nil && x.kind == object {
		s.XML = XML{
			Name:      cmp.Or(s.XML.Name, r.text(x.get("name"))),
			Attribute: r.flag(x.get("attribute")) || r.text(x.get("nodeType")) == "attribute",
			Wrapped:   r.flag(x.get("wrapped")),
		}
	}
}

// narrow leaves the types that are also among those of a "type" keyword, and
// reports whether there are any.
func (r *reader) narrow(s *Schema, t *node) bool {
	var types []string
	all := []*node{t}
	if t.kind == list {
		all = t.items
	}
	for _, item := range all {
		switch word := r.text(item); word {
		case "object", "array", "string", "integer", "number", "boolean", "null":
			types = append(types, word)
		case "file":
			types = append(types, "string")
			s.Format = "binary"
		case "":
			if item.null() { // the word null without its quotes
				types = append(types, "null")
			}
		default:
			r.problem(item, "type %q is not known: any type is assumed", word)
			return true
		}
	}
	if len(s.Types) == 0 || len(types) == 0 {
		s.Types = append(s.Types, types...)
		return true
	}
	var both []string
	for _, word := range types {
		switch {
		case slices.Contains(s.Types, word),
			word == "integer" && slices.Contains(s.Types, "number"):
			both = append(both, word)
		case word == "number" && slices.Contains(s.Types, "integer"):
			both = append(both, "integer")
		}
	}
	if len(both) == 0 {
		return false
	}
	s.Types = both
	return true
}

// restrict leaves the values of the enum that are also among those given.
func (s *Schema) restrict(values []any) {
	if len(s.Enum) == 0 {
		s.Enum = values
		return
	}
	var both []any
	for _, have := range s.Enum {
		if slices.ContainsFunc(values, func(v any) bool { return reflect.DeepEqual(v, have) }) {
			both = append(both, have)
		}
	}
	if len(both) > 0 {
		s.Enum = both
	}
}

// bounds reads the bounds of numbers, strings and arrays; of several the
// tightest counts.
func (r *reader) bounds(s *Schema, n *node) {
	minimum, maximum := r.number(n.get("minimum")), r.number(n.get("maximum"))
	least, most := n.get("exclusiveMinimum"), n.get("exclusiveMaximum")
	var above, below *float64
	if least != nil {
		if exclusive, ok := least.scalar.(bool); !ok {
			above = r.number(least)
		} else if exclusive {
			above, minimum = minimum, nil
		}
	}
	if most != nil {
		if exclusive, ok := most.scalar.(bool); !ok {
			below = r.number(most)
		} else if exclusive {
			below, maximum = maximum, nil
		}
	}
	s.Minimum, s.ExclusiveMinimum = higher(s.Minimum, minimum), higher(s.ExclusiveMinimum, above)
	s.Maximum, s.ExclusiveMaximum = lower(s.Maximum, maximum), lower(s.ExclusiveMaximum, below)
	s.MinLength, s.MaxLength = higher(s.MinLength, r.count(n.get("minLength"))), lower(s.MaxLength, r.count(n.get("maxLength")))
	s.MinItems, s.MaxItems = higher(s.MinItems, r.count(n.get("minItems"))), lower(s.MaxItems, r.count(n.get("maxItems")))
	if v := r.number(n.get("multipleOf")); v != nil && *v > 0 && s.MultipleOf == 0 {
		s.MultipleOf = *v
	}
}

// higher returns the larger of two bounds, nil being none.
func higher[T int | float64](a, b *T) *T {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

// lower returns the smaller of two bounds, nil being none.
func lower[T int | float64](a, b *T) *T {
	if a == nil || b != nil && *b < *a {
		return b
	}
	return a
}

// number returns the value of a number, nil if it is something else.
func (r *reader) number(n *node) *float64 {
	if n == nil {
		return nil
	}
	switch v := n.scalar.(type) {
	case int64:
		f := float64(v)
		return &f
	case float64:
		return &v
	}
	r.problem(n, "is %s, not a number: left out", n.what())
	return nil
}

// count returns the value of a natural number, nil if it is something else.
func (r *reader) count(n *node) *int {
	f := r.number(n)
	if f == nil {
		return nil
	}
	if *f < 0 || *f != math.Trunc(*f) {
		r.problem(n, "is %s, not a natural number: left out", n.text)
		return nil
	}
	i := int(min(*f, math.MaxInt32))
	return &i
}
