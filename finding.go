package statute

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Finding is one fault with one root cause and all the exchanges that show it.
type Finding struct {
	Rule       *Rule
	Level      Level
	Confidence Confidence
	Operation  Operation // of the first exchange, as are Status, Cause, Message and Expected
	Path       string
	Status     int
	Cause      Cause // "" if the verdict does not rest on one and none is known
	Message    string
	Expected   string
	Documented bool // the API's description lists the code: it shares the fault

	Count      int               // exchanges that show the fault; 1 where the rule speaks Once
	Entries    []int             // their Source.Entry
	Files      []Span            // their Source.File: of the first Entries, the next, and so on
	Operations []Operation       // where it shows, each once, in the order seen
	Marks      map[string]string // fingerprints by operation
	Evidence   []Evidence        // the first few exchanges, of different operations where possible
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

// enter adds the place of an exchange that shows the fault.
func (f *Finding) enter(s Source) {
	f.Entries = append(f.Entries, s.Entry)
	if last := len(f.Files) - 1; last >= 0 && f.Files[last].File == s.File {
		f.Files[last].Entries++
		return
	}
	f.Files = append(f.Files, Span{s.File, 1})
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
