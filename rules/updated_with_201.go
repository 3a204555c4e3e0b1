package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed updated_with_201.txtar
var docUpdatedWith201 string

var rUpdatedWith201 = &statute.Rule{
	ID:    "updated-with-201",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "9.3.4"), statute.RFC(5789, "2")},
	On:    []int{201},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Doc:   docUpdatedWith201,
	Compare: func(p *statute.Pass) {
		f := statute.Fault{Expected: "200 or 204"}
		switch p.Request.Method {
		case "PUT":
		case "PATCH":
			f.Level = statute.Should
		default:
			return
		}
		if location, ok := p.Response.Fields.Lookup("Location"); ok && !pointsTo(p.Exchange, location, p.Exchange) {
			return // another resource was created
		}
		if there := lastSeen(p); there != nil {
			f.Message = "201 to a " + p.Request.Method + " on a resource that was there"
			f.Before = []*statute.Exchange{there}
			p.Report(f)
		}
	},
}

// lastSeen returns the latest exchange that shows that the target was there
// when the request came; nil if none does.
func lastSeen(p *statute.Pass) *statute.Exchange {
	past := p.Past(p.Request.Path())
	for i := len(past) - 1; i >= 0; i-- {
		x := past[i]
		switch {
		case overlap(x, p.Exchange):
			return nil
		case x.Response.Class() == 4 && !x.Request.Safe(): // refused: nothing changed
		case x.Request.Target != p.Request.Target || !sameSender(x, p.Exchange):
			if !x.Request.Safe() {
				return nil
			}
		case x.Request.Method == "GET" && x.Response.Status == 200 && !x.Response.Body.Empty(),
			x.Request.Method == "PUT" && x.Response.Class() == 2 && x.Response.Status != 202:
			return x
		case x.Request.Method == "GET" || !x.Request.Safe():
			return nil
		}
	}
	return nil
}
