package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/statute-http/statute"
)

// codes returns the command that lists the status codes.
func (a *app) codes() *cobra.Command {
	return &cobra.Command{
		Use:   "codes",
		Short: "List the status codes, with what must or should come with them",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
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
			return table.Flush()
		},
	}
}

// companions lists the fields that a code must and should bring along: "must
// Content-Range; should ETag, Date".
func companions(c statute.Code) string {
	var parts []string
	for _, p := range []struct {
		word   string
		fields []string
	}{{"must", c.Must}, {"should", c.Should}} {
		if len(p.fields) > 0 {
			parts = append(parts, p.word+" "+strings.Join(p.fields, ", "))
		}
	}
	return strings.Join(parts, "; ")
}
