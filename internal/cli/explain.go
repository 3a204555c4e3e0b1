package cli

import (
	"errors"
	"fmt"
	"io"
	"regexp"
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
	format := "text"
	cmd := &cobra.Command{
		Use:   "explain [RULE | CODE... | TOPIC]",
		Short: "Say what a rule or a status code means, and which of several codes is right",
		Long: `Says what a rule or a status code means: when to use it, what must come with it,
how others treat it, common mistakes, and what to do on receiving it. Two or more
codes that are taken for each other have a page too. Without an argument it lists
what else there is. A rule's page shows a wrong exchange and a right one.`,
		Example: `  statute explain 409
  statute explain 401 403
  statute explain 401-without-challenge`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return topics(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listTopics(a.stdout)
			}
			topic := strings.Join(args, " ")
			markdown, err := explanation(topic)
			if err != nil {
				return err
			}
			for _, f := range pageFormats {
				if f.name == format {
					_, err = io.WriteString(a.stdout, f.write(markdown, screen(a.stdout)))
					return err
				}
			}
			return hint(fmt.Errorf("--format %s: there are text, markdown, html", format), "statute explain %s --format markdown", topic)
		},
	}
	cmd.Flags().StringVar(&format, "format", format, "`format` of the page: text, markdown, html")
	return cmd
}

var pageFormats = [...]struct {
	name  string
	write func(markdown string, on report.Screen) string
}{
	{"text", page},
	{"markdown", func(markdown string, _ report.Screen) string { return strings.TrimRight(markdown, "\n") + "\n" }},
	{"html", func(markdown string, _ report.Screen) string { return htmlPage(markdown) }},
}

// codesTogether matches several codes, however they are set apart.
var codesTogether = regexp.MustCompile(`^[0-9]{3}(?:[^0-9]+[0-9]{3})+$`)

// between matches what sets codes apart.
var between = regexp.MustCompile(`[^0-9]+`)

// explanation returns in Markdown what there is to say on a topic.
func explanation(topic string) (string, error) {
	if codesTogether.MatchString(topic) {
		topic = between.ReplaceAllLiteralString(topic, "-")
	}
	for _, r := range everyRule() {
		if r.ID == topic {
			return explainRule(r), nil
		}
	}
	if p, ok := handbook.Lookup(topic); ok {
		number, _ := strconv.Atoi(p.Name)
		if c, ok := statute.LookupCode(number); ok {
			return explainCode(c, p), nil
		}
		note := ""
		if p.Kind == handbook.VendorPage {
			note = "not registered: no standard says what it means\n"
		}
		return "# " + p.Title + "\n" + note + "\n" + p.Text, nil
	}
	if number, err := strconv.Atoi(topic); err == nil {
		if number < 100 || number > 599 {
			return "", hint(fmt.Errorf("no status code can be %d: they go from 100 to 599 (RFC 9110, 15)", number), "statute codes")
		}
		general := number / 100 * 100
		return "", hint(fmt.Errorf("%d is no registered status code: who receives it takes it for a %d (RFC 9110, 15)", number, general), "statute explain %d", general)
	}
	what := "no rule, no status code and no other topic is called " + topic
	if near := spell.Nearest(topic, topics()); near != "" {
		return "", hint(fmt.Errorf("%s: did you mean %s?", what, near), "statute explain %s", near)
	}
	return "", hint(errors.New(what), "statute explain")
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
// command share, and two of its examples.
func explainRule(r *statute.Rule) string {
	_, text, _ := strings.Cut(r.Page(), "\n")
	var b strings.Builder
	fmt.Fprintf(&b, "# %s  (%s)\n%s\n", r.Title(), r.Level, r.ID)
	for _, s := range r.Cite {
		fmt.Fprintf(&b, "%s  %s\n", s, s.URL())
	}
	before, after, _ := strings.Cut(text, "\n## Not reported\n")
	b.WriteString(before)
	if shown := examples(r); shown != "" {
		b.WriteString("\n" + shown)
	}
	return b.String() + "\n## Not reported\n" + after
}

// explainCode returns a code's page, and what the table and the rules say of it.
func explainCode(c statute.Code, p handbook.Page) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s  (%s)\n%s  %s\n\n%s\n## In short\n\n", c, c.Class(), c.Cite, c.Cite.URL(), p.Text)
	content := "none"
	if c.Content {
		content = "allowed"
	}
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "- **%s**: %s\n", name, value)
		}
	}
	row("content", content)
	row("cacheable", caching(c.Caching))
	row("repeat", repeat(c))
	for _, part := range fieldParts(c) {
		row(part.name, strings.Join(part.fields, ", "))
	}
	var of, ofClass, ofAll []string
	for _, r := range rules.All {
		switch {
		case slices.Contains(r.On, c.Number) || p.Names(r.ID):
			of = append(of, r.ID)
		case slices.Contains(r.On, c.Number/100):
			ofClass = append(ofClass, r.ID)
		case len(r.On) == 0:
			ofAll = append(ofAll, r.ID)
		}
	}
	row("rules", strings.Join(of, ", "))
	row(fmt.Sprintf("rules for all %dxx", c.Number/100), strings.Join(ofClass, ", "))
	row("rules for all codes", strings.Join(ofAll, ", "))
	return b.String()
}

// caching says in words whether a response may be stored.
func caching(c statute.Caching) string {
	switch c {
	case statute.CacheByDefault:
		return "by default"
	case statute.CacheNever:
		return "never, whatever the response says"
	}
	return "only if the response says so"
}

// repeat says in words whether repeating a request is sensible.
func repeat(c statute.Code) string {
	switch c.Repeat {
	case statute.RepeatLater:
		if slices.Contains(slices.Concat(c.Should, c.May), "Retry-After") {
			return "later; Retry-After may say when"
		}
		return "later"
	case statute.RepeatChanged:
		return "only once something has changed: credentials, conditions, content, target, what stands in the way"
	case statute.RepeatAtOnce:
		return "at once, over another connection or after the TLS handshake"
	}
	return "no"
}
