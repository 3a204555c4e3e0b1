package check

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// idCases ask for what does not exist, and by ids that cannot be.
func (r *run) idCases(ctx context.Context, op *operation) {
	names := params(bare(op.Path))
	if len(names) == 0 {
		return
	}
	last := names[len(names)-1]
	p := op.parameter(last)
	if p == nil || len(p.Schema.Enum) > 0 || op.effect == created {
		return
	}
	known := op.call.path[last]
	try := func(id string, cause statute.Cause) *statute.Exchange {
		c := op.call.clone()
		c.path[last] = id
		why := statute.Case{Cause: cause, In: "path", Detail: last + " is " + short(id)}
		if op.unsafe() && !r.nothingAt(ctx, op.Path, c.path, id, why) {
			return nil
		}
		get := r.operation("GET", op.Path)
		if op.Method == "PUT" && get != nil && get.control != nil && strings.Contains(id, r.values.tag) { // it may be made: see that it was not there
			r.readUnknown(ctx, get, c.path, why)
		}
		why.Control = op.control
		x := r.try(ctx, op, r.request(c, statute.Full), why)
		if x != nil && x.Response.Class() == 2 && (op.Method == "PUT" || x.Response.Status == 201) {
			made := &instance{template: op.Path, params: c.path, made: true, create: x, call: c}
			if r.remember(made) && op.Method == "PUT" {
				r.readBack(ctx, made)
			}
		}
		return x
	}
	op.missing = try(r.alike(known), statute.UnknownID)
	switch {
	case kind(p.Schema) == "integer", kind(p.Schema) == "number", isNumber(known):
		try("statute", statute.IllFormedID)
	case p.Schema.Format == "uuid":
		try("not-a-uuid", statute.IllFormedID)
	}
}

// escapeCases ask once for what no percent-encoding is.
func (r *run) escapeCases(ctx context.Context, op *operation) {
	names := params(bare(op.Path))
	if len(names) == 0 || r.brokenEscape || r.unknownID(op) == nil {
		return
	}
	r.brokenEscape = true
	last := names[len(names)-1]
	c := op.call.clone()
	c.path[last] = r.values.word(op.parameter(last).Schema)
	request := r.request(c, statute.Full)
	request.Target = strings.Replace(request.Target, c.path[last], "%zz", 1)
	r.try(ctx, op, request, statute.Case{Cause: statute.IllFormedID, In: "path", Detail: last + " is %zz, no percent-encoding", Control: op.control})
}

// nothingAt reports whether an id is known to be nobody's: the run has drawn it
// just now, or reading it says so. That is asked for the reason given.
func (r *run) nothingAt(ctx context.Context, template string, params map[string]string, id string, why statute.Case) bool {
	for _, i := range r.instances {
		if i.template == template && !i.gone && maps.Equal(i.params, params) {
			return false
		}
	}
	if strings.Contains(id, r.values.tag) {
		return true
	}
	get := r.operation("GET", template)
	if get == nil || get.control == nil {
		return false
	}
	x := r.readUnknown(ctx, get, params, why)
	return x != nil && x.Response.Class() == 4 && x.Response.Status != 401 && x.Response.Status != 403
}

// readUnknown reads what should not be there.
func (r *run) readUnknown(ctx context.Context, get *operation, params map[string]string, why statute.Case) *statute.Exchange {
	c := get.call.clone()
	c.path = params
	why.Control = get.control
	return r.try(ctx, get, r.request(c, statute.Full), why)
}

// referenceCases name something unknown where a parameter or a member names a
// resource of another kind. Nothing but what the operation makes or changes
// anyway is touched: the id is nobody's.
func (r *run) referenceCases(ctx context.Context, op *operation) {
	for _, a := range op.call.query {
		if r.refers(a.Name, a.Schema) {
			c := r.repeat(op)
			id := r.alike(text(a.value))
			if op.demands(a.Name) && !r.values.drew(id) {
				return // it may be somebody's
			}
			c.query = with(c.query, a.Parameter, typed(id, a.Schema))
			why := statute.Case{Cause: statute.UnknownID, In: "query", Detail: a.Name + " is " + short(id), Control: op.control}
			r.keep(c, r.try(ctx, op, r.request(c, statute.Full), why))
			break
		}
	}
	schema := r.bodySchema(op)
	if schema == nil {
		return
	}
	c := r.repeat(op)
	for _, p := range bodyPlaces(nil, "", schema, c.body, 0) {
		if known := text(p.value); p.present && known != "" && r.refers(p.name, p.schema) {
			id := r.alike(known)
			p.set(typed(id, p.schema))
			why := statute.Case{Cause: statute.UnknownID, In: "body", Detail: p.key + " is " + short(id), Control: op.control}
			r.keep(c, r.try(ctx, op, r.request(c, statute.Full), why))
			return
		}
	}
}

// refers reports whether a value of that name is the id of a resource of another
// kind: customer_id, where there are /customers, or where answers held some.
func (r *run) refers(name string, s *openapi.Schema) bool {
	words, several, ok := asksFor(name)
	if _, given := r.Values[name]; !ok || several || len(words) == 0 || given || len(s.Enum) > 0 || kind(s) != "string" && kind(s) != "integer" {
		return false
	}
	if len(r.named[strings.Join(words, " ")]) > 0 {
		return true
	}
	noun := strings.Join(words, "")
	return slices.ContainsFunc(r.operations, func(op *operation) bool { return singular(lastWord(op.Path)) == noun })
}

// parameter returns the path parameter of that name.
func (o *operation) parameter(name string) *openapi.Parameter {
	for i := range o.Parameters {
		if p := &o.Parameters[i]; p.In == "path" && p.Name == name {
			return p
		}
	}
	return nil
}

// alike returns an id of the same shape that nothing has: rules judge by the
// shape whether it is well-formed. Of an id that the run made up, the made-up
// part changes alone; of another, the end of its longest word.
func (r *run) alike(id string) string {
	if isNumber(id) {
		return "987654321"
	}
	if fresh, ok := r.freshen(id).(string); ok && fresh != id {
		return fresh
	}
	start, end := 0, 0
	for i := 0; i < len(id); {
		j := i
		for j < len(id) && (isLower(id[j]) || id[j] >= 'A' && id[j] <= 'Z') {
			j++
		}
		if j-i > end-start {
			start, end = i, j
		}
		i = j + 1
	}
	if end-start < 6 { // short ones may well exist
		return id[:end] + r.values.fresh() + id[end:]
	}
	changed := []byte(id)
	for i := max(start+1, end-6); i < end; i++ {
		switch c := id[i]; {
		case c >= '0' && c <= '9':
			changed[i] = '0' + '9' - c
		case c|0x20 <= 'e': // stays hexadecimal
			changed[i]++
		case c|0x20 == 'f':
			changed[i] -= 5
		case c|0x20 == 'z':
			changed[i]--
		default:
			changed[i]++
		}
	}
	return string(changed)
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
