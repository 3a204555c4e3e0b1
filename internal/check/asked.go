package check

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// Not every API gives a resource a path of its own. Some ask for it by a
// parameter ("/deletePad?padID=a"), some in the content ("PUT /pet" with an id).

// calls reports whether a path names a procedure and what it is about:
// "/deletePad", "/orders.cancel" are, "/orders" and "/search" are not.
func calls(path string) bool {
	_, last := splitLast(bare(path))
	if isParam(last) {
		return false
	}
	words := slices.Collect(nameWords(last))
	return len(words) > 1 && isVerb(words[0])
}

// makes reports whether an operation makes a resource, whatever its method.
func (o *operation) makes() bool {
	if o.effect == created {
		return true
	}
	_, last := splitLast(bare(o.Path))
	return calls(o.Path) && creates(last)
}

// creates reports whether a name begins with a verb that makes something.
func creates(name string) bool {
	for word := range nameWords(name) {
		return slices.Contains([]string{"create", "add", "new", "insert", "copy", "clone", "register", "move", "rename"}, word)
	}
	return false
}

// subject is what says which resource an operation without a path for it is
// about.
type subject struct {
	noun      string
	name      string             // of the parameter, or of the content's member
	parameter *openapi.Parameter // nil for a member of the content
}

// subject returns what an operation that changes something is about. It must be
// demanded, or stand in a procedure's query: what only filters could be ignored,
// and everything would change.
func (o *operation) subject() (subject, bool) {
	own := strings.Join(nounOf(o.Path), " ")
	if own == "" || len(params(bare(o.Path))) > 0 {
		return subject{}, false
	}
	var found []subject
	for i := range o.Parameters {
		p := &o.Parameters[i]
		if noun, ok := askedNoun(p.Name, own); ok && p.In == "query" && (p.Required || calls(o.Path)) {
			found = append(found, subject{noun, p.Name, p})
		}
	}
	if m := writable(o.Body); len(m) > 0 && m[0].Schema != nil && (o.Method == "PUT" || calls(o.Path)) {
		for _, p := range m[0].Schema.Properties {
			required := slices.Contains(m[0].Schema.Required, p.Name)
			if noun, ok := askedNoun(p.Name, own); ok && required && (noun == own || calls(o.Path)) {
				found = append(found, subject{noun: noun, name: p.Name})
			}
		}
	}
	if len(found) == 0 {
		return subject{}, false
	}
	return found[max(0, slices.IndexFunc(found, func(s subject) bool { return s.noun == own }))], true
}

// askedNoun returns the noun of what a name asks for: that of the operation for
// plain "id" and "source_id".
func askedNoun(name, own string) (string, bool) {
	words, several, ok := asksFor(name)
	if !ok || several {
		return "", false
	}
	if !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(roles, w) }) {
		return own, true
	}
	return strings.Join(words, " "), true
}

// names reports whether a parameter of an operation that makes something is for
// the id of that: "padID" or "destinationID", not "sourceID".
func (o *operation) names(parameter string) bool {
	words, several, ok := asksFor(parameter)
	return ok && !several && (len(words) == 0 || slices.Contains(destinations, words[0]) || slices.Equal(words, nounOf(o.Path)))
}

// own returns something that the run made and the noun stands for.
func (r *run) own(noun string) (known, bool) {
	for _, k := range r.named[noun] {
		if k.made() {
			return k, true
		}
	}
	return known{}, false
}

// askedOf finds the noun and the value by which requests may ask for what a
// create made: in what was sent, if the run made it up, else in the answer, if
// it was not known before.
func (r *run) askedOf(c *call, answered any) (string, map[string]string) {
	own := strings.Join(nounOf(c.op.Path), " ")
	if !slices.ContainsFunc(r.operations, func(op *operation) bool {
		s, ok := op.subject()
		return ok && op != c.op && s.noun == own
	}) {
		return "", nil
	}
	isNew := func(value string) bool {
		return !slices.ContainsFunc(r.named[own], func(k known) bool { return k.value == value })
	}
	for _, a := range c.query {
		value := text(a.value)
		if noun, ok := askedNoun(a.Name, own); ok && noun == own && strings.Contains(value, r.values.tag) && isNew(value) {
			return own, map[string]string{own: value}
		}
	}
	for _, source := range []any{answered, unwrap(answered), c.body} {
		object, _ := source.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(object)) {
			value, plain := scalar(object[name])
			if noun, ok := askedNoun(name, own); ok && plain && noun == own && isNew(value) {
				return own, map[string]string{own: value}
			}
		}
	}
	return "", nil
}

// askBack reads what a create is taken to have made by an operation that asks
// for it, and reports whether that succeeded.
func (r *run) askBack(ctx context.Context, i *instance) bool {
	value := i.params[i.noun]
	if strings.Contains(value, r.values.tag) {
		return true
	}
	for _, op := range r.operations {
		s, ok := op.subject()
		if !ok || op.effect != reads || op.makes() || s.noun != i.noun || s.parameter == nil || op.outcome.State == statute.Skipped {
			continue
		}
		d := r.draft(op)
		d.setParameter(s.parameter, value)
		x := r.try(ctx, op, r.request(d.call, statute.Full), statute.Case{Cause: statute.ReadBack, Control: i.create})
		if x != nil && r.succeeded(op, x) {
			i.read = x
			return true
		}
		break
	}
	i.noun, i.params = "", nil
	return false
}

// dismiss deletes what no path leads to by an operation that is called so, and
// reports whether the instance is of that kind.
func (r *run) dismiss(ctx context.Context, i *instance) bool {
	if i.noun == "" || i.params == nil {
		return false
	}
	for _, op := range r.operations {
		_, last := splitLast(bare(op.Path))
		s, ok := op.subject()
		if !ok || s.noun != i.noun || op.outcome.State == statute.Skipped || op.Method != "DELETE" && (!ends(last) || creates(last)) || ctx.Err() != nil || r.dead != nil {
			continue
		}
		d := r.draft(op)
		d.aim(s, i.params[i.noun])
		x := r.send(ctx, op.Operation.Operation, op.declared, r.request(d.call, statute.Full), statute.Case{Cause: statute.Delete, Control: i.read})
		if i.gone = r.succeeded(op, x); i.gone {
			return true
		}
		break
	}
	r.result.Leftover = append(r.result.Leftover, fmt.Sprintf("what %s made: %s_id=%s", i.create.Operation, i.noun, i.params[i.noun]))
	return true
}

// ends reports whether a name begins with a verb after which what it is about is
// no longer there.
func ends(name string) bool {
	for word := range nameWords(name) {
		return slices.Contains([]string{"delete", "remove", "destroy", "erase", "move", "rename"}, word)
	}
	return false
}

// writes reports whether the name of a procedure begins with a verb that changes
// something, whatever its method.
func writes(path string) bool {
	for word := range nameWords(lastSegment(path)) {
		return calls(path) && slices.Contains([]string{"set", "save", "send", "append", "write"}, word)
	}
	return false
}

// gets reports whether the name of a procedure begins with a verb that only
// asks.
func gets(path string) bool {
	for word := range nameWords(lastSegment(path)) {
		return slices.Contains([]string{"get", "list", "find", "search", "read", "fetch", "query", "count", "show", "check", "export"}, word)
	}
	return false
}
