package check

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// guard is the last gate before an unsafe call is sent, wherever its values come
// from: the description's examples, answers, links or error texts. What changes
// something names nothing that others made, and what makes something does not
// give it an id that may be somebody's.
func (d *draft) guard() {
	if !d.op.unsafe() && !d.op.makes() {
		return
	}
	for _, args := range []*[]argument{&d.query, &d.field} {
		for _, a := range *args {
			if value, changed := d.guarded(a.Name, nil, a.Schema, a.value); changed {
				*args = with(*args, a.Parameter, value)
			}
		}
	}
	d.body = d.guardContent(d.schema, d.body, d.op.noun(), 0)
}

// guardContent guards the members of an object or a list. Around are the words
// of the member that it stands in: they say whose a plain "id" is.
func (d *draft) guardContent(s *openapi.Schema, body any, around []string, depth int) any {
	if s == nil {
		s = &openapi.Schema{}
	}
	switch body := body.(type) {
	case []any:
		for i := range body {
			body[i] = d.guardContent(s.Items, body[i], around, depth+1)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(body)) {
			member := memberOf(s, name)
			_, _, asks := asksFor(name)
			value, changed := d.guarded(name, around, member, body[name])
			switch {
			case changed && d.op.effect == created && asks && !slices.Contains(s.Required, name):
				delete(body, name) // the server's to choose
			case changed:
				body[name] = value
			default:
				body[name] = d.guardContent(member, body[name], inside(name, around), depth+1)
			}
		}
	}
	return body
}

// guarded returns what may stand in a place, and whether that is another value.
func (d *draft) guarded(name string, around []string, s *openapi.Schema, value any) (any, bool) {
	if s == nil {
		s = &openapi.Schema{}
	}
	if list, ok := value.([]any); ok {
		changed := false
		list = slices.Clone(list)
		for i := range list {
			item, other := d.guarded(name, around, s.Items, list[i])
			list[i], changed = item, changed || other
		}
		return list, changed
	}
	id, plain := scalar(value)
	if !plain || len(s.Enum) > 0 || d.allowed(name, around, s, id) {
		return value, false
	}
	fresh := d.run.newID(&openapi.Parameter{Name: name, Schema: s})
	if kind(s) == "" && isNumber(id) {
		fresh = d.run.newID(&openapi.Parameter{Name: name, Schema: &openapi.Schema{Types: []string{"integer"}}})
		return typed(fresh, &openapi.Schema{Types: []string{"integer"}}), true
	}
	return typed(fresh, s), true
}

// vacant reports whether nobody has the id that a create gives to what it makes:
// the user wants it, the run made it up, or nothing is read there. One that
// somebody has gives way to others, where the schema leaves little choice.
func (r *run) vacant(ctx context.Context, d *draft) bool {
	for _, p := range d.ids() {
		if _, given := r.Values[p.name]; given || r.values.sole(text(p.value)) {
			continue
		}
		others := p.schema.Enum
		if len(others) == 0 {
			for range 2 {
				others = append(others, typed(r.newID(&openapi.Parameter{Name: p.name, Schema: p.schema}), p.schema))
			}
		}
		all := slices.Concat([]any{p.value}, others[:min(len(others), 3)])
		free := slices.IndexFunc(all, func(id any) bool { return r.nothingCalled(ctx, d, text(id)) })
		if free < 0 {
			return false
		}
		p.set(all[free])
	}
	return true
}

// ids returns the places of a create that hold the id of what it makes.
func (d *draft) ids() []place {
	if d.op.effect != created {
		return nil
	}
	var all []place
	for _, p := range d.places() {
		steps := strings.Split(p.key, "/")
		around := slices.ContainsFunc(steps[1:max(1, len(steps)-1)], func(step string) bool {
			return !slices.Contains(wrappers, squash(step)) && !slices.Equal(plainly(step), d.op.noun())
		})
		if _, plain := scalar(p.value); p.present && plain && !around && !strings.HasPrefix(p.key, "path ") && d.run.names(d.op, p.name) {
			all = append(all, p)
		}
	}
	return all
}

// nothingCalled reports whether the collection of a create is known to hold nothing
// with that id.
func (r *run) nothingCalled(ctx context.Context, d *draft, id string) bool {
	for _, item := range r.itemsOf(d.op.Path) {
		get := r.operation("GET", item)
		if get == nil || get.outcome.State == statute.Skipped {
			continue
		}
		c := r.draft(get).call
		if above, _, ok := align(d.op.Path, item); ok {
			maps.Copy(c.path, renamed(d.path, above))
		}
		c.path[lastParam(item)] = id
		x := r.try(ctx, get, r.request(c, statute.Full), statute.Case{Cause: statute.Valid})
		return x != nil && (x.Response.Status == http.StatusNotFound || x.Response.Status == http.StatusGone)
	}
	return false
}

// allowed reports whether a value may stand in a place of an unsafe call.
func (d *draft) allowed(name string, around []string, s *openapi.Schema, value string) bool {
	r := d.run
	if given, ok := r.Values[name]; ok && given == value || r.values.drew(value) || name == d.subject {
		return true
	}
	if d.op.effect != changes { // it makes something: what it refers to may be others'
		ofIt := slices.Equal(around, d.op.noun()) || around == nil
		return !ofIt || !r.names(d.op, name)
	}
	words, _, ok := asksFor(name)
	switch {
	case ok && len(words) == 0 && around != nil:
		words = around
	case !ok && isKey(s) || !ok && kind(s) == "" && isNumber(value):
		if words = plainly(name); !r.isNoun(words, maxDepth) {
			return true
		}
	case !ok:
		return true
	}
	noun := asked(words, d.op.noun())
	for _, k := range r.named[noun] {
		if k.value == value && k.made() {
			return true
		}
	}
	return d.from != nil && d.from.call != nil && d.from.call.holds(name, value) || slices.Equal(words, d.op.noun()) && d.holdsInPath(value)
}

// holdsInPath reports whether a value is one of the call's own path.
func (d *draft) holdsInPath(value string) bool {
	return slices.Contains(slices.Collect(maps.Values(d.path)), value)
}

// holds reports whether a call has that value under that name.
func (c *call) holds(name, value string) bool {
	for _, a := range slices.Concat(c.query, c.field) {
		if a.Name == name && slices.Contains(texts(a.value), value) {
			return true
		}
	}
	var within func(v any, depth int) bool
	within = func(v any, depth int) bool {
		switch v := v.(type) {
		case map[string]any:
			for member, inner := range v {
				if member == name && slices.Contains(texts(inner), value) || depth < maxDepth && within(inner, depth+1) {
					return true
				}
			}
		case []any:
			return slices.ContainsFunc(v, func(item any) bool { return depth < maxDepth && within(item, depth+1) })
		}
		return false
	}
	return within(c.body, 0)
}

// isNoun reports whether the API has a collection of that name, below at most so
// many parameters.
func (r *run) isNoun(words []string, below int) bool {
	return len(words) > 0 && slices.ContainsFunc(r.operations, func(op *operation) bool {
		return !op.calls && !isParam(lastSegment(op.Path)) && len(params(bare(op.Path))) <= below && slices.Equal(op.noun(), words)
	})
}
