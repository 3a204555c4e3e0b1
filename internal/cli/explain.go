package cli

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/rules"
)

// explain returns the command that says what a rule or a code means.
func (a *app) explain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain RULE | CODE",
		Short: "Say what a rule or a status code means",
		Example: `  statute explain 401-without-challenge
  statute explain 409`,
		Args:      cobra.ExactArgs(1),
		ValidArgs: topics(),
		RunE: func(_ *cobra.Command, args []string) error {
			topic := args[0]
			for _, r := range rules.All {
				if r.ID == topic {
					return explainRule(a.stdout, r)
				}
			}
			number, err := strconv.Atoi(topic)
			if c, ok := statute.LookupCode(number); ok && err == nil {
				return explainCode(a.stdout, c)
			}
			what := "no rule and no status code is called " + topic
			if err == nil {
				what = fmt.Sprintf("%d is no registered status code", number)
			}
			if near := nearest(topic, topics()); near != "" {
				return hint(fmt.Errorf("%s: did you mean %s?", what, near), "statute explain %s", near)
			}
			if err == nil {
				return hint(fmt.Errorf("%s", what), "statute codes")
			}
			return hint(fmt.Errorf("%s", what), "statute rules")
		},
	}
}

// topics lists what can be explained, each with a description after a tab, as
// shells show it.
func topics() []string {
	var all []string
	for _, r := range rules.All {
		all = append(all, r.ID)
	}
	for c := range statute.Codes() {
		all = append(all, strconv.Itoa(c.Number))
	}
	return all
}

// explainRule writes a rule's page: the text that reports, pages and this
// command share.
func explainRule(w io.Writer, r *statute.Rule) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  (%s)\n%s\n", r.Title(), r.Level, r.ID)
	for _, s := range r.Cite {
		fmt.Fprintf(&b, "%s  %s\n", s, s.URL())
	}
	_, text, _ := strings.Cut(r.Page(), "\n")
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimPrefix(line, "## "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// explainCode writes what the table knows of a code.
func explainCode(w io.Writer, c statute.Code) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  (%s)\n%s  %s\n\n%s\n\n", c, c.Class(), c.Cite, c.Cite.URL(), c.Meaning)
	content := "none"
	if c.Content {
		content = "allowed"
	}
	cacheable := "only if the response says so"
	if c.Cacheable {
		cacheable = "by default"
	}
	var about []string
	for _, r := range rules.All {
		if slices.Contains(r.On, c.Number) {
			about = append(about, r.ID)
		}
	}
	for _, row := range []struct{ name, value string }{
		{"content", content},
		{"cacheable", cacheable},
		{"repeat", repeat(c.Repeat)},
		{"must have", strings.Join(c.Must, ", ")},
		{"should have", strings.Join(c.Should, ", ")},
		{"may have", strings.Join(c.May, ", ")},
		{"rules", strings.Join(about, ", ")},
	} {
		if row.value != "" {
			fmt.Fprintf(&b, "%-12s %s\n", row.name, row.value)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// repeat says in words whether repeating a request is sensible.
func repeat(r statute.Repeat) string {
	switch r {
	case statute.RepeatLater:
		return "later; Retry-After may say when"
	case statute.RepeatChanged:
		return "only with something changed: credentials, conditions, content, target"
	}
	return "no"
}
