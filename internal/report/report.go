// Package report shows a judged run: as text, a page or a comment for people, as
// JSON, SARIF, JUnit or HAR for programs. No format ever sees a secret: each is
// handed a copy of the run from which they are gone.
package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/redact"
)

// Run is a judged run and what is known of it beside the verdict.
type Run struct {
	Target      string                      // the address or files that were judged
	Files       []string                    // the files; nil if it is an address
	Description string                      // the file or URL of the API's description; "" if there is none
	Places      map[statute.Operation]Place // where it describes each operation
	Verdict     *statute.Verdict
	Requests    int
	Elapsed     time.Duration

	// Codes are the answers counted by operation and code, 0 standing for no
	// answer; nil where they were not counted. [Run.Count] fills them.
	Codes map[statute.Operation]map[int]int

	// Servers are the first few authorities that show a fault, its code being 0; nil
	// where all exchanges are of one.
	Servers map[Fault][]string

	Off        []Off                      // rules that the user has switched off
	Baseline   string                     // the file that accepts Known; "" if there is none
	Known      []Fault                    // what it accepts of what was found
	Operations []statute.Outcome          // what became of each operation; nil where that is not known
	Made       []Made                     // what the run created and the findings are about
	Resting    map[*statute.Exchange]bool // proofs that show nothing without what the run created
	File       string                     // the JSON report of this run; "" if there is no file, or none is known
	Unanswered []*statute.Exchange        // whose requests got no answer, or were the last ones
	Leftover   []string                   // URLs of what the run created and could not delete
	Problems   []Problem                  // what is wrong with the API's description
	Notes      []string                   // what a reader must know to weigh the rest, a sentence each

	// Credentials say how the line that replays a finding names the secrets.
	Credentials []Credential
	Redactor    *redact.Redactor // nil means one that knows no secrets of the user's
}

// maxCounted is how many operations are counted apart.
const maxCounted = 4096

// Count adds the answer of an exchange to Codes. From the 4097th operation on,
// they are counted under the zero Operation.
func (r *Run) Count(x *statute.Exchange) {
	o := statute.OperationOf(x)
	codes := r.Codes[o]
	if codes == nil && len(r.Codes) >= maxCounted {
		o = statute.Operation{}
		codes = r.Codes[o]
	}
	if codes == nil {
		if r.Codes == nil {
			r.Codes = map[statute.Operation]map[int]int{}
		}
		codes = map[int]int{}
		r.Codes[statute.Operation{Method: strings.Clone(o.Method), Path: strings.Clone(o.Path)}] = codes // without what they were cut from
	}
	codes[x.Response.Status]++
}

// Made is what a run created.
type Made struct {
	Path    string            // percent-encoded; "" if no path leads to it
	Name    string            // by which requests ask for it then
	By      *statute.Exchange // whose answer says so
	Deleted bool              // again, by a DELETE of that path
	End     *statute.Exchange // deleted what no path leads to; nil if nothing did
}

// Fault is what the user knows of and a run shows all the same: it is part of no
// finding. The operation and the code of a rule that speaks once for the whole
// server are zero, as is a code that a baseline does not tell.
type Fault struct {
	Rule      *statute.Rule
	Operation statute.Operation
	Code      int
}

// Off is a rule that the user has switched off, and what it would have found.
type Off struct {
	Rule   string
	Route  string // operations, with * for any characters; "" for all
	Code   int    // 0 for all
	Reason string
	Faults []Fault // each once
}

// String returns "201-without-location on POST /jobs with 201: reason".
func (o Off) String() string {
	text := o.Rule
	if o.Route != "" {
		text += " on " + o.Route
	}
	if o.Code != 0 {
		text += fmt.Sprintf(" with %d", o.Code)
	}
	return text + ": " + o.Reason
}

// Place is a line of a file.
type Place struct {
	File string // or a URL
	Line int    // counted from 1
}

// String returns "openapi.yaml:12".
func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Problem is a place where the API's description is wrong.
type Problem struct {
	Line    int // 0 if unknown
	Message string
}

// String returns "line 12: no type".
func (p Problem) String() string {
	if p.Line == 0 {
		return p.Message
	}
	return fmt.Sprintf("line %d: %s", p.Line, p.Message)
}

// Credential says how to write one credential without telling it.
type Credential struct {
	In    string // "header", "query", "cookie"; "tls" for a client's certificate, whose Shell is not used
	Name  string
	Shell string // the value as it may stand between double quotes in a shell: "Bearer $TOKEN"
	Alone bool   // of a certificate: nothing else proves who somebody is, so that nobody has none
}

// Format is a way to write a run down.
type Format struct {
	Name   string // as in --format
	Ending string // of the files that hold it
	write  func(w io.Writer, v *view, s Screen) error
}

// Formats are all formats.
var Formats = []Format{
	{"text", ".txt", writeText},
	{"json", ".json", writeJSON},
	{"sarif", ".sarif", writeSARIF},
	{"junit", ".xml", writeJUnit},
	{"markdown", ".md", writeMarkdown},
	{"html", ".html", writeHTML},
	{"har", ".har", writeHAR},
}

// ByName returns the format of that name.
func ByName(name string) (Format, bool) {
	return find(func(f Format) bool { return f.Name == name })
}

// ByFile returns the format that the ending of a file's name stands for.
func ByFile(name string) (Format, bool) {
	return find(func(f Format) bool { return strings.HasSuffix(name, f.Ending) })
}

func find(match func(Format) bool) (Format, bool) {
	if i := slices.IndexFunc(Formats, match); i >= 0 {
		return Formats[i], true
	}
	return Format{}, false
}

// Screen is what a report is shown on; the zero Screen is no terminal. Text
// alone knows the difference.
type Screen struct {
	Colour bool // it shows colours
	Width  int  // characters of a line; 0 if it is not known
}

// Write writes the run down for a screen.
func (f Format) Write(w io.Writer, run *Run, s Screen) error {
	return f.write(w, newView(run), s)
}

// view is a run without its secrets: what formats are given.
type view struct {
	Target      string
	Files       []string
	Description string
	Places      map[statute.Operation]Place
	Requests    int
	Elapsed     time.Duration

	Exchanges      int
	Reached, Tried int // operations
	Levels         map[statute.Level]int
	Findings       []finding
	Rules          []statute.LeftOut // rules that could not be asked
	Conventions    []statute.Convention
	Codes          []counted // sorted by path and method
	Outcomes       []statute.Outcome
	Unreached      []statute.Outcome // of Outcomes
	Skipped        []statute.Outcome // of Outcomes
	Off            []Off
	Kept           []kept
	Made           []Made
	Unanswered     []silent
	Leftover       []string
	Problems       []Problem
	Notes          []string
}

// kept is a fault that is kept out of the findings.
type kept struct {
	Fault
	Known bool   // a baseline accepts it; else it is switched off
	Why   string // the reason, or the baseline
}

// String returns "known: 201-without-location with 201 (accepted by known.json)".
func (k kept) String() string {
	text := "switched off: "
	if k.Known {
		text = "known: "
	}
	text += k.Rule.ID
	if k.Code != 0 {
		text += fmt.Sprintf(" with %d", k.Code)
	}
	return text + " (" + k.Why + ")"
}

// counted is how often an operation gave each code.
type counted struct {
	Operation statute.Operation // zero for all that were not counted apart
	Codes     map[int]int
}

// finding is a fault as it is shown.
type finding struct {
	*statute.Finding
	Documented bool
	Evidence   []evidence
	Places     []Place    // of the operations in the description, where that alone shows the fault
	Servers    [][]string // that show it, of each of the operations; nil where all exchanges are of one
}

// evidence is one of the exchanges that show a fault.
type evidence struct {
	statute.Evidence
	Operation statute.Operation // as the finding names it
	Replay    string            // the commands that send it again, a line each
}

// silent is a request without an answer.
type silent struct {
	*statute.Exchange
	Replay string // the command that sends it again
}

// cite returns the section that the finding rests on; zero if there is none.
func (f finding) cite() statute.Section {
	if f.Cite == (statute.Section{}) && len(f.Rule.Cite) > 0 {
		return f.Rule.Cite[0]
	}
	return f.Cite
}

// drift reports whether the finding is a mere note that the API does otherwise
// than its description says.
func (f finding) drift() bool {
	return f.Level == statute.Advice && f.Confidence == statute.Certain && f.Rule.Needs.Has(statute.SeenDeclared)
}

// Replay returns the command that shows the fault again, or "".
func (f finding) Replay() string {
	if len(f.Evidence) == 0 {
		return ""
	}
	return f.Evidence[0].Replay
}

// at returns the finding as it concerns one operation alone, with the evidence
// that there is of that one. Its Count is 0: that is not known by operation.
func (f finding) at(o statute.Operation) finding {
	one := *f.Finding
	one.Operation, one.Operations, one.Count = o, []statute.Operation{o}, 0
	others := func(e evidence) bool { return e.Operation != o }
	out := finding{Finding: &one, Documented: f.Documented, Evidence: slices.DeleteFunc(slices.Clone(f.Evidence), others)}
	if i := slices.Index(f.Operations, o); i < len(f.Places) {
		out.Places = f.Places[i : i+1]
	}
	if i := slices.Index(f.Operations, o); i < len(f.Servers) {
		out.Servers = f.Servers[i : i+1]
	}
	return out
}

// newView copies what the formats show, without the secrets.
func newView(run *Run) *view {
	r := redaction{cmp.Or(run.Redactor, &redact.Redactor{}), map[*statute.Exchange]*statute.Exchange{}}
	v := &view{
		Target:      r.Text(run.Target),
		Files:       r.texts(run.Files),
		Description: r.Text(run.Description),
		Places:      map[statute.Operation]Place{},
		Requests:    run.Requests,
		Elapsed:     run.Elapsed,
		Exchanges:   run.Verdict.Exchanges,
		Levels:      map[statute.Level]int{},
		Rules:       run.Verdict.LeftOut,
		Codes:       r.codes(run.Codes),
		Off:         r.off(run.Off),
		Kept:        r.kept(run),
		Leftover:    r.texts(run.Leftover),
		Notes:       r.texts(run.Notes),
	}
	for o, place := range run.Places {
		v.Places[r.operation(o)] = Place{r.Text(place.File), place.Line}
	}
	for _, c := range run.Verdict.Conventions {
		v.Conventions = append(v.Conventions, r.convention(c))
	}
	for _, f := range run.Verdict.Findings {
		shown := r.finding(f, run)
		if len(f.Evidence) == 0 {
			for _, o := range shown.Operations {
				shown.Places = append(shown.Places, v.Places[o])
			}
		}
		v.Findings = append(v.Findings, shown)
	}
	for _, m := range run.Made {
		v.Made = append(v.Made, Made{r.Text(m.Path), r.Text(m.Name), r.exchange(m.By), m.Deleted, r.exchange(m.End)})
	}
	for _, x := range run.Unanswered {
		clean := r.exchange(x)
		v.Unanswered = append(v.Unanswered, silent{clean, replay(x, clean, run.Credentials)})
	}
	for level := statute.Advice; level <= statute.Must; level++ {
		v.Levels[level] = run.Verdict.Count(level)
	}
	v.Reached, v.Tried = statute.Reach(run.Operations)
	for _, o := range run.Operations {
		o.Operation = r.operation(o.Operation)
		o.Why = r.Text(o.Why)
		o.Last = r.exchange(o.Last)
		v.Outcomes = append(v.Outcomes, o)
		switch o.State {
		case statute.Unreached:
			v.Unreached = append(v.Unreached, o)
		case statute.Skipped:
			v.Skipped = append(v.Skipped, o)
		}
	}
	for _, p := range run.Problems {
		v.Problems = append(v.Problems, Problem{p.Line, r.Text(p.Message)})
	}
	return v
}

// rest reports whether c counts what was not counted apart.
func (v *view) rest(c counted) bool {
	return c.Operation == statute.Operation{} && len(v.Codes) > maxCounted
}

// keptOut counts what is kept out of the findings: "3 known", "2 switched off".
func (v *view) keptOut() []string {
	known := 0
	for _, k := range v.Kept {
		if k.Known {
			known++
		}
	}
	var counts []string
	if known > 0 {
		counts = append(counts, fmt.Sprintf("%d known", known))
	}
	if off := len(v.Kept) - known; off > 0 {
		counts = append(counts, fmt.Sprintf("%d switched off", off))
	}
	return counts
}

// switchedOff returns a heading and a line for each rule that was switched off
// where it would have found something; no lines if there is none.
func (v *view) switchedOff() (heading string, lines []string) {
	n := 0
	for _, o := range v.Off {
		if len(o.Faults) > 0 {
			n += len(o.Faults)
			lines = append(lines, fmt.Sprintf("%d × %s", len(o.Faults), o))
		}
	}
	return plural(n, "finding", "findings") + " switched off", lines
}

// redacted is what a [redact.Redactor] puts in the place of a secret.
const redacted = "[redacted]"

// redaction takes the secrets out of what a run holds. Exchanges that occur
// more than once are copied once.
type redaction struct {
	*redact.Redactor
	done map[*statute.Exchange]*statute.Exchange
}

func (r redaction) texts(texts []string) []string {
	var out []string
	for _, text := range texts {
		out = append(out, r.Text(text))
	}
	return out
}

func (r redaction) off(entries []Off) []Off {
	var out []Off
	for _, o := range entries {
		o.Route, o.Reason = r.Text(o.Route), r.Text(o.Reason)
		out = append(out, o)
	}
	return out
}

// kept lists what is known and then what is switched off, each fault once.
func (r redaction) kept(run *Run) []kept {
	var out []kept
	done := map[Fault]bool{}
	add := func(faults []Fault, known bool, why string) {
		for _, f := range faults {
			if !done[f] {
				done[f] = true
				f.Operation = r.operation(f.Operation)
				out = append(out, kept{f, known, why})
			}
		}
	}
	add(run.Known, true, r.Text("accepted by "+run.Baseline))
	for _, o := range run.Off {
		add(o.Faults, false, r.Text(o.Reason))
	}
	return out
}

func (r redaction) operation(o statute.Operation) statute.Operation {
	return statute.Operation{Method: o.Method, Path: r.Text(o.Path)}
}

// codes sorts what was counted. Operations that differed in secrets alone become
// one.
func (r redaction) codes(codes map[statute.Operation]map[int]int) []counted {
	clean := map[statute.Operation]map[int]int{}
	for o, counts := range codes {
		o = r.operation(o)
		if clean[o] == nil {
			clean[o] = map[int]int{}
		}
		for code, n := range counts {
			clean[o][code] += n
		}
	}
	var out []counted
	for o, counts := range clean {
		out = append(out, counted{o, counts})
	}
	slices.SortFunc(out, func(a, b counted) int {
		return cmp.Or(strings.Compare(a.Operation.Path, b.Operation.Path), strings.Compare(a.Operation.Method, b.Operation.Method))
	})
	return out
}

func (r redaction) exchange(x *statute.Exchange) *statute.Exchange {
	if x == nil {
		return nil
	}
	if r.done[x] == nil {
		r.done[x] = r.Exchange(x)
	}
	return r.done[x]
}

func (r redaction) finding(f *statute.Finding, run *Run) finding {
	clean := *f
	clean.Operation = r.operation(f.Operation)
	clean.Path = r.Text(f.Path)
	clean.Message = r.Text(f.Message)
	clean.Expected = r.Text(f.Expected)
	clean.Operations = nil
	for _, o := range f.Operations {
		clean.Operations = append(clean.Operations, r.operation(o))
	}
	clean.Files = slices.Clone(f.Files)
	for i := range clean.Files {
		clean.Files[i].File = r.Text(clean.Files[i].File)
	}
	clean.Marks = map[string]string{}
	for name, mark := range f.Marks {
		clean.Marks[r.Text(name)] = mark
	}
	clean.Evidence = nil
	out := finding{Finding: &clean, Documented: documented(f)}
	for _, e := range f.Evidence {
		var before []*statute.Exchange
		for _, x := range proof(e) {
			before = append(before, r.exchange(x))
		}
		var after []*statute.Exchange
		for _, x := range e.After {
			after = append(after, r.exchange(x))
		}
		shown := r.exchange(e.Exchange)
		out.Evidence = append(out.Evidence, evidence{
			Evidence:  statute.Evidence{Exchange: shown, Before: before, After: after},
			Operation: r.operation(statute.OperationOf(e.Exchange)),
			Replay:    again(f, e.Exchange, shown, run),
		})
	}
	if run.Servers != nil {
		for i, o := range f.Operations {
			servers := r.texts(run.Servers[Fault{Rule: f.Rule, Operation: o}])
			for _, e := range out.Evidence {
				if at := e.Request.Authority; servers == nil && e.Operation == clean.Operations[i] && at != "" {
					servers = []string{at} // of a convention: they are not told apart before the end
				}
			}
			out.Servers = append(out.Servers, append([]string{}, servers...)) // a list in JSON too
		}
	}
	return out
}

// proof returns the exchanges that came before the one that shows the fault
// and belong to the proof, its control among them, in the order sent.
func proof(e statute.Evidence) []*statute.Exchange {
	before := slices.Clone(e.Before)
	if e.Case != nil && e.Case.Control != nil && !slices.Contains(before, e.Case.Control) {
		before = append(before, e.Case.Control)
	}
	slices.SortStableFunc(before, func(a, b *statute.Exchange) int { return cmp.Compare(a.Source.Entry, b.Source.Entry) })
	return before
}

// documented reports whether the description shares the fault: the fault is
// the choice of an error code for a cause, and the description lists that
// code. Advice is not given against a published contract in the first place.
func documented(f *statute.Finding) bool {
	return f.Documented && f.Level >= statute.Should && f.Rule.Needs.Has(statute.SeenCause) && f.Status >= 400
}
