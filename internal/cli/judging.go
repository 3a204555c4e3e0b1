package cli

import (
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/config"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/internal/redact"
	"github.com/statute-http/statute/internal/report"
	"github.com/statute-http/statute/rules"
)

// judging is a judge that knows what the user accepts: rules that are switched
// off, and the findings of a baseline.
type judging struct {
	*statute.Judge
	off      []report.Off
	baseline *baseline // nil if there is none
	redactor *redact.Redactor
	accepted map[report.Fault]bool
	shrinks  bool // the requests of proofs are made smaller

	now     *statute.Exchange         // the one under judgement
	servers map[report.Fault][]string // that show a fault, without its code; nil where they are not told apart
}

// Bounds of what is kept of servers.
const (
	maxLocated = 4096 // faults
	maxAt      = 16   // of one fault
)

// newJudging returns a judge of the built-in rules.
func newJudging(file *config.File, b *baseline) *judging {
	j := &judging{Judge: statute.NewJudge(rules.All), baseline: b, redactor: &redact.Redactor{}, accepted: map[report.Fault]bool{}}
	j.Conventions = file.Conventions
	j.Except = func(r *statute.Rule, o statute.Operation, code int) bool {
		if j.accepts(r, o, code) {
			return true
		}
		j.locate(r, o)
		return false
	}
	for _, o := range file.Off {
		j.off = append(j.off, report.Off{Rule: o.Rule, Route: o.Route, Code: o.Code, Reason: o.Reason})
	}
	return j
}

// see judges an exchange.
func (j *judging) see(x *statute.Exchange) {
	j.now = x
	j.See(x)
	j.now = nil
	if j.baseline != nil {
		j.baseline.see(x)
	}
}

// proofs returns the exchanges that show the findings so far, worst first, and
// that rest on nothing but themselves and their control.
func (j *judging) proofs() []check.Proof {
	var proofs []check.Proof
	for _, f := range j.Verdict().Findings {
		e := &f.Evidence[0]
		other := func(x *statute.Exchange) bool { return e.Case == nil || x != e.Case.Control }
		if f.Rule.Once || f.Rule.Choose != nil || len(e.After) > 0 || slices.ContainsFunc(e.Before, other) {
			continue
		}
		message := func(x *statute.Exchange) string { // of the fault that it shows by itself
			judge := statute.NewJudge(rules.All)
			for _, before := range e.Before {
				judge.See(before)
			}
			judge.See(x)
			for _, again := range judge.Verdict().Findings {
				if again.Rule == f.Rule && again.Level == f.Level && again.Evidence[0].Exchange == x {
					return again.Message
				}
			}
			return ""
		}
		was := message(e.Exchange)
		proofs = append(proofs, check.Proof{
			Exchange: e.Exchange,
			Shows:    func(x *statute.Exchange) bool { return was != "" && message(x) == was },
			Replace:  func(x *statute.Exchange) { e.Exchange = x },
		})
	}
	return proofs
}

// accepts reports whether a fault is kept out of the verdict.
func (j *judging) accepts(r *statute.Rule, o statute.Operation, code int) bool {
	f := report.Fault{Rule: r, Operation: o, Code: code}
	accepted, known := j.accepted[f]
	if known {
		return accepted
	}
	key := f
	key.Operation.Path = strings.Clone(o.Path) // not what it was cut from
	f.Operation.Path = j.redactor.Text(o.Path)
	for i := range j.off {
		if off := &j.off[i]; switchedOff(off, f) {
			accepted = true
			if of := once(f); !slices.Contains(off.Faults, of) {
				off.Faults = append(off.Faults, of)
			}
		}
	}
	if !accepted && j.baseline != nil {
		accepted = j.baseline.accepts(f)
	}
	j.accepted[key] = accepted
	return accepted
}

// locate notes which server shows a fault.
func (j *judging) locate(r *statute.Rule, o statute.Operation) {
	if j.servers == nil || j.now == nil || j.now.Request.Authority == "" {
		return
	}
	key, server := report.Fault{Rule: r, Operation: o}, j.now.Request.Authority
	known := j.servers[key]
	if len(known) == maxAt || slices.Contains(known, server) || known == nil && len(j.servers) == maxLocated {
		return
	}
	key.Operation.Path = strings.Clone(o.Path)
	j.servers[key] = append(known, strings.Clone(server))
}

// switchedOff reports whether an entry means a fault.
func switchedOff(o *report.Off, f report.Fault) bool {
	return o.Rule == f.Rule.ID && (o.Code == 0 || o.Code == f.Code) &&
		(o.Route == "" || check.Matches(o.Route, &openapi.Operation{Operation: f.Operation}))
}

// once returns what a fault counts as: that of a rule which speaks once for the
// whole server is the same everywhere.
func once(f report.Fault) report.Fault {
	if f.Rule.Once {
		return report.Fault{Rule: f.Rule}
	}
	return f
}

// finish writes the verdict into a run, and what was kept out of it. Complete
// tells whether the run came to its end.
func (j *judging) finish(run *report.Run, complete bool) {
	run.Verdict = j.Verdict()
	run.Off = j.off
	run.Redactor = j.redactor
	if j.baseline != nil {
		j.baseline.finish(run, complete)
	}
}

// unused says which rules were switched off for nothing.
func (a *app) unused(file *config.File, run *report.Run) {
	for i, o := range run.Off {
		if len(o.Faults) == 0 {
			a.console.say("%s: line %d: nothing in this run needs it: %s", file.Name, file.Off[i].Line, o)
		}
	}
}
