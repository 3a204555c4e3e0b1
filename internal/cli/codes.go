package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/statute-http/statute"
)

// codes returns the command that lists the status codes.
func (a *app) codes() *cobra.Command {
	format := "text"
	cmd := &cobra.Command{
		Use:   "codes",
		Short: "List the status codes, with what must or should come with them",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			for _, f := range codeFormats {
				if f.name == format {
					return f.write(a.stdout)
				}
			}
			return hint(fmt.Errorf("--format %s: there are text, json, markdown", format), "statute codes --format markdown")
		},
	}
	cmd.Flags().StringVar(&format, "format", format, "`format` of the list: text, json, markdown")
	return cmd
}

var codeFormats = [...]struct {
	name  string
	write func(io.Writer) error
}{
	{"text", writeCodes},
	{"json", func(w io.Writer) error {
		type row struct {
			Number  int             `json:"number"`
			Name    string          `json:"name"`
			Class   string          `json:"class"`
			Meaning string          `json:"meaning"`
			Content bool            `json:"content"`
			Caching statute.Caching `json:"cacheable"`
			Repeat  statute.Repeat  `json:"repeat"`
			Must    []string        `json:"must"`
			As200   []string        `json:"must_as_200"` // if a 200 has them
			Should  []string        `json:"should"`
			May     []string        `json:"may"`
			Cite    string          `json:"cite"`
			URL     string          `json:"url"`
		}
		var rows []row
		for c := range statute.Codes() {
			list := func(fields []string) []string { return append([]string{}, fields...) } // never null
			rows = append(rows, row{
				c.Number, c.Name, c.Class(), c.Meaning, c.Content, c.Caching, c.Repeat,
				list(c.Must), list(c.As200), list(c.Should), list(c.May), c.Cite.String(), c.Cite.URL(),
			})
		}
		return writeJSON(w, rows)
	}},
	{"markdown", func(w io.Writer) error {
		text := "| code | name | meaning | fields | section |\n|---|---|---|---|---|\n"
		for c := range statute.Codes() {
			text += fmt.Sprintf("| %d | %s | %s | %s | [%s](%s) |\n", c.Number, c.Name, c.Meaning, companions(c), c.Cite, c.Cite.URL())
		}
		_, err := io.WriteString(w, text)
		return err
	}},
}

// writeCodes writes the list in columns, an empty line between the classes.
func writeCodes(w io.Writer) error {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	class := ""
	for c := range statute.Codes() {
		if c.Class() != class {
			if class != "" {
				fmt.Fprintln(table)
			}
			class = c.Class()
		}
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\n", c.Number, c.Name, c.Meaning, companions(c))
	}
	_ = table.Flush() // a strings.Builder does not fail
	for line := range strings.Lines(b.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

// fields are header fields and how far a code must bring them along.
type fields struct {
	name   string // "must have", "should have"
	fields []string
}

// fieldParts lists the fields that belong to a code, those demanded first.
func fieldParts(c statute.Code) []fields {
	return []fields{{"must have", c.Must}, {"must have (if the 200 has it)", c.As200}, {"should have", c.Should}, {"may have", c.May}}
}

// companions lists the fields that a code must and should bring along: "must
// Content-Range; must (if the 200 has it) ETag, Date".
func companions(c statute.Code) string {
	var parts []string
	for _, p := range fieldParts(c) {
		if len(p.fields) > 0 && p.name != "may have" {
			parts = append(parts, strings.Replace(p.name, " have", "", 1)+" "+strings.Join(p.fields, ", "))
		}
	}
	return strings.Join(parts, "; ")
}
