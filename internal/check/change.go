package check

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// What stands here changes what this run made, and nothing else: see ours.

// ours reports whether what an operation reached is what its path names, and
// made by this run.
func ours(op *operation) bool {
	return op.from != nil && op.from.made && !op.from.gone && op.from.template == op.Path
}

// putAgain repeats a PUT at once and reads what came of it: a PUT is idempotent
// (RFC 9110, 9.2.2).
func (r *run) putAgain(ctx context.Context, op *operation, i *instance) {
	if r.try(ctx, op, r.request(op.call, statute.Full), statute.Case{Cause: statute.PutAgain, Control: op.control}) != nil {
		r.readBack(ctx, i)
	}
}

// partialPuts put a text that the description does not require, then leave it
// out, and read after each: a PUT replaces all (RFC 9110, 9.3.4). Any other value
// may be what the server puts where nothing is sent.
func (r *run) partialPuts(ctx context.Context, op *operation) {
	schema := r.bodySchema(op)
	if op.Method != "PUT" || !ours(op) || schema == nil {
		return
	}
	full := op.call.clone()
	if !r.readable(ctx, op.from) {
		return
	}
	added, ok := r.change(full, schema, func(p place) bool {
		return atTop(full.body, p) && !p.required && p.schema.Default == nil && kind(p.schema) == "string" && len(p.schema.Enum) == 0
	})
	if !ok {
		return
	}
	put := func(c *call, control *statute.Exchange) *statute.Exchange {
		x := r.try(ctx, op, r.request(c, statute.Full), statute.Case{Cause: statute.Change, Control: control})
		if x == nil || x.Response.Class() != 2 || !r.readChanged(ctx, op.from, x) {
			return nil
		}
		return x
	}
	x := put(full, op.control)
	if x == nil || text(stateOf(r.lastRead(op.from))[added.name]) != text(added.value) {
		return // the member is not one that reading shows
	}
	less := full.clone()
	left := spoiled{violation{absent: true}, added.key}
	if left.spoil(less, schema) {
		put(less, x)
	}
}

// mergePatches change one member by a merge patch, then another one, and remove
// the first where the description lets it be null; they read after each: what a
// patch does not name stays (RFC 7396, 2).
func (r *run) mergePatches(ctx context.Context, op *operation) {
	schema := r.bodySchema(op)
	if statute.MediaType(op.call.media) != "application/merge-patch+json" || !ours(op) || schema == nil || !r.readable(ctx, op.from) {
		return
	}
	patch := func(name string, value any, control *statute.Exchange) *statute.Exchange {
		c := op.call.clone()
		c.body = map[string]any{name: value}
		x := r.try(ctx, op, r.request(c, statute.Full), statute.Case{Cause: statute.MergePatch, Control: control})
		if x == nil || x.Response.Class() != 2 || !r.readChanged(ctx, op.from, x) {
			return nil
		}
		return x
	}
	read := stateOf(op.from.read)
	if read == nil {
		return
	}
	state := op.call.clone()
	state.body = read
	removable := func(p place) bool { // not a choice: its default may be the very value
		return slices.Contains(p.schema.Types, "null") && len(p.schema.Enum) == 0 && kind(p.schema) == "string"
	}
	first, ok := r.change(state, schema, func(p place) bool { return atTop(read, p) && removable(p) })
	if !ok {
		first, ok = r.change(state, schema, func(p place) bool { return atTop(read, p) })
	}
	if !ok {
		return
	}
	x := patch(first.name, first.value, op.control)
	if x == nil {
		return
	}
	second, ok := r.change(state, schema, func(p place) bool { return atTop(read, p) && p.name != first.name })
	if ok && patch(second.name, second.value, op.control) == nil {
		return
	}
	if removable(first) {
		patch(first.name, nil, x)
	}
}

// atTop reports whether a place is a member of the content itself, or of the one
// object in it: {"order": {...}}.
func atTop(body any, p place) bool {
	object, _ := body.(map[string]any)
	depth := 1
	for _, value := range object {
		if _, ok := value.(map[string]any); ok && len(object) == 1 {
			depth = 2
		}
	}
	return strings.Count(p.key, "/") == depth
}

// refusedWrite sends once more what the server refused, beside a member that is
// changed and right, and reads before and after: a write that is refused must
// change nothing.
func (r *run) refusedWrite(ctx context.Context, op *operation, schema *openapi.Schema, refused spoiled) {
	c := op.call.clone()
	if _, ok := r.change(c, schema, func(p place) bool { return p.key != refused.key }); !ok {
		return
	}
	if !refused.spoil(c, schema) || !r.readable(ctx, op.from) {
		return
	}
	r.try(ctx, op, r.request(c, statute.Full), statute.Case{Cause: refused.cause, In: "body", Detail: refused.detail, Control: op.control})
	r.readBack(ctx, op.from)
}

// readable reads what this run made, and reports whether that succeeds.
func (r *run) readable(ctx context.Context, i *instance) bool {
	x := r.readBack(ctx, i)
	return x != nil && x.Response.Class() == 2
}

// readChanged reads what was readable before a write, and reports whether it is
// there still. If not, it is somewhere else now, and cannot be deleted.
func (r *run) readChanged(ctx context.Context, i *instance, write *statute.Exchange) bool {
	x := r.readBack(ctx, i)
	if x != nil && (x.Response.Status == 404 || x.Response.Status == 410) && write.Response.Class() == 2 {
		i.gone = true
		r.remember(&instance{made: true, create: write})
	}
	return x != nil && !i.gone
}

// changed returns the call of an operation with one value changed that the
// description allows as well; nil if there is none to change.
func (r *run) changed(op *operation) *call {
	c := op.call.clone()
	if schema := r.bodySchema(op); schema != nil {
		if _, ok := r.change(c, schema, func(place) bool { return true }); ok {
			return c
		}
	}
	return nil
}

// change gives one of those members of a call's content that may be changed
// another value that the description allows, and returns it as it is then.
// Choices come last, and of the others those first that are there.
func (r *run) change(c *call, schema *openapi.Schema, may func(place) bool) (place, bool) {
	if object, ok := c.body.(map[string]any); ok && len(object) == 0 && len(schema.Properties) == 1 && kind(schema.Properties[0].Schema) == "object" {
		object[schema.Properties[0].Name] = map[string]any{} // the envelope
	}
	all := bodyPlaces(nil, "", schema, c.body, 0)
	rank := func(p place) int {
		n := 0
		if !p.present {
			n = 1
		}
		if len(p.schema.Enum) > 0 { // of choices, one may lead to the next
			n += 2
		}
		return n
	}
	slices.SortStableFunc(all, func(a, b place) int { return rank(a) - rank(b) })
	state := stateOf(r.lastRead(c.op.from))
	for _, p := range all {
		_, given := r.Values[p.name]
		if given || p.name == "" || p.schema.WriteOnly || identifies(p, state[p.name], c.path) || !p.present && !atTop(c.body, p) || !may(p) {
			continue
		}
		if value := r.otherValue(p); value != nil {
			p.set(value)
			p.value = value
			return p, true
		}
	}
	return place{}, false
}

// identifies reports whether a member tells, by its name or by the value that it
// is given or has, which thing it is, or which state of it: nothing to change by
// the way.
func identifies(p place, has any, path map[string]string) bool {
	if strings.HasSuffix(squash(p.name), "id") || nameHas(p.name, "key", "slug", "version", "revision", "etag", "type", "kind", "href", "url", "self") {
		return true
	}
	for _, value := range []any{p.value, has} {
		word, ok := value.(string)
		for _, id := range path {
			if ok && len(word) > 2 && strings.Contains(strings.ToLower(id), strings.ToLower(word)) {
				return true
			}
		}
	}
	return false
}

// otherValue returns a value for a place that the description allows and that is
// neither there nor the default; nil if it knows none.
func (r *run) otherValue(p place) any {
	s := p.schema
	if s.Default != nil && !p.present && len(s.Enum) == 0 {
		return nil
	}
	for _, value := range s.Enum {
		if value != nil && !same(value, p.value) && !same(value, s.Default) {
			return value
		}
	}
	if len(s.Enum) > 0 || len(s.AnyOf) > 0 {
		return nil
	}
	switch kind(s) {
	case "string":
		if old, ok := p.value.(string); ok {
			if fresh := r.freshen(old); fresh != old {
				return fresh
			}
		}
		if s.Format == "" && s.Pattern == "" && nameFormat(p.name) == "" && len(r.values.wellKnown(p.name)) == 0 {
			return r.values.word(s)
		}
	case "boolean":
		old, _ := p.value.(bool)
		return !old
	case "integer", "number":
		if s.MultipleOf > 0 {
			return nil
		}
		if !p.present {
			return r.values.number(p.name, s)
		}
		old, err := strconv.ParseFloat(text(p.value), 64)
		for _, value := range []float64{old + 1, old - 1} {
			if err == nil && allows(s, value) {
				return value
			}
		}
	}
	return nil
}

// allows reports whether a number is within the bounds of a schema.
func allows(s *openapi.Schema, n float64) bool {
	return (s.Minimum == nil || n >= *s.Minimum) && (s.Maximum == nil || n <= *s.Maximum) &&
		(s.ExclusiveMinimum == nil || n > *s.ExclusiveMinimum) && (s.ExclusiveMaximum == nil || n < *s.ExclusiveMaximum)
}

// stateOf returns a copy of the object that a read was answered with, without
// the envelope around it; nil if it was answered otherwise.
func stateOf(read *statute.Exchange) map[string]any {
	if read == nil {
		return nil
	}
	body := decode(read.Response.Body.Bytes)
	if inner, ok := unwrap(body).(map[string]any); ok {
		body = inner
	}
	state, _ := body.(map[string]any)
	return maps.Clone(state)
}
