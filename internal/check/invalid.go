package check

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// violation is a value that the description forbids.
type violation struct {
	cause  statute.Cause
	detail string
	value  any
	absent bool // the value is left out
}

// violations returns values that a schema forbids, at most one of each cause.
func violations(name string, s *openapi.Schema, in string) []violation {
	if len(s.AnyOf) > 0 {
		return nil
	}
	var all []violation
	add := func(cause statute.Cause, value any, wanted string) {
		all = append(all, violation{cause: cause, value: value, detail: fmt.Sprintf("%s is %s, %s", name, short(value), wanted)})
	}
	loose := len(s.Types) != 1 // several types: what one forbids another may allow
	if !loose {
		wanted := article(s.Types[0]) + " is declared"
		switch t := s.Types[0]; {
		case t == "integer" || t == "number":
			add(statute.WrongType, "statute", wanted)
		case t == "boolean":
			add(statute.WrongType, "maybe", wanted)
		case in != "body":
		case t == "string":
			add(statute.WrongType, map[string]any{"statute": true}, wanted)
		case t == "array" || t == "object":
			add(statute.WrongType, "statute", wanted)
		}
	}
	switch t := kind(s); {
	case loose:
	case len(s.Enum) > 0:
		if t == "string" {
			add(statute.NotInEnum, "statute-none", "the enum has no such value")
		}
	case t == "integer" || t == "number":
		switch {
		case s.Minimum != nil:
			add(statute.OutOfRange, *s.Minimum-1, "the minimum is "+text(*s.Minimum))
		case s.ExclusiveMinimum != nil:
			add(statute.OutOfRange, *s.ExclusiveMinimum, "more than that is declared")
		case s.Maximum != nil:
			add(statute.OutOfRange, *s.Maximum+1, "the maximum is "+text(*s.Maximum))
		case s.ExclusiveMaximum != nil:
			add(statute.OutOfRange, *s.ExclusiveMaximum, "less than that is declared")
		}
	case t == "string" && in == "body":
		switch {
		case s.MinLength != nil && *s.MinLength == 1:
			add(statute.OutOfRange, "", "the minimum length is 1")
		case s.MaxLength != nil && *s.MaxLength < 5000:
			add(statute.OutOfRange, strings.Repeat("x", *s.MaxLength+1), fmt.Sprintf("the maximum length is %d", *s.MaxLength))
		}
	case t == "array" && in == "body" && s.MinItems != nil && *s.MinItems > 0:
		add(statute.OutOfRange, []any{}, fmt.Sprintf("the minimum number of items is %d", *s.MinItems))
	}
	return all
}

func article(t string) string {
	switch t {
	case "integer", "array", "object":
		return "an " + t
	}
	return "a " + t
}

// short writes a value for people.
func short(value any) string {
	b, _ := json.Marshal(value)
	if len(b) > 40 {
		return string(b[:40]) + "…"
	}
	return string(b)
}

// The most requests with forbidden values that one operation gets.
const (
	maxParameterCases = 8
	maxBodyCases      = 10
)

// parameterCases put values into the query that the description forbids, and
// leave out what it demands.
func (r *run) parameterCases(ctx context.Context, op *operation) {
	n := 0
	for i := range op.Parameters {
		p := &op.Parameters[i]
		if p.In != "query" || r.isCredential(p) {
			continue
		}
		broken := violations(p.Name, p.Schema, "query")
		if p.Required {
			broken = append(broken, violation{cause: statute.MissingField, absent: true, detail: p.Name + " is left out, it is required"})
		}
		for _, v := range broken {
			if n++; n > maxParameterCases {
				return
			}
			c := r.repeat(op)
			if v.absent {
				c.query = without(c.query, p.Name)
			} else {
				c.query = with(c.query, p, v.value)
			}
			x := r.try(ctx, op, r.request(c, statute.Full), statute.Case{Cause: v.cause, In: "query", Detail: v.detail, Control: op.control})
			r.keep(c, x)
		}
	}
}

func (r *run) isCredential(p *openapi.Parameter) bool {
	return slices.ContainsFunc(r.Credentials, func(c Credential) bool { return c.In == p.In && strings.EqualFold(c.Name, p.Name) })
}

// bodyCases spoil the content: its syntax, its media type, then its members one
// by one.
func (r *run) bodyCases(ctx context.Context, op *operation) {
	c := r.repeat(op)
	if c.media == "" {
		return
	}
	content, media := encodeBody(c.body, c.media)
	try := func(content []byte, media string, cause statute.Cause, detail string) {
		request := r.raw(op.Method, r.target(c), acceptOf(op), content, media, statute.Full)
		r.keep(c, r.try(ctx, op, request, statute.Case{Cause: cause, In: "body", Detail: detail, Control: op.control}))
	}
	if statute.IsJSON(statute.MediaType(media)) {
		try(content[:len(content)-1], media, statute.MalformedJSON, "the last byte is cut off")
		if schema := r.bodySchema(op); op.Body.Required || schema != nil && len(schema.Required) > 0 && op.Method == "POST" {
			try(nil, media, statute.MissingContent, "no content, it is required")
		}
	}
	try(content, "application/x-statute", statute.WrongMediaType, "application/x-statute")
	r.memberCases(ctx, op)
	if i := op.from; i != nil && i.made && i.read != nil && op.effect == changes {
		r.readBack(ctx, i)
	}
}

func (r *run) bodySchema(op *operation) *openapi.Schema {
	for _, m := range writable(op.Body) {
		if m.Type == op.call.media {
			return m.Schema
		}
	}
	return nil
}

// memberCases spoil the members of the content. Members that are there come
// before those that are added, shallow ones before deep ones.
func (r *run) memberCases(ctx context.Context, op *operation) {
	schema := r.bodySchema(op)
	if schema == nil {
		return
	}
	type spoiled struct {
		at int
		violation
	}
	var broken []spoiled
	all := bodyPlaces(nil, "", schema, op.call.clone().body, 0)
	for _, present := range []bool{true, false} {
		for at, p := range all {
			// A member of which the control says nothing may not matter to the
			// server, unless the description bounds it.
			if p.present != present || p.name == "" || !present && (strings.Count(p.key, "/") > 1 || !bounded(p.schema)) {
				continue
			}
			if _, given := r.Values[p.name]; given {
				continue
			}
			if present && op.Method != "PATCH" && strings.Count(p.key, "/") == 1 && slices.Contains(schema.Required, p.name) {
				broken = append(broken, spoiled{at, violation{cause: statute.MissingField, absent: true, detail: p.key + " is left out, it is required"}})
			}
			for _, v := range violations(p.key, p.schema, "body") {
				if present || v.cause != statute.WrongType {
					broken = append(broken, spoiled{at, v})
				}
			}
		}
	}
	// One of each cause first: they tell more than many of one.
	seen := map[statute.Cause]int{}
	turn := make([]int, len(broken))
	for i, b := range broken {
		turn[i] = seen[b.cause]
		seen[b.cause]++
	}
	order := make([]int, len(broken))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return turn[a] - turn[b] })
	for n, i := range order {
		if n == maxBodyCases {
			return
		}
		b := broken[i]
		c := r.repeat(op)
		if p := bodyPlaces(nil, "", schema, c.body, 0)[b.at]; b.absent {
			p.drop()
		} else {
			p.set(b.value)
		}
		x := r.try(ctx, op, r.request(c, statute.Full), statute.Case{Cause: b.cause, In: "body", Detail: b.detail, Control: op.control})
		r.keep(c, x)
	}
}

// bounded reports whether a schema says more of a value than its type.
func bounded(s *openapi.Schema) bool {
	return len(s.Enum) > 0 || s.Minimum != nil || s.Maximum != nil || s.ExclusiveMinimum != nil || s.ExclusiveMaximum != nil
}

// repeat returns a copy of the call that succeeded. What made a resource makes
// another by it: the words in it are fresh.
func (r *run) repeat(op *operation) *call {
	c := op.call.clone()
	if op.effect == created {
		c.body = r.freshen(c.body)
	}
	return c
}
