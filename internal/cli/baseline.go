package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/report"
	"github.com/statute-http/statute/rules"
)

// maxBaseline is how many bytes a baseline, or the report that serves as one, may
// have.
const maxBaseline = 256 << 20

// baseline is a file of findings that are known and accepted. A finding is
// counted by operation and code here; one of a rule that speaks once for the
// whole server has neither.
type baseline struct {
	name   string
	update bool // write what this run found
	live   bool // what is judged is a run of the checker, not a recording

	entries map[string]*accepted // by fingerprint
	places  map[statute.Operation][]*accepted
	gone    int
}

// accepted is an entry of a baseline.
type accepted struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	Operation   string `json:"operation,omitempty"` // "GET /orders/{id}"
	Code        int    `json:"code,omitempty"`

	rule  *statute.Rule // nil if there is none any more
	old   bool          // it stood in the file
	shown bool          // in this run
	asked bool          // in this run an answer was seen that the rule could have found wrong
}

// baselineFlags adds --baseline and --update-baseline, and returns what reads
// the file.
func baselineFlags(f *pflag.FlagSet) func(live bool) (*baseline, error) {
	name := f.String("baseline", "", "`file` of known findings: they are neither shown nor count as failure")
	update := f.Bool("update-baseline", false, "write what is found to the --baseline file, without what is gone")
	return func(live bool) (*baseline, error) {
		switch {
		case *name == "" && *update:
			return nil, hint(errors.New("--update-baseline: which file?"), "--baseline baseline.json --update-baseline")
		case *name == "":
			return nil, nil
		}
		return openBaseline(*name, *update, live)
	}
}

// openBaseline reads a baseline. One that is to be written need not be there.
func openBaseline(name string, update, live bool) (*baseline, error) {
	b := &baseline{name: name, update: update, live: live, entries: map[string]*accepted{}, places: map[statute.Operation][]*accepted{}}
	if update { // that it cannot be written is an error now, not when the work is done
		temporary, err := create(name)
		if err == nil {
			err = discard(temporary)
		}
		if err != nil {
			return nil, fmt.Errorf("--baseline %w", err)
		}
	}
	file, err := os.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && update:
		return b, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, hint(fmt.Errorf("--baseline %s: there is no such file", name), "--baseline %s --update-baseline", word(name))
	case err != nil:
		return nil, fmt.Errorf("--baseline: %w", err)
	}
	defer file.Close()
	if err := b.read(file); err != nil {
		return nil, hint(fmt.Errorf("--baseline %s: %w", name, err), "--baseline new.json --update-baseline")
	}
	return b, nil
}

// read reads a baseline, or the JSON report of an earlier run.
func (b *baseline) read(r io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(r, maxBaseline+1))
	if err != nil {
		return err
	}
	if len(data) > maxBaseline {
		return fmt.Errorf("it has more than %d bytes", maxBaseline)
	}
	var file struct {
		Version  string      `json:"baseline"`
		Accepted []*accepted `json:"accepted"`

		Statute  string `json:"statute"`
		Findings []struct {
			Rule         string            `json:"rule"`
			Once         bool              `json:"once"`
			Fingerprints map[string]string `json:"fingerprints"`
		} `json:"findings"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return fmt.Errorf("it is no baseline: %w", report.Misfit(err))
	}
	switch {
	case file.Version == "1":
		for i, e := range file.Accepted {
			if e == nil || e.Rule == "" || e.Fingerprint != statute.Fingerprint(e.Rule, operationOf(e.Operation), e.Code) {
				return fmt.Errorf("entry %d is broken: its fingerprint is not that of its rule, operation and code", i+1)
			}
			b.add(e)
		}
	case file.Version != "":
		return fmt.Errorf("it is a baseline of version %.20q, and only 1 is known", file.Version)
	case file.Statute == "1" && b.update:
		return errors.New("it is a report, which would be overwritten")
	case file.Statute == "1":
		for _, f := range file.Findings {
			if f.Once {
				b.add(&accepted{Rule: f.Rule, Fingerprint: statute.Fingerprint(f.Rule, statute.Operation{}, 0)})
				continue
			}
			for operation, mark := range f.Fingerprints {
				b.add(&accepted{Rule: f.Rule, Operation: operation, Fingerprint: mark})
			}
		}
	default:
		return errors.New("it is neither a baseline nor a JSON report of Statute")
	}
	return nil
}

// add enters an entry of the file.
func (b *baseline) add(e *accepted) {
	if i := slices.IndexFunc(rules.All, func(r *statute.Rule) bool { return r.ID == e.Rule }); i >= 0 {
		e.rule = rules.All[i]
	}
	e.old = true
	b.entries[e.Fingerprint] = e
	place := operationOf(e.Operation)
	b.places[place] = append(b.places[place], e)
}

// see notes which rules could have spoken about an exchange. In a recording only
// an answer that a rule looks at tells something; a run of the checker asks for
// all of them.
func (b *baseline) see(x *statute.Exchange) {
	known := x.Known()
	for _, place := range [...]statute.Operation{statute.OperationOf(x), {}} {
		for _, e := range b.places[place] {
			if !e.asked && e.rule != nil && known.Has(e.rule.Needs) && (b.live || e.rule.LooksAt(x.Response.Status)) {
				e.asked = true
			}
		}
	}
}

// accepts reports whether a fault is known. One that is not is noted.
func (b *baseline) accepts(f report.Fault) bool {
	f = once(f)
	mark := statute.Fingerprint(f.Rule.ID, f.Operation, f.Code)
	e := b.entries[mark]
	if e == nil {
		e = &accepted{Fingerprint: mark, Rule: f.Rule.ID, Operation: f.Operation.String(), Code: f.Code, rule: f.Rule}
		b.entries[mark] = e
	}
	e.shown = true
	return e.old
}

// counted returns "1 finding" or "12 findings".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// operationOf reads "GET /orders/{id}".
func operationOf(text string) statute.Operation {
	method, path, _ := strings.Cut(text, " ")
	return statute.Operation{Method: method, Path: path}
}

// finish takes out what is gone and tells the run what was accepted.
// Gone is what did not show although its rule was asked and its operation
// reached, in a run that came to its end.
func (b *baseline) finish(run *report.Run, complete bool) {
	missed := map[string]bool{}
	for _, o := range run.Operations {
		missed[o.Operation.String()] = o.State != statute.Reached
	}
	run.Baseline = b.name
	for mark, e := range b.entries {
		switch {
		case e.shown && e.old:
			run.Known = append(run.Known, report.Fault{Rule: e.rule, Operation: operationOf(e.Operation), Code: e.Code})
		case !e.shown && complete && (e.rule == nil || e.asked && !missed[e.Operation]):
			delete(b.entries, mark)
			b.gone++
		}
	}
	slices.SortFunc(run.Known, func(x, y report.Fault) int {
		return cmp.Or(strings.Compare(x.Rule.ID, y.Rule.ID), strings.Compare(x.Operation.String(), y.Operation.String()), cmp.Compare(x.Code, y.Code))
	})
	if b.gone > 0 && !b.update {
		run.Notes = append(run.Notes, fmt.Sprintf("%s gone: --update-baseline takes them out.",
			counted(b.gone, "finding of "+b.name+" is", "findings of "+b.name+" are")))
	}
}

// settle writes the baseline, if it is to take up what was found; else what was
// found decides.
func (a *app) settle(run *report.Run, o *output, b *baseline) error {
	if b != nil && b.update {
		return a.save(b)
	}
	return o.gate(run)
}

// save writes a baseline: sorted, one line for an entry.
func (a *app) save(b *baseline) error {
	entries := slices.SortedFunc(maps.Values(b.entries), func(x, y *accepted) int {
		return cmp.Or(strings.Compare(x.Rule, y.Rule), strings.Compare(x.Operation, y.Operation), cmp.Compare(x.Code, y.Code))
	})
	added := 0
	var text bytes.Buffer
	text.WriteString("{\"baseline\": \"1\", \"accepted\": [")
	for i, e := range entries {
		if !e.old {
			added++
		}
		if i > 0 {
			text.WriteByte(',')
		}
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		text.WriteByte('\n')
		text.Write(line)
	}
	text.WriteString("\n]}\n")
	err := replace(b.name, 0o644, func(w io.Writer) error {
		_, err := text.WriteTo(w)
		return err
	})
	if err != nil {
		return fmt.Errorf("--baseline %w", err)
	}
	a.console.say("%s: %s, %d added, %d taken out", b.name, counted(len(entries), "finding", "findings"), added, b.gone)
	return nil
}
