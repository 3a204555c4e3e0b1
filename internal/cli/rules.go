package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/rules"
)

// rules returns the command that lists the rules.
func (a *app) rules() *cobra.Command {
	format := "text"
	cmd := &cobra.Command{
		Use:   "rules",
		Short: "List the rules",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			for _, f := range ruleFormats {
				if f.name == format {
					return f.write(a.stdout, rules.All)
				}
			}
			return hint(fmt.Errorf("--format %s: there are text, json, markdown", format), "statute rules --format markdown")
		},
	}
	cmd.Flags().StringVar(&format, "format", format, "`format` of the list: text, json, markdown")
	return cmd
}

var ruleFormats = [...]struct {
	name  string
	write func(w io.Writer, all []*statute.Rule) error
}{
	{"text", func(w io.Writer, all []*statute.Rule) error {
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, r := range all {
			fmt.Fprintf(table, "%s\t%s\t%s\n", r.Level, r.ID, r.Title())
		}
		return table.Flush()
	}},
	{"json", func(w io.Writer, all []*statute.Rule) error {
		type row struct {
			ID    string        `json:"id"`
			Level statute.Level `json:"level"`
			Title string        `json:"title"`
			Cite  string        `json:"cite"`
			URL   string        `json:"url"`
		}
		rows := []row{}
		for _, r := range all {
			rows = append(rows, row{r.ID, r.Level, r.Title(), r.Cite[0].String(), r.Cite[0].URL()})
		}
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(rows)
	}},
	{"markdown", func(w io.Writer, all []*statute.Rule) error {
		text := "| rule | level | fault | section |\n|---|---|---|---|\n"
		for _, r := range all {
			text += fmt.Sprintf("| `%s` | %s | %s | [%s](%s) |\n", r.ID, r.Level, r.Title(), r.Cite[0], r.Cite[0].URL())
		}
		_, err := io.WriteString(w, text)
		return err
	}},
}
