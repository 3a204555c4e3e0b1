package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/handbook"
	"github.com/statute-http/statute/internal/report"
	"github.com/statute-http/statute/internal/spell"
	"github.com/statute-http/statute/rules"
)

// explain returns the command that says what a rule, a code or any other topic
// of the handbook means.
func (a *app) explain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [RULE | CODE | TOPIC]",
		Short: "Say what a rule or a status code means, and which of several codes is right",
		Long: `Says what a rule or a status code means: when to use it, what must come with it,
how others treat it, common mistakes, and what to do on receiving it. Two or more
codes that are taken for each other have a page too. Without an argument it lists
what else there is.`,
		Example: `  statute explain 409
  statute explain 401-403
  statute explain 401-without-challenge`,
		Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return topics(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listTopics(a.stdout)
			}
			text, err := explanation(args[0], screen(a.stdout))
			if err != nil {
				return err
			}
			_, err = io.WriteString(a.stdout, text)
			return err
		},
	}
}

// explanation returns what there is to say on a topic, for a terminal.
func explanation(topic string, on report.Screen) (string, error) {
	for _, r := range everyRule() {
		if r.ID == topic {
			return explainRule(r, on), nil
		}
	}
	if p, ok := handbook.Lookup(topic); ok {
		number, _ := strconv.Atoi(p.Name)
		if c, ok := statute.LookupCode(number); ok {
			return explainCode(c, p, on), nil
		}
		note := ""
		if p.Kind == handbook.VendorPage {
			note = "not registered: no standard says what it means\n"
		}
		return page("# "+p.Title+"\n"+note+"\n"+p.Text, on), nil
	}
	what, list := "no rule, no status code and no other topic is called "+topic, "statute explain"
	if number, err := strconv.Atoi(topic); err == nil {
		what, list = fmt.Sprintf("%d is no registered status code", number), "statute codes"
	}
	if near := spell.Nearest(topic, topics()); near != "" {
		return "", hint(fmt.Errorf("%s: did you mean %s?", what, near), "statute explain %s", near)
	}
	return "", hint(errors.New(what), "%s", list)
}

// topics lists what can be explained.
func topics() []string {
	var all []string
	for _, r := range everyRule() {
		all = append(all, r.ID)
	}
	for p := range handbook.Pages() {
		all = append(all, p.Name)
	}
	return all
}

// listTopics writes the topics. Codes and rules are too many: other commands
// list them.
func listTopics(w io.Writer) error {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, kind := range []struct {
		handbook.Kind
		heading string
	}{
		{handbook.PairPage, "Codes that are taken for each other"},
		{handbook.TablePage, "Tables"},
		{handbook.VendorPage, "Codes that vendors made up"},
	} {
		fmt.Fprintf(table, "%s\n", kind.heading)
		for p := range handbook.Pages() {
			if p.Kind == kind.Kind {
				fmt.Fprintf(table, "  %s\t%s\n", p.Name, strings.TrimPrefix(p.Title, p.Name+" "))
			}
		}
		fmt.Fprintln(table)
	}
	_ = table.Flush() // a strings.Builder does not fail
	b.WriteString("All registered codes: statute codes. All rules: statute rules.\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// explainRule returns a rule's page: the text that reports, pages and this
// command share.
func explainRule(r *statute.Rule, on report.Screen) string {
	_, text, _ := strings.Cut(r.Page(), "\n")
	var b strings.Builder
	fmt.Fprintf(&b, "# %s  (%s)\n%s\n", r.Title(), r.Level, r.ID)
	for _, s := range r.Cite {
		fmt.Fprintf(&b, "%s  %s\n", s, s.URL())
	}
	return page(b.String()+text, on)
}

// explainCode returns a code's page, and what the table and the rules say of it.
func explainCode(c statute.Code, p handbook.Page, on report.Screen) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s  (%s)\n%s  %s\n\n%s\n## In short\n\n", c, c.Class(), c.Cite, c.Cite.URL(), p.Text)
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
	return page(b.String(), on)
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
