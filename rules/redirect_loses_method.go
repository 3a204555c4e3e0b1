package rules

import (
	_ "embed"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed redirect_loses_method.txtar
var docRedirectLosesMethod string

var rRedirectLosesMethod = &statute.Rule{
	ID:    "redirect-loses-method",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.4.2"), statute.RFC(9110, "15.4.3")},
	On:    []int{301, 302},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Doc:   docRedirectLosesMethod,
	Check: func(p *statute.Pass) {
		form := false
		switch p.Request.Method {
		case "POST":
			form = isBrowserForm(&p.Request)
		case "PUT", "PATCH", "DELETE":
		default:
			return
		}
		location := p.Response.Fields.Get("Location")
		if location == "" || leadsToLogin(location) {
			return
		}
		code := strconv.Itoa(p.Response.Status)
		f := statute.Fault{Expected: "308 to keep the method, 303 to go on with GET"}
		if p.Response.Status == 302 {
			f.Expected = "307 to keep the method, 303 to go on with GET"
		}
		switch {
		case form:
			f.Level = statute.Advice
			f.Message = code + " to a form: 303 says that GET comes next"
			f.Expected = "303"
		case p.Request.Method == "POST":
			f.Message = code + " to POST: clients go on with GET and without the content"
		default:
			f.Level = statute.Advice
			f.Message = code + " to " + p.Request.Method + ": some clients go on with GET"
		}
		p.Report(f)
	},
}

// isBrowserForm reports whether a request is like that of a form in a browser:
// form content, and HTML accepted.
func isBrowserForm(r *statute.Request) bool {
	switch r.MediaType() {
	case "application/x-www-form-urlencoded", "multipart/form-data":
		wish := wishOf(r.Fields)
		return wish.html || wish.anything || !r.Fields.Has("Accept")
	}
	return false
}
