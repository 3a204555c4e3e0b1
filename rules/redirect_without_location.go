package rules

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed redirect_without_location.txtar
var docRedirectWithoutLocation string

var rRedirectWithoutLocation = &statute.Rule{
	ID:    "redirect-without-location",
	Level: statute.Should,
	Cite: []statute.Section{
		statute.RFC(9110, "15.4"), statute.RFC(9110, "15.4.2"), statute.RFC(9110, "15.4.3"),
		statute.RFC(9110, "15.4.4"), statute.RFC(9110, "15.4.8"), statute.RFC(9110, "15.4.9"),
	},
	On:    []int{301, 302, 303, 307, 308},
	Needs: statute.SeenFields | statute.SeenRequestFields,
	Doc:   docRedirectWithoutLocation,
	Check: func(p *statute.Pass) {
		location, has := p.Response.Fields.Lookup("Location")
		if location != "" || resumeIncomplete(p.Exchange) {
			return
		}
		fault := statute.Fault{
			Message:  strconv.Itoa(p.Response.Status) + " without Location",
			Expected: "Location",
		}
		if has {
			fault.Message = strconv.Itoa(p.Response.Status) + " with an empty Location"
		}
		p.Report(fault)
	},
}

// resumeIncomplete reports whether a 308 is Google's answer to part of an
// upload, which is older than the registered meaning.
func resumeIncomplete(x *statute.Exchange) bool {
	return x.Response.Status == 308 &&
		(x.Request.Fields.Has("Content-Range") || strings.EqualFold(x.Response.Reason, "Resume Incomplete"))
}
