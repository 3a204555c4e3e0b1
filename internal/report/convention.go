package report

import (
	"strings"

	"github.com/statute-http/statute"
)

// convention returns a copy of a convention without its secrets.
func (r redaction) convention(c statute.Convention) statute.Convention {
	c.Server = r.Text(c.Server)
	choices := c.Choices
	c.Choices = nil
	for _, choice := range choices {
		clean := &statute.Choice{Name: r.Text(choice.Name)}
		for _, o := range choice.Operations {
			clean.Operations = append(clean.Operations, r.operation(o))
		}
		c.Choices = append(c.Choices, clean)
	}
	return c
}

// conventions returns a line for each choice of the API: "invalid values: 422 on
// 12 operations; 400 on POST /carts, PUT /carts/{id}".
func (v *view) conventions() []string {
	servers := map[string]bool{}
	for _, c := range v.Conventions {
		servers[c.Server] = true
	}
	var lines []string
	for _, c := range v.Conventions {
		own := c.Choices[0]
		line := c.Rule.Convention + ": " + own.Name + " on " + plural(len(own.Operations), "operation", "operations")
		if c.Declared {
			line += ", as declared"
		}
		if len(servers) > 1 {
			line = c.Server + ": " + line
		}
		others := make([]string, 0, len(c.Choices))
		for _, choice := range c.Choices[1:] {
			others = append(others, choice.Name+" on "+operations(choice.Operations))
		}
		lines = append(lines, strings.Join(append([]string{line}, others...), "; "))
	}
	return lines
}
