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

// makes reports whether an operation makes a resource, whatever its method.
func (o *operation) makes() bool {
	return o.effect == created || o.calls && deeds(lastSegment(o.Path))&making != 0
}

// ends reports whether what a procedure is about is no longer there afterwards.
func (o *operation) ends() bool { return deeds(lastSegment(o.Path))&ending != 0 }

// needs returns how many other things the making of a noun asks for.
func (r *run) needs(noun string) int {
	most := 0
	for _, op := range r.operations {
		n := 0
		for _, p := range op.Parameters {
			if of, ok := askedNoun(p.Name, op.noun()); ok && of != noun {
				n++
			}
		}
		if op.makes() && strings.Join(op.noun(), " ") == noun {
			most = max(most, n)
		}
	}
	return most
}

// subject is what says which resource an operation without a path for it is
// about.
type subject struct {
	noun      string
	name      string             // of the parameter, or of the content's member
	parameter *openapi.Parameter // nil for a member of the content
}

// subject returns what an operation is about. If it changes that, it must be
// demanded, or stand in the query of a procedure on one: what only filters could
// be ignored, and everything would change.
func (o *operation) subject() (subject, bool) {
	own := strings.Join(o.noun(), " ")
	if own == "" || len(params(bare(o.Path))) > 0 {
		return subject{}, false
	}
	var found []subject
	for i := range o.Parameters {
		p := &o.Parameters[i]
		if noun, ok := askedNoun(p.Name, o.noun()); ok && p.In == "query" && (p.Required || o.calls && (o.effect == reads || o.onOne())) {
			found = append(found, subject{noun, p.Name, p})
		}
	}
	if m := writable(o.Body); len(m) > 0 && m[0].Schema != nil && (o.Method == "PUT" || o.calls) {
		for _, p := range m[0].Schema.Properties {
			required := slices.Contains(m[0].Schema.Required, p.Name)
			if noun, ok := askedNoun(p.Name, o.noun()); ok && required && (noun == own || o.calls) {
				found = append(found, subject{noun: noun, name: p.Name})
			}
		}
	}
	if len(found) == 0 {
		return subject{}, false
	}
	return found[max(0, slices.IndexFunc(found, func(s subject) bool { return s.noun == own }))], true
}

// onOne reports whether the name of a procedure speaks of one: "deletePad", not
// "deletePads" or "clearAllOfPad".
func (o *operation) onOne() bool {
	words := o.about()
	return o.calls && len(words) > 0 && singular(words[len(words)-1]) == words[len(words)-1] &&
		!nameHas(lastWord(o.Path), "all", "every", "any", "bulk", "batch")
}

// demands reports whether a parameter or a member says which resource an
// operation changes: without it, that might be all of them.
func (o *operation) demands(name string) bool {
	s, ok := o.subject()
	return ok && o.effect == changes && s.name == name
}

// askedNoun returns the noun of what a name asks for one of: that of the
// operation for plain "id" and "source_id".
func askedNoun(name string, own []string) (string, bool) {
	words, several, ok := asksFor(name)
	if !ok || several {
		return "", false
	}
	return asked(words, own), true
}

// names reports whether a parameter or a member of an operation that makes
// something is for the id of that: "padID" or "destinationID", not "sourceID";
// or "username" and "name", where /users/{username} is its address. The user_id of
// /groups/{id}/users is of one of the /users.
func (r *run) names(op *operation, name string) bool {
	words, several, ok := asksFor(name)
	if ok {
		return !several && (len(words) == 0 || op.calls && slices.Contains(destinations, words[0]) ||
			slices.Equal(words, op.noun()) && (len(params(bare(op.Path))) == 0 || !r.isNoun(words, 0)))
	}
	noun := strings.Join(op.noun(), "")
	own := strings.TrimPrefix(squash(name), noun)
	return slices.ContainsFunc(r.itemsOf(op.Path), func(item string) bool {
		param := squash(lastParam(item))
		of := strings.TrimPrefix(param, noun)
		return param == squash(name) || of == own || of == "" && slices.Contains([]string{"name", "slug", "key", "code", "username"}, own)
	})
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
	own := strings.Join(c.op.noun(), " ")
	if !slices.ContainsFunc(r.operations, func(op *operation) bool {
		s, ok := op.subject()
		return ok && op != c.op && s.noun == own
	}) {
		return "", nil
	}
	isOf := func(name string, member any, sent bool) (map[string]string, bool) {
		value, plain := scalar(member)
		noun, ok := askedNoun(name, c.op.noun())
		fresh := !slices.ContainsFunc(r.named[own], func(k known) bool { return k.value == value })
		return map[string]string{own: value}, ok && plain && noun == own && fresh && (!sent || r.values.drew(value))
	}
	for _, a := range c.query {
		if params, ok := isOf(a.Name, a.value, true); ok {
			return own, params
		}
	}
	for i, source := range []any{answered, unwrap(answered), c.body} {
		object, _ := source.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(object)) {
			if params, ok := isOf(name, object[name], i == 2); ok {
				return own, params
			}
		}
	}
	return "", nil
}

// askBack reads what a create is taken to have made by an operation that asks
// for it, and reports whether that succeeded.
func (r *run) askBack(ctx context.Context, i *instance) bool {
	value := i.params[i.noun]
	if r.values.drew(value) {
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
	return false
}

// dismiss deletes what no path leads to by an operation that is called so, and
// reports whether the instance is of that kind.
func (r *run) dismiss(ctx context.Context, i *instance) bool {
	if i.noun == "" || i.params == nil {
		return false
	}
	for _, op := range r.operations {
		s, ok := op.subject()
		if !ok || s.noun != i.noun || op.outcome.State == statute.Skipped || op.Method != "DELETE" && (!op.ends() || op.makes()) || ctx.Err() != nil || r.dead != nil {
			continue
		}
		d := r.draft(op)
		if !d.aim(s, i.params[i.noun]) {
			continue
		}
		d.guard()
		x := r.send(ctx, op.Operation.Operation, op.declared, r.request(d.call, statute.Full), statute.Case{Cause: statute.Delete, Control: i.read})
		if i.gone = r.succeeded(op, x); i.gone {
			i.end = x
			return true
		}
		break
	}
	r.result.Leftover = append(r.result.Leftover, fmt.Sprintf("what %s made: %s_id=%s", i.create.Operation, i.noun, i.params[i.noun]))
	return true
}
