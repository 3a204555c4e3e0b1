// Package lint judges the description of an API alone: nothing is sent.
package lint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// Findings holds a description to the rules, worst first. A finding has no
// exchanges; its operations tell where it shows. Except keeps a fault out of
// what is found where it returns true; it may be nil.
func Findings(d *openapi.Description, except func(r *statute.Rule, o statute.Operation, code int) bool) []*statute.Finding {
	var found []*statute.Finding
	p := newPlan(d)
	for _, c := range checks {
		for _, op := range d.Operations {
			for _, f := range c.check(p, op) {
				if except == nil || !except(c.rule, op.Operation, f.code) {
					found = add(found, c.rule, op.Operation, f)
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b *statute.Finding) int {
		return cmp.Or(
			cmp.Compare(b.Level, a.Level),
			cmp.Compare(len(b.Operations), len(a.Operations)),
			strings.Compare(a.Rule.ID, b.Rule.ID),
		)
	})
	return found
}

// fault is what a check has to say of an operation.
type fault struct {
	code     int // 0 if it is about none in particular
	message  string
	expected string
}

// add adds a fault to the finding that says the same of other operations, or to
// a new one.
func add(found []*statute.Finding, r *statute.Rule, o statute.Operation, f fault) []*statute.Finding {
	i := slices.IndexFunc(found, func(known *statute.Finding) bool { return known.Rule == r && known.Message == f.message })
	if i < 0 {
		i = len(found)
		found = append(found, &statute.Finding{
			Rule: r, Level: r.Level, Operation: o, Path: o.Path, Status: f.code,
			Message: f.message, Expected: f.expected, Marks: map[string]string{},
		})
	}
	into := found[i]
	into.Count++
	if into.Marks[o.String()] == "" {
		into.Marks[o.String()] = statute.Fingerprint(r.ID, o, f.code)
		into.Operations = append(into.Operations, o)
	}
	return found
}
