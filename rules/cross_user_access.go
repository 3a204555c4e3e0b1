package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed cross_user_access.txtar
var docCrossUserAccess string

var rCrossUserAccess = &statute.Rule{
	ID:    "cross-user-access",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.4")},
	On:    []int{2},
	Needs: statute.SeenCause | statute.SeenControl | statute.SeenBody,
	Over:  []string{"200-with-error-body"},
	Doc:   docCrossUserAccess,
	Compare: func(p *statute.Pass) {
		c := p.Case
		if c.Cause != statute.NotTheOwner || c.Elsewhere == nil || !refusesOthers(&c.Elsewhere.Response) || !succeeded(p) {
			return
		}
		f := statute.Fault{
			Expected: "403 or 404",
			Before:   []*statute.Exchange{c.Elsewhere, c.Control},
		}
		switch {
		case p.Request.Method == "GET":
			if !showsSame(p.Exchange, c.Control) {
				return // a view of what is their own, or for anybody
			}
			f.Message = "a user reads what belongs to another"
		case p.Request.Safe(), p.Response.Status == 202,
			p.Request.Method == "PUT" && p.Response.Status == 201: // one of their own
			return
		default:
			f.Message = p.Request.Method + " of a user to what belongs to another is carried out"
		}
		p.Report(f)
	},
}

func refusesOthers(r *statute.Response) bool { return r.Status == 403 || r.Status == 404 }

// showsSame reports whether two answers show the same thing, what the server
// manages aside, and something at all.
func showsSame(a, b *statute.Exchange) bool {
	if sameContent(&a.Response, &b.Response) {
		return !emptyList(a.Response.Body.Bytes)
	}
	was, is := stateIn(&a.Response.Body), stateIn(&b.Response.Body)
	return is.kind() != jsonNone && !emptyList(a.Response.Body.Bytes) && otherwise(was, is) == ""
}
