package statute

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Convention is a choice of one API among answers that are all right, such as
// 400 or 422 for invalid values: what the API declares, else what most of its
// operations do.
type Convention struct {
	Rule     *Rule // that watches over it; Rule.Convention is its name
	Server   string
	Declared bool      // by the API; else inferred
	Choices  []*Choice // the API's own first, then those of most operations
}

// Choice is an answer and the operations that give it.
type Choice struct {
	Name       string // "422"
	Operations []Operation

	exchanges []*Exchange // the first of each operation
	sources   [][]Source  // of each operation
	count     int         // of all exchanges
}

// The bounds of what a judge remembers of one convention.
const (
	keepChoices    = 16
	keepOperations = 1024 // of one choice
	keepChoosers   = 1024 // in all
)

// chooser is an API under a convention.
type chooser struct {
	rule   *Rule
	server string
}

// choose notes what the API chose in an exchange, if it chose. Where there is a
// description, what it does not know is no operation of the API.
func (j *Judge) choose(r *Rule, x *Exchange) {
	name := r.Choose(&j.pass)
	if name == "" || j.described && x.Declared == nil {
		return
	}
	key := chooser{r, x.Request.Authority}
	all := j.choices[key]
	i := slices.IndexFunc(all, func(c *Choice) bool { return c.Name == name })
	if i < 0 {
		if i = len(all); i == keepChoices || i == 0 && len(j.choices) == keepChoosers {
			return
		}
		all = append(all, &Choice{Name: name})
		j.choices[key] = all
	}
	c := all[i]
	c.count++
	o := OperationOf(x)
	at := slices.Index(c.Operations, o)
	if at < 0 {
		if at = len(c.Operations); at == keepOperations {
			return
		}
		c.Operations = append(c.Operations, o)
		c.exchanges = append(c.exchanges, x)
		c.sources = append(c.sources, nil)
	}
	c.sources[at] = append(c.sources[at], x.Source)
}

// conventions returns what is known of the choices of each API, by rule and
// server.
func (j *Judge) conventions() []Convention {
	var found []Convention
	for key, seen := range j.choices {
		declared := j.Conventions[key.rule.Convention]
		own := slices.IndexFunc(seen, func(c *Choice) bool { return c.Name == declared })
		choices := slices.Clone(seen)
		if declared != "" && own < 0 {
			choices = append(choices, &Choice{Name: declared})
		}
		slices.SortStableFunc(choices, func(a, b *Choice) int {
			return cmp.Or(
				compareBool(a.Name != declared, b.Name != declared),
				cmp.Compare(len(b.Operations), len(a.Operations)),
				cmp.Compare(b.count, a.count),
			)
		})
		found = append(found, Convention{Rule: key.rule, Server: key.server, Declared: declared != "", Choices: choices})
	}
	slices.SortFunc(found, func(a, b Convention) int {
		return cmp.Or(strings.Compare(a.Rule.ID, b.Rule.ID), strings.Compare(a.Server, b.Server))
	})
	return found
}

// against reports the operations that do otherwise than the API's own choice;
// nil if there are none.
func (j *Judge) against(c Convention) *Finding {
	own := c.Choices[0]
	f := &Finding{Rule: c.Rule, Level: c.Rule.Level, Expected: own.Name, Marks: map[string]string{}}
	var others []string
	var sources []Source
	for _, other := range c.Choices[1:] {
		doing := 0
		for i, o := range other.Operations {
			x := other.exchanges[i]
			if j.Except != nil && j.Except(c.Rule, o, x.Response.Status) {
				continue
			}
			doing++
			sources = append(sources, other.sources[i]...)
			if f.Marks[o.String()] != "" {
				continue
			}
			f.Marks[o.String()] = Fingerprint(c.Rule.ID, o, x.Response.Status)
			f.Operations = append(f.Operations, o)
			if len(f.Evidence) < j.keep() {
				f.Evidence = append(f.Evidence, Evidence{Exchange: x, Before: own.exchanges[:min(1, len(own.exchanges))]})
			}
		}
		if doing > 0 {
			others = append(others, fmt.Sprintf("%s on %d", other.Name, doing))
		}
	}
	if others == nil {
		return nil
	}
	slices.SortFunc(sources, func(a, b Source) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Entry, b.Entry))
	})
	for _, s := range sources {
		f.enter(s.File, s.Entry)
	}
	first := f.Evidence[0].Exchange
	f.Operation, f.Path, f.Status = f.Operations[0], first.Request.Path(), first.Response.Status
	rule := fmt.Sprintf("%s on %d of the operations", own.Name, len(own.Operations))
	if c.Declared {
		rule = own.Name + " by the API's convention"
	}
	f.Message = fmt.Sprintf("%s: %s, %s", c.Rule.Convention, rule, strings.Join(others, ", "))
	return f
}
