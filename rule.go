package statute

import (
	"slices"
	"strings"
)

// Rule holds exchanges to one demand of a standard. A rule has a Check, which
// looks at one exchange, or a Compare, which also looks at what came before it,
// or a Choose, which tells what the API chose in an exchange where several
// answers are right: then the rule reports the operations that do otherwise than
// most, or than the API declares.
type Rule struct {
	ID    string    // names the fault: "401-without-challenge"
	Level Level     // the highest at which it reports
	Cite  []Section // the first is the one that reports show
	On    []int     // the codes it looks at; 4 means all of 4xx; none means every code, 0 included
	Needs Seen      // what it cannot do without
	Over  []string  // rules that keep silent about an exchange where this one speaks
	Once  bool      // one finding for the whole server, whatever the operation: shown last, in one line
	Doc   string    // the page: title, what is wrong, why it hurts, fix, what is not reported

	Check   func(*Pass)
	Compare func(*Pass)
	Choose  func(*Pass) string // "" if there was nothing to choose

	Convention string // what a Choose is about: "invalid values"
}

// LooksAt reports whether the rule looks at answers with that code.
func (r *Rule) LooksAt(code int) bool {
	return len(r.On) == 0 || slices.Contains(r.On, code) || code > 99 && slices.Contains(r.On, code/100)
}

// Title returns the heading of the rule's page.
func (r *Rule) Title() string {
	title, _, _ := strings.Cut(strings.TrimPrefix(r.Doc, "# "), "\n")
	return strings.TrimSpace(title)
}

// Part returns the text of the page's section with that heading, or "" if
// there is none; Part("") is the text before the first such heading.
func (r *Rule) Part(heading string) string {
	text := r.Page()
	if _, rest, ok := strings.Cut(text, "\n"); ok {
		text = rest
	}
	if heading != "" {
		_, rest, ok := strings.Cut(text, "\n## "+heading+"\n")
		if !ok {
			return ""
		}
		text = rest
	}
	text, _, _ = strings.Cut(text, "\n## ")
	return strings.TrimSpace(text)
}

// Page returns the page without its examples: Doc up to the first file of the
// txtar archive that it is.
func (r *Rule) Page() string {
	text, _, _ := strings.Cut(r.Doc, "\n-- ")
	return strings.TrimSpace(text) + "\n"
}

// Fix returns in one line how to mend what the rule reports: the first
// paragraph of the page's section "Fix".
func (r *Rule) Fix() string {
	first, _, _ := strings.Cut(r.Part("Fix"), "\n\n")
	return strings.Join(strings.Fields(first), " ")
}

// Pass is what a rule is given: the exchange under judgement and, for a rule
// that compares, what was seen before it.
type Pass struct {
	*Exchange
	rule  *Rule
	judge *Judge
}

// Fault is what a rule reports. Level, Confidence and Cite need only be set
// where they differ from the rule's own.
type Fault struct {
	Message    string // the failing condition and the evidence, in one line
	Expected   string // what would have been right: "WWW-Authenticate", "404"
	Level      Level
	Confidence Confidence
	Cite       Section
	Before     []*Exchange // earlier exchanges that belong to the proof, oldest first
	At         *Exchange   // the exchange that shows the fault, one of Before; nil: the one under judgement
}

// Report reports a fault of the exchange under judgement.
func (p *Pass) Report(f Fault) {
	if f.Level == 0 {
		f.Level = p.rule.Level
	}
	p.judge.faults = append(p.judge.faults, reported{p.rule, f})
}

// Past returns the earlier exchanges with that path on the same server, oldest
// first. It is bounded: the oldest are forgotten. The slice is good until the
// rule returns.
func (p *Pass) Past(path string) []*Exchange {
	return p.judge.past.exchanges[place{p.Request.Authority, path}]
}
