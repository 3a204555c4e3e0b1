package rules

import (
	_ "embed"
	"net/url"

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
		if c.Cause != statute.NotTheOwner || c.Elsewhere == nil || !succeeded(p) {
			return
		}
		f := statute.Fault{
			Expected: "403 or 404",
			Before:   []*statute.Exchange{c.Elsewhere, c.Control},
		}
		if !refusesOthers(&c.Elsewhere.Response) {
			if !listedApart(p.Exchange, c.Elsewhere) {
				return
			}
			f.Confidence = statute.Likely // it may be for those who know its address
			f.Before = []*statute.Exchange{c.Elsewhere.Case.Control, c.Elsewhere, c.Control}
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

// listedApart reports whether an item that is read stands in its owner's list, and
// not in the same list as another user is shown it.
func listedApart(read, list *statute.Exchange) bool {
	if read.Request.Method != "GET" || !isReading(list) || list.Case == nil || list.Case.Control == nil || !isReading(list.Case.Control) {
		return false
	}
	id, err := url.PathUnescape(lastSegment(read.Request.Path()))
	owners, theirs := list.Case.Control.Response.Body, list.Response.Body
	name := memberWith(parseJSON(owners.Bytes), id, "")
	whole := !theirs.Cut && len(theirs.Bytes) < jsonLimit && len(theirs.Bytes) > 0
	return err == nil && name != "" && whole && memberWith(parseJSON(theirs.Bytes), id, name) == ""
}

// memberWith returns the name of the first member that has an id for its value,
// and that name unless it is ""; "" if there is none.
func memberWith(v value, id, name string) string {
	found := ""
	v.each(func(key, val value) bool {
		n := key.text()
		if n != "" && (name == "" || n == name) && (val.is(id) || val.kind() == jsonNumber && string(val.b) == id) {
			found = n
		} else {
			found = memberWith(val, id, name)
		}
		return found == ""
	})
	return found
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
