package statute

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Judge applies rules to exchanges and gathers what they report into findings,
// one for each fault and root cause. It keeps a bounded memory of exchanges for
// the rules that compare. It is not safe for concurrent use.
type Judge struct {
	// Keep is how many exchanges a finding shows in full; 0 means 3.
	Keep int

	// Conventions are what the API declares of its choices: what it answers, by
	// the name of the convention. The others are inferred.
	Conventions map[string]string

	// Except keeps a fault out of the verdict where it returns true: it is asked
	// about each with its rule, operation and code, a convention's faults in
	// [Judge.Verdict]. It may be nil.
	Except func(r *Rule, o Operation, code int) bool

	rules     []*Rule
	byStatus  map[int][]*Rule // the rules asked about a status, filled as statuses come
	compares  bool
	past      memory
	pass      Pass
	faults    []reported // of the exchange under judgement
	findings  map[root]*Finding
	choices   map[chooser][]*Choice
	leftOut   map[*Rule]*LeftOut
	seen      int
	described bool // by a description: some of the operations
}

// root is what findings are told apart by. Where a verdict rests on causes, a fault
// has two: the cause, and the operation that shows it.
type root struct {
	rule       *Rule
	level      Level
	confidence Confidence
	status     int
	cause      Cause
	operation  Operation
}

// reported is a fault on its way from a rule to the findings.
type reported struct {
	rule *Rule
	Fault
}

// NewJudge returns a judge that applies the rules in their order.
func NewJudge(rules []*Rule) *Judge {
	return &Judge{
		rules:    rules,
		byStatus: map[int][]*Rule{},
		compares: slices.ContainsFunc(rules, func(r *Rule) bool { return r.Compare != nil }),
		past:     memory{exchanges: map[place][]*Exchange{}},
		findings: map[root]*Finding{},
		choices:  map[chooser][]*Choice{},
		leftOut:  map[*Rule]*LeftOut{},
	}
}

// See judges one exchange. The judge keeps the pointer for comparisons and
// proofs, so the exchange must not be changed afterwards.
func (j *Judge) See(x *Exchange) {
	j.seen++
	seen := x.Known()
	j.faults = j.faults[:0]
	j.described = j.described || x.Declared != nil
	j.pass = Pass{Exchange: x, judge: j}
	for _, r := range j.on(x.Response.Status) {
		if !seen.Has(r.Needs) {
			j.leave(r, r.Needs&^seen)
			continue
		}
		j.pass.rule = r
		switch {
		case r.Check != nil:
			r.Check(&j.pass)
		case r.Compare != nil:
			r.Compare(&j.pass)
		default:
			j.choose(r, x)
		}
	}
	for _, f := range j.faults {
		if !j.silenced(f.rule) {
			j.add(x, f)
		}
	}
	if j.compares {
		j.past.keep(x)
	}
}

// on returns the rules that look at a status.
func (j *Judge) on(status int) []*Rule {
	rules, ok := j.byStatus[status]
	if !ok {
		for _, r := range j.rules {
			if r.LooksAt(status) {
				rules = append(rules, r)
			}
		}
		j.byStatus[status] = rules
	}
	return rules
}

func (j *Judge) leave(r *Rule, missing Seen) {
	left := j.leftOut[r]
	if left == nil {
		left = &LeftOut{Rule: r, Why: "no " + missing.String() + " recorded"}
		j.leftOut[r] = left
	}
	left.Exchanges++
}

// silenced reports whether a more specific rule speaks about the exchange.
func (j *Judge) silenced(r *Rule) bool {
	for _, f := range j.faults {
		if slices.Contains(f.rule.Over, r.ID) {
			return true
		}
	}
	return false
}

// add files a fault under the exchange that shows it.
func (j *Judge) add(judged *Exchange, f reported) {
	x := cmp.Or(f.At, judged)
	operation := OperationOf(x)
	if j.Except != nil && j.Except(f.rule, operation, x.Response.Status) {
		return
	}
	var cause Cause
	if x.Case != nil {
		cause = x.Case.Cause
	}
	finding := j.find(x, f, cause)
	finding.enter(x.Source.File, x.Source.Entry)
	name := operation.String()
	newPlace := finding.Marks[name] == ""
	if newPlace {
		finding.Marks[name] = Fingerprint(f.rule.ID, operation, x.Response.Status)
		finding.Operations = append(finding.Operations, operation)
	}
	newCause := f.rule.Needs.Has(SeenCause) && !slices.Contains(finding.Causes, cause)
	if newCause {
		finding.tell(cause, f.Expected)
	}
	if !newCause && (!newPlace || len(finding.Evidence) >= j.keep()) {
		return
	}
	evidence := Evidence{Exchange: x, Before: f.Before}
	if i := slices.Index(f.Before, x); i >= 0 {
		evidence.Before, evidence.After = f.Before[:i], append(slices.Clone(f.Before[i+1:]), judged)
	}
	at := len(finding.Evidence)
	if newCause && cause == UnsupportedMethod { // a method that clients use leads
		finding.Operation, finding.Path, finding.Cause, at = operation, x.Request.Path(), cause, 0
	}
	finding.Evidence = slices.Insert(finding.Evidence, at, evidence)
}

// find returns the finding that a fault belongs to: that of its cause and that of
// its operation, which are one from then on.
func (j *Judge) find(x *Exchange, f reported, cause Cause) *Finding {
	byCause := root{rule: f.rule, level: f.Level, confidence: f.Confidence}
	byPlace := byCause
	if f.rule.Needs.Has(SeenCause) {
		byCause.status, byCause.cause = x.Response.Status, cause
		byPlace.status, byPlace.operation = x.Response.Status, OperationOf(x)
		switch cause {
		case UnsupportedMethod, UnknownMethod, Options: // none of them is the operation's
			byPlace.operation.Method = ""
		}
	}
	finding := cmp.Or(j.findings[byCause], j.findings[byPlace])
	if finding == nil {
		finding = &Finding{
			Rule: f.rule, Level: f.Level, Confidence: f.Confidence,
			Operation: OperationOf(x), Path: x.Request.Path(), Status: x.Response.Status, Cause: cause,
			Message: f.Message, Expected: f.Expected, Cite: f.Cite, Documented: x.Declared.Names(x.Response.Status),
			Marks: map[string]string{},
		}
	}
	if other := j.findings[byPlace]; other != nil && other != finding {
		finding.absorb(other)
		for key, f := range j.findings {
			if f == other {
				j.findings[key] = finding
			}
		}
	}
	j.findings[byCause], j.findings[byPlace] = finding, finding
	return finding
}

func (j *Judge) keep() int { return cmp.Or(j.Keep, 3) }

// Verdict returns what was found so far.
func (j *Judge) Verdict() *Verdict {
	v := &Verdict{Exchanges: j.seen, Findings: slices.Collect(maps.Values(j.findings)), Conventions: j.conventions()}
	for _, c := range v.Conventions {
		if f := j.against(c); f != nil {
			v.Findings = append(v.Findings, f)
		}
	}
	slices.SortFunc(v.Findings, func(a, b *Finding) int {
		return cmp.Or(
			compareBool(a.Note(), b.Note()),
			cmp.Compare(b.Level, a.Level),
			cmp.Compare(len(b.Operations), len(a.Operations)),
			cmp.Compare(b.Count, a.Count),
			strings.Compare(a.Rule.ID, b.Rule.ID),
			cmp.Compare(a.Entries[0], b.Entries[0]),
			cmp.Compare(a.Confidence, b.Confidence),
		)
	})
	v.Findings = slices.Compact(v.Findings) // one stands at each of its roots
	for _, left := range j.leftOut {
		v.LeftOut = append(v.LeftOut, *left)
	}
	slices.SortFunc(v.LeftOut, func(a, b LeftOut) int { return strings.Compare(a.Rule.ID, b.Rule.ID) })
	return v
}

// compareBool sorts false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
