package check

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
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
	typed  bool // it is of another type, and no more is wrong with it
}

// violations returns values that a schema forbids in the place of one that
// succeeded, nil if there was none. In a form all values are texts, as in a query:
// none of them is of the wrong type where a text is declared, or a list of them.
func violations(name string, s *openapi.Schema, in string, there any) []violation {
	if len(s.AnyOf) > 0 || len(s.Types) != 1 { // what one alternative forbids another may allow
		return nil
	}
	var all []violation
	add := func(cause statute.Cause, value any, wanted string) {
		all = append(all, violation{cause: cause, value: value, detail: fmt.Sprintf("%s is %s, %s", name, short(value), wanted)})
	}
	t := s.Types[0]
	wanted := article(t) + " is declared"
	switch {
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
	for i := range all {
		all[i].typed = true
	}
	switch {
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
		if n := s.MultipleOf * 1.5; n > 0 && allows(s, n) && (t == "number" || n == math.Trunc(n)) {
			add(statute.OutOfRange, n, "a multiple of "+text(s.MultipleOf)+" is declared")
		}
	case t == "string":
		if wrong, ok := falseFormats[s.Format]; ok {
			add(statute.WrongType, wrong, article(s.Format)+" is declared")
		} else if wrong := mismatch(s); wrong != "" {
			add(statute.AgainstPattern, wrong, "the pattern is "+s.Pattern)
		}
		switch {
		case s.MinLength != nil && *s.MinLength > 0 && *s.MinLength < maxLength && (in == "body" || *s.MinLength > 1):
			add(statute.OutOfRange, strings.Repeat("x", *s.MinLength-1), fmt.Sprintf("the minimum length is %d", *s.MinLength))
		case s.MaxLength != nil && *s.MaxLength < maxLength:
			add(statute.OutOfRange, strings.Repeat("x", *s.MaxLength+1), fmt.Sprintf("the maximum length is %d", *s.MaxLength))
		}
	case t == "array" && in == "body":
		if s.MinItems != nil && *s.MinItems > 0 {
			add(statute.OutOfRange, []any{}, fmt.Sprintf("the minimum number of items is %d", *s.MinItems))
		}
		list, _ := there.([]any)
		if len(list) == 0 {
			break
		}
		if s.MaxItems != nil && *s.MaxItems >= len(list) && *s.MaxItems < 100 {
			more := slices.Concat(list, slices.Repeat(list[:1], *s.MaxItems+1-len(list)))
			add(statute.OutOfRange, more, fmt.Sprintf("the maximum number of items is %d", *s.MaxItems))
		}
		if s.UniqueItems && (s.MaxItems == nil || *s.MaxItems > len(list)) {
			add(statute.OutOfRange, append(slices.Clone(list), list[0]), "its items must differ")
		}
	}
	return all
}

// maxLength bounds the lengths of texts at whose bounds a run tries.
const maxLength = 5000

// falseFormats are texts that are plainly not of a format.
var falseFormats = map[string]string{
	"date":      "not-a-date",
	"date-time": "not-a-date-time",
	"email":     "not-an-email",
	"ipv4":      "999.999.999.999",
	"ipv6":      "not-an-ip-address",
	"uri":       "http://[",
	"uuid":      "not-a-uuid",
}

// mismatch returns a text of a length that the schema allows and that its
// pattern does not match; "" if it has none, or none that Go reads.
func mismatch(s *openapi.Schema) string {
	pattern, err := regexp.Compile(s.Pattern)
	if s.Pattern == "" || err != nil {
		return ""
	}
	for _, wrong := range []string{"statute", "!", "0", "-"} {
		if wrong = fit(wrong, s); wrong != "" && !pattern.MatchString(wrong) {
			return wrong
		}
	}
	return ""
}

func article(t string) string {
	switch t {
	case "integer", "array", "object", "email", "ipv4", "ipv6":
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

// spoiled is a violation and its place in a call.
type spoiled struct {
	violation
	key string // as in place
}

// spread orders violations so that one of each cause comes first: they tell more
// than many of one.
func spread(all []spoiled, most int) []spoiled {
	seen := map[statute.Cause]int{}
	turns := make([][]spoiled, len(all))
	for _, b := range all {
		turns[seen[b.cause]] = append(turns[seen[b.cause]], b)
		seen[b.cause]++
	}
	all = slices.Concat(turns...)
	return all[:min(most, len(all))]
}

// parameterCases put values into the query and the header section that the
// description forbids, and leave out what it demands.
func (r *run) parameterCases(ctx context.Context, op *operation) {
	var broken []spoiled
	for i := range op.Parameters {
		p := &op.Parameters[i]
		if p.In != "query" && p.In != "header" || r.isCredential(p) || op.demands(p.Name) {
			continue
		}
		for _, v := range violations(p.Name, p.Schema, p.In, nil) {
			broken = append(broken, spoiled{v, p.In + " " + p.Name})
		}
		if p.Required && p.Schema.Default == nil { // with a default it cannot be missing
			left := violation{cause: statute.MissingField, absent: true, detail: p.Name + " is left out, it is required"}
			broken = append(broken, spoiled{left, p.In + " " + p.Name})
		}
	}
	for _, b := range spread(broken, maxParameterCases) {
		in, name, _ := strings.Cut(b.key, " ")
		c := r.repeat(op)
		args := &c.query
		if in == "header" {
			args = &c.field
		}
		if b.absent {
			*args = without(*args, name)
		} else {
			i := slices.IndexFunc(op.Parameters, func(p openapi.Parameter) bool { return p.In == in && p.Name == name })
			*args = with(*args, &op.Parameters[i], b.value)
		}
		r.keep(c, r.try(ctx, op, r.request(c, statute.Full), statute.Case{Cause: b.cause, In: in, Detail: b.detail, Control: op.control}))
	}
}

func (r *run) isCredential(p *openapi.Parameter) bool {
	return slices.ContainsFunc(r.credentials(statute.Full), func(c Credential) bool { return c.In == p.In && strings.EqualFold(c.Name, p.Name) })
}

// bodyCases spoil the content: its syntax, its media type, then its members one
// by one.
func (r *run) bodyCases(ctx context.Context, op *operation) {
	c := r.repeat(op)
	try := func(content []byte, media string, why statute.Case) {
		why.In = "body"
		r.keep(c, r.try(ctx, op, r.raw(op.Method, r.target(c), acceptOf(op), content, media, statute.Full), why))
	}
	if c.media == "" {
		// Content that nobody asked for may be left unread: this has no control.
		if op.Body == nil && op.unsafe() && op.Method != "GET" {
			try([]byte("{"), "application/json", statute.Case{Cause: statute.MalformedJSON, Detail: "one brace, where no content is described"})
		}
		return
	}
	content, media := c.content()
	switch t := statute.MediaType(media); {
	case len(content) == 0:
	case statute.IsJSON(t):
		try(content[:len(content)-1], media, statute.Case{Cause: statute.MalformedJSON, Detail: "the last byte is cut off", Control: op.control})
	case t == "application/xml" || t == "text/xml" || strings.HasSuffix(t, "+xml"):
		try(content[:len(content)-1], media, statute.Case{Cause: statute.MalformedContent, Detail: "the last byte is cut off", Control: op.control})
	case t == "multipart/form-data":
		try(content[:len(content)/2], media, statute.Case{Cause: statute.MalformedContent, Detail: "the second half is cut off", Control: op.control})
	case t == "application/x-www-form-urlencoded":
		try(append(content, "&statute=%zz"...), media, statute.Case{Cause: statute.MalformedContent, Detail: "%zz is no percent-encoding", Control: op.control})
	}
	if schema := r.bodySchema(op); statute.IsJSON(statute.MediaType(media)) &&
		(op.Body.Required || schema != nil && len(schema.Required) > 0 && op.Method == "POST") {
		try(nil, media, statute.Case{Cause: statute.MissingContent, Detail: "no content, it is required", Control: op.control})
	}
	try(content, "application/x-statute", statute.Case{Cause: statute.WrongMediaType, Detail: "application/x-statute", Control: op.control})
	r.memberCases(ctx, op)
}

func (r *run) bodySchema(op *operation) *openapi.Schema {
	for _, m := range writable(op.Body) {
		if m.Type == op.call.media {
			return m.Schema
		}
	}
	return nil
}

// memberCases spoil the members of the content, and send one of the writes that
// were refused once more to see that it changes nothing. Members that are there
// come before those that are added, shallow ones before deep ones.
func (r *run) memberCases(ctx context.Context, op *operation) {
	schema := r.bodySchema(op)
	if schema == nil {
		return
	}
	in := "body"
	if isForm(op.call.media) {
		in = "form"
	}
	var broken []spoiled
	if _, ok := op.call.body.(map[string]any); ok && schema.Closed {
		broken = append(broken, spoiled{violation{cause: statute.UnknownMember, value: "statute", detail: "statute is there, and no further members are allowed"}, "/statute"})
	}
	all := bodyPlaces(nil, "", schema, op.call.clone().body, 0)
	for _, present := range []bool{true, false} {
		for _, p := range all {
			// A member of which the control says nothing may not matter to the
			// server, unless the description bounds it.
			if p.present != present || p.name == "" || !present && (strings.Count(p.key, "/") > 1 || !bounded(p.schema)) {
				continue
			}
			if _, given := r.Values[p.name]; given || op.demands(p.name) {
				continue
			}
			required := present && strings.Count(p.key, "/") == 1 && p.required
			if required && op.Method != "PATCH" && p.schema.Default == nil {
				broken = append(broken, spoiled{violation{cause: statute.MissingField, absent: true, detail: p.key + " is left out, it is required"}, p.key})
			}
			for _, v := range violations(p.key, p.schema, in, p.value) {
				if present || !v.typed {
					broken = append(broken, spoiled{v, p.key})
				}
			}
			if types := p.schema.Types; required && in == "body" && len(types) == 1 && types[0] != "null" && len(p.schema.AnyOf) == 0 {
				broken = append(broken, spoiled{violation{cause: statute.WrongType, detail: p.key + " is null, " + article(types[0]) + " is declared"}, p.key})
			}
		}
	}
	var refused *spoiled
	for _, b := range spread(broken, maxBodyCases) {
		c := r.repeat(op)
		if !b.spoil(c, schema) {
			continue
		}
		x := r.try(ctx, op, r.request(c, statute.Full), statute.Case{Cause: b.cause, In: "body", Detail: b.detail, Control: op.control})
		r.keep(c, x)
		if x != nil && refused == nil && b.cause.IsRight(x.Response.Status) {
			refused = &b
		}
	}
	if refused != nil && ours(op) && (op.Method == "PUT" || op.Method == "PATCH") {
		r.refusedWrite(ctx, op, schema, *refused)
	}
}

// spoil puts the violation into a call, and reports whether there is a place for
// it.
func (b *spoiled) spoil(c *call, schema *openapi.Schema) bool {
	if object, ok := c.body.(map[string]any); ok && b.cause == statute.UnknownMember {
		object[strings.TrimPrefix(b.key, "/")] = b.value
		return true
	}
	for _, p := range bodyPlaces(nil, "", schema, c.body, 0) {
		if p.key != b.key {
			continue
		}
		if b.absent {
			p.drop()
		} else {
			p.set(b.value)
		}
		return true
	}
	return false
}

// bounded reports whether a schema says more of a value than its type.
func bounded(s *openapi.Schema) bool {
	return len(s.Enum) > 0 || s.Minimum != nil || s.Maximum != nil || s.ExclusiveMinimum != nil || s.ExclusiveMaximum != nil ||
		s.MaxLength != nil || s.Pattern != "" || s.MultipleOf > 0 || falseFormats[s.Format] != ""
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
