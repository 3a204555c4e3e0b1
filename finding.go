package statute

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Finding is one fault with one root cause and all the exchanges that show it.
type Finding struct {
	Rule       *Rule
	Level      Level
	Confidence Confidence
	Operation  Operation // of the exchange shown first, as are Path, Status and Cause
	Path       string
	Status     int
	Cause      Cause   // "" if the verdict does not rest on one and none is known
	Causes     []Cause // all that the verdict rests on
	Message    string  // names all of them
	Expected   string
	Cite       Section // zero: the first of the rule's
	Documented bool    // the API's description lists the code: it shares the fault

	Count      int               // exchanges that show the fault; 1 where the rule speaks Once
	Entries    []int             // their Source.Entry
	Files      []Span            // their Source.File: of the first Entries, the next, and so on
	Operations []Operation       // where it shows, each once, in the order seen
	Marks      map[string]string // fingerprints by operation
	Evidence   []Evidence        // the first few exchanges, of different operations where possible, and the first of each cause
}

// Note reports whether the finding is a mere note on the whole server.
func (f *Finding) Note() bool { return f.Rule.Once && f.Level == Advice }

// Evidence is an exchange that shows a fault, with what came before and after
// it that belongs to the proof.
type Evidence struct {
	*Exchange
	Before []*Exchange
	After  []*Exchange
}

// Span is how many entries that follow each other are of one file.
type Span struct {
	File    string
	Entries int
}

// enter adds exchanges of one file that show the fault.
func (f *Finding) enter(file string, entries ...int) {
	f.Entries = append(f.Entries, entries...)
	f.Count = len(f.Entries)
	if f.Rule.Once {
		f.Count = 1
	}
	if last := len(f.Files) - 1; last >= 0 && f.Files[last].File == file {
		f.Files[last].Entries += len(entries)
		return
	}
	f.Files = append(f.Files, Span{file, len(entries)})
}

// tell adds a cause.
func (f *Finding) tell(c Cause, expected string) {
	if last := len(f.Causes) - 1; last >= 0 {
		f.Message = strings.Replace(f.Message, string(f.Causes[last]), string(f.Causes[last]+", "+c), 1)
	}
	f.Causes = append(f.Causes, c)
	for right := range strings.SplitSeq(expected, "; ") {
		if !strings.Contains(f.Expected, right) {
			f.Expected += "; " + right
		}
	}
}

// absorb takes up another finding, which is of the same fault.
func (f *Finding) absorb(g *Finding) {
	for _, c := range g.Causes {
		f.tell(c, g.Expected)
	}
	for _, span := range g.Files {
		f.enter(span.File, g.Entries[:span.Entries]...)
		g.Entries = g.Entries[span.Entries:]
	}
	f.Evidence = append(f.Evidence, g.Evidence...)
	for _, o := range g.Operations {
		if name := o.String(); f.Marks[name] == "" {
			f.Marks[name] = g.Marks[name]
			f.Operations = append(f.Operations, o)
		}
	}
}

// Verdict is what a Judge has to say in the end.
type Verdict struct {
	Exchanges   int
	Findings    []*Finding   // worst first; mere notes on the whole server last
	LeftOut     []LeftOut    // sorted by rule
	Conventions []Convention // sorted by rule
}

// LeftOut says how often a rule could not be asked.
type LeftOut struct {
	Rule      *Rule
	Exchanges int
	Why       string // "no header fields recorded"
}

// Count returns the number of findings of that level.
func (v *Verdict) Count(level Level) int {
	n := 0
	for _, f := range v.Findings {
		if f.Level == level {
			n++
		}
	}
	return n
}

// Worst returns the highest level among the findings, 0 if there are none.
func (v *Verdict) Worst() Level {
	var worst Level
	for _, f := range v.Findings {
		worst = max(worst, f.Level)
	}
	return worst
}

// Fingerprint identifies a fault of one operation over runs, given its rule's ID
// and the code that shows it: it holds no ids and no times.
func Fingerprint(rule string, o Operation, code int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%d", rule, o.Method, o.Path, code))
	return hex.EncodeToString(sum[:8])
}
