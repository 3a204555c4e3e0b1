package check

import (
	"context"
	"strings"

	"github.com/statute-http/statute"
)

// maxWide bounds the members that are added to one request.
const maxWide = 40

// wideCases make a thing once more, with all the members that the description
// allows and does not demand: what handles these alone may fail. A refusal tells
// nothing, for they may exclude one another. It does no harm: what it makes is
// deleted. Nothing is replaced so: what else the run made may hang on it.
func (r *run) wideCases(ctx context.Context, op *operation) {
	if r.bodySchema(op) == nil {
		return
	}
	d := r.draft(op)
	d.call, d.from = r.repeat(op), op.from
	added := d.fillOut()
	if len(added) == 0 {
		return
	}
	d.guard()
	r.keep(d.call, r.try(ctx, op, r.request(d.call, statute.Full), statute.Case{
		Cause: op.cause(), In: "body", Detail: "with " + strings.Join(added, ", ") + " beside what is required", Control: op.control,
	}))
}

// fillOut adds the members that the content may have and has not, also within those
// that it adds, and returns where they stand. It leaves out what would name a thing,
// by its name has the server do something, or tells where to send something; what
// can be switched on stays off.
func (d *draft) fillOut() []string {
	var added []string
	for range 2 {
		for _, p := range bodyPlaces(nil, "", d.schema, d.body, 0) {
			_, _, asks := asksFor(p.name)
			if p.present || len(added) == maxWide || d.run.names(d.op, p.name) || acts(p.name) || nameHas(p.name, dangerous...) ||
				nameHas(p.name, "callback", "hook", "webhook", "notify") || asks && len(d.related(p.name, p.schema, "body")) == 0 {
				continue
			}
			value := d.fill(p.name, p.schema, nil, "body")
			if on, ok := value.(bool); ok && on && len(p.schema.Enum) == 0 {
				value = false
			}
			if value == nil {
				continue
			}
			p.set(value)
			added = append(added, p.key)
		}
	}
	return added
}
