package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed auth_ignored.txtar
var docAuthIgnored string

var rAuthIgnored = &statute.Rule{
	ID:    "auth-ignored",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.2"), statute.RFC(9110, "11")},
	On:    []int{2},
	Needs: statute.SeenCause | statute.SeenControl | statute.SeenDeclared | statute.SeenBody,
	Doc:   docAuthIgnored,
	Compare: func(p *statute.Pass) {
		c := p.Case
		if !unproved(c.Cause) || !p.Declared.Secured || !succeeded(p) {
			return
		}
		closed := c.Elsewhere != nil && (c.Elsewhere.Response.Status == 401 || c.Elsewhere.Response.Status == 403) &&
			p.Response.MediaType() == c.Control.Response.MediaType() && !tellsOfNone(p.Exchange) // no log-in page, no error
		open := p.Request.Safe() && !closed
		if p.Request.Method == "OPTIONS" || open && (!sameContent(&p.Response, &c.Control.Response) || emptyList(p.Response.Body.Bytes)) {
			return // public, or a view for anybody
		}
		f := statute.Fault{Message: answered(p) + " to an operation that is declared to demand them", Expected: "401"}
		if c.In == "tls" {
			f.Expected = "401 or 403"
		}
		if open && p.Declared.Inherited && !p.Declared.Names(401) {
			f.Level, f.Confidence = statute.Advice, statute.Likely // public, perhaps, and the description forgets to say so
		}
		if closed {
			f.Before = append(f.Before, c.Elsewhere)
		}
		f.Before = append(f.Before, c.Control)
		p.Report(f)
	},
}
