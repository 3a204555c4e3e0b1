package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/redact"
	"github.com/statute-http/statute/internal/report"
)

// plan lists what a run would send.
func (a *app) plan(t *target, l *login, config check.Config) error {
	if t.description != nil {
		l.schemes(t.description)
	}
	config.Description, config.Base = t.description, t.base
	l.give(&config)
	clean := &redact.Redactor{Secrets: l.secrets()}
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	sent := 0
	for _, p := range check.Plan(config) {
		what := "left out: " + p.Why
		if p.Causes != nil {
			sent++
			words := make([]string, len(p.Causes))
			for i, cause := range p.Causes {
				words[i] = string(cause)
			}
			what = strings.Join(words, ", ")
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", report.Escape(p.Operation.Method), report.Escape(clean.Text(p.Target)), report.Escape(what))
	}
	_ = table.Flush() // a strings.Builder does not fail
	fmt.Fprintf(&b, "\n%s at %s; none of this was sent. Which of it is, and how often, depends on the answers.\n",
		counted(sent, "operation", "operations"), report.Escape(clean.Text(t.base.String())))
	_, err := fmt.Fprint(a.stdout, b.String())
	return err
}
