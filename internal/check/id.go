package check

import (
	"context"
	"maps"
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
		if op.unsafe() && !r.nothingAt(ctx, op.Path, c.path, id) {
			return nil
		}
		why := statute.Case{Cause: cause, In: "path", Detail: last + " is " + short(id), Control: op.control}
		x := r.try(ctx, op, r.request(c, statute.Full), why)
		if x != nil && x.Response.Class() == 2 && (op.Method == "PUT" || x.Response.Status == 201) {
			r.remember(&instance{template: op.Path, params: c.path, made: true, create: x, call: c})
		}
		return x
	}
	try(r.alike(known), statute.UnknownID)
	switch {
	case kind(p.Schema) == "integer", kind(p.Schema) == "number", isNumber(known):
		try("statute", statute.IllFormedID)
	case p.Schema.Format == "uuid":
		try("not-a-uuid", statute.IllFormedID)
	}
	if op.Method == "GET" && !r.brokenEscape {
		r.brokenEscape = true
		c := op.call.clone()
		c.path[last] = r.values.word(p.Schema)
		request := r.request(c, statute.Full)
		request.Target = strings.Replace(request.Target, c.path[last], "%zz", 1)
		r.try(ctx, op, request, statute.Case{Cause: statute.IllFormedID, In: "path", Detail: last + " is %zz, no percent-encoding", Control: op.control})
	}
}

// nothingAt reports whether an id is known to be nobody's: the run has drawn it
// just now, or reading it says so.
func (r *run) nothingAt(ctx context.Context, template string, params map[string]string, id string) bool {
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
	c := get.call.clone()
	c.path = params
	x := r.try(ctx, get, r.request(c, statute.Full), statute.Case{Cause: statute.UnknownID, In: "path", Detail: "id is " + short(id), Control: get.control})
	return x != nil && x.Response.Class() == 4 && x.Response.Status != 401 && x.Response.Status != 403
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
