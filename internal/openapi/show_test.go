package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// show writes a description down in few words, for comparison.
func show(d *Description) string {
	var b strings.Builder
	for _, op := range d.Operations {
		b.WriteString(op.String())
		if op.ID != "" {
			fmt.Fprintf(&b, " (%s)", op.ID)
		}
		if op.Deprecated {
			b.WriteString(" deprecated")
		}
		if op.Servers != nil {
			fmt.Fprintf(&b, " at %s", op.Servers)
		}
		if op.Security != nil {
			fmt.Fprintf(&b, " by %v", op.Security)
		}
		b.WriteByte('\n')
		for _, p := range op.Parameters {
			fmt.Fprintf(&b, "  %s %s%s: %s", p.In, p.Name, mark(p.Required), showSchema(p.Schema, 3))
			if p.Style != "simple" || p.Explode {
				fmt.Fprintf(&b, " %s", p.Style)
			}
			if p.Explode {
				b.WriteString("*")
			}
			showValues(&b, "eg", p.Examples)
			b.WriteByte('\n')
		}
		if op.Body != nil {
			fmt.Fprintf(&b, "  body%s%s\n", mark(op.Body.Required), showContent(op.Body.Content))
		}
		for _, r := range op.Responses {
			fmt.Fprintf(&b, "  %s%s", r.Code, showContent(r.Content))
			if r.Fields != nil {
				fmt.Fprintf(&b, " %s", r.Fields)
			}
			b.WriteByte('\n')
		}
		for _, l := range op.Links {
			fmt.Fprintf(&b, "  %s -> %s %v\n", l.Code, l.Target, l.Parameters)
		}
	}
	return b.String()
}

func mark(required bool) string {
	if required {
		return "!"
	}
	return ""
}

func showContent(content []Media) string {
	var b strings.Builder
	for _, m := range content {
		fmt.Fprintf(&b, " %s", m.Type)
		if m.Schema != nil {
			fmt.Fprintf(&b, ": %s", showSchema(m.Schema, 3))
		}
		showValues(&b, "eg", m.Examples)
	}
	return b.String()
}

func showValues(b *strings.Builder, word string, values []any) {
	if len(values) > 0 {
		text, err := json.Marshal(values)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(b, " %s%s", word, text)
	}
}

// showSchema goes no deeper than depth.
func showSchema(s *Schema, depth int) string {
	var b strings.Builder
	b.WriteString(s.Name)
	if depth == 0 {
		return b.String() + "..."
	}
	if s.Name != "" {
		b.WriteByte(' ')
	}
	types := strings.Join(s.Types, "|")
	if types == "" {
		types = "any"
	}
	b.WriteString(types)
	if s.Format != "" {
		fmt.Fprintf(&b, "/%s", s.Format)
	}
	if s.Pattern != "" {
		fmt.Fprintf(&b, " ~%s", s.Pattern)
	}
	numbers := map[string]*float64{">=": s.Minimum, ">": s.ExclusiveMinimum, "<=": s.Maximum, "<": s.ExclusiveMaximum}
	for _, name := range slices.Sorted(maps.Keys(numbers)) {
		if v := numbers[name]; v != nil {
			fmt.Fprintf(&b, " %s%g", name, *v)
		}
	}
	if s.MultipleOf != 0 {
		fmt.Fprintf(&b, " of %g", s.MultipleOf)
	}
	counts := map[string]*int{"len>=": s.MinLength, "len<=": s.MaxLength, "items>=": s.MinItems, "items<=": s.MaxItems}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if v := counts[name]; v != nil {
			fmt.Fprintf(&b, " %s%d", name, *v)
		}
	}
	if s.UniqueItems {
		b.WriteString(" unique")
	}
	showValues(&b, "enum", s.Enum)
	if s.Default != nil {
		showValues(&b, "default", []any{s.Default})
	}
	showValues(&b, "eg", s.Examples)
	if s.Description != "" {
		fmt.Fprintf(&b, " %q", s.Description)
	}
	if s.ReadOnly {
		b.WriteString(" readOnly")
	}
	if s.WriteOnly {
		b.WriteString(" writeOnly")
	}
	if len(s.Properties)+len(s.Required) > 0 || s.Additional != nil || s.Closed {
		var members []string
		required := slices.Clone(s.Required)
		for _, p := range s.Properties {
			i := slices.Index(required, p.Name)
			if i >= 0 {
				required = slices.Delete(required, i, i+1)
			}
			members = append(members, p.Name+mark(i >= 0)+": "+showSchema(p.Schema, depth-1))
		}
		for _, name := range required {
			members = append(members, name+"!")
		}
		if s.Additional != nil {
			members = append(members, "*: "+showSchema(s.Additional, depth-1))
		}
		if s.Closed {
			members = append(members, "closed")
		}
		fmt.Fprintf(&b, "{%s}", strings.Join(members, ", "))
	}
	if s.Items != nil {
		fmt.Fprintf(&b, " of [%s]", showSchema(s.Items, depth-1))
	}
	if len(s.AnyOf) > 0 {
		var all []string
		for _, a := range s.AnyOf {
			all = append(all, showSchema(a, depth-1))
		}
		fmt.Fprintf(&b, " (%s)", strings.Join(all, " or "))
	}
	return b.String()
}
