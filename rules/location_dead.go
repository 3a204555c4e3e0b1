package rules

import (
	_ "embed"
	"net/url"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed location_dead.txtar
var docLocationDead string

var rLocationDead = &statute.Rule{
	ID:    "location-dead",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.3.2"), statute.RFC(9110, "10.2.2")},
	On:    []int{404, 410},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Doc:   docLocationDead,
	Compare: func(p *statute.Pass) {
		if p.Request.Method != "GET" {
			return
		}
		for _, x := range p.Past(p.Request.Path()) {
			if !x.Request.Safe() || x.Response.Class() == 2 || x.Request.Method == "GET" {
				return // something was there, or it was said before
			}
		}
		created := createdHere(p)
		if created == nil || !sameSender(created, p.Exchange) || overlap(created, p.Exchange) {
			return
		}
		p.Report(statute.Fault{
			Message:  "201 whose Location leads to a " + strconv.Itoa(p.Response.Status),
			Expected: "the Location of what was created",
			Before:   []*statute.Exchange{created},
			At:       created,
		})
	},
}

// createdHere returns the POST, answered 201, whose Location is the target of
// the exchange: its control, or the latest one to the path above; nil if there
// is none.
func createdHere(p *statute.Pass) *statute.Exchange {
	if p.Case != nil && p.Case.Control != nil && creates(p.Case.Control, p.Exchange) {
		return p.Case.Control
	}
	path := strings.TrimSuffix(p.Request.Path(), "/")
	parent := path[:strings.LastIndexByte(path, '/')+1]
	for _, path := range [...]string{strings.TrimSuffix(parent, "/"), parent} {
		past := p.Past(path)
		for i := len(past) - 1; i >= 0; i-- {
			if creates(past[i], p.Exchange) {
				return past[i]
			}
		}
	}
	return nil
}

func creates(post, x *statute.Exchange) bool {
	if post.Request.Method != "POST" || post.Response.Status != 201 {
		return false
	}
	location, ok := post.Response.Fields.Lookup("Location")
	return ok && pointsTo(post, location, x)
}

// pointsTo reports whether a Location in the response of an exchange is the
// target of another one on the same server (RFC 9110, 10.2.2).
func pointsTo(from *statute.Exchange, location string, x *statute.Exchange) bool {
	base, err := url.Parse(from.Request.URL())
	if err != nil {
		return false
	}
	to, err := base.Parse(location)
	if err != nil {
		return false
	}
	return strings.EqualFold(to.Host, x.Request.Authority) && to.RequestURI() == x.Request.Target
}
