package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 405_allow_untrue.txtar
var doc405AllowUntrue string

var r405AllowUntrue = &statute.Rule{
	ID:    "405-allow-untrue",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "10.2.1"), statute.RFC(9110, "15.5.6")},
	On:    []int{2, 405, 501},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Doc:   doc405AllowUntrue,
	Compare: func(p *statute.Pass) {
		past := p.Past(p.Request.Path())
		list := listsMethods(p.Exchange)
		repeated := false // the same method had such an answer before
		for i := len(past) - 1; i >= 0 && (list || !repeated); i-- {
			x := past[i]
			if x.Request.Method == "DELETE" && x.Response.Class() == 2 || overlap(x, p.Exchange) {
				return // what is allowed may have changed
			}
			if list {
				if message := untrue(p.Exchange, x); message != "" {
					p.Report(statute.Fault{Message: message, Expected: "Allow", Before: []*statute.Exchange{x}})
					return
				}
			}
			if !repeated && listsMethods(x) {
				if message := untrue(x, p.Exchange); message != "" {
					p.Report(statute.Fault{Message: message, Expected: "Allow", Before: []*statute.Exchange{x}, At: x})
					return
				}
			}
			repeated = repeated || x.Request.Method == p.Request.Method && x.Response.Class() == p.Response.Class()
		}
	},
}

// listsMethods reports whether an answer lists the methods of its resource: a
// 405, or a 2xx to OPTIONS that is no CORS preflight.
func listsMethods(x *statute.Exchange) bool {
	if x.Response.Status != 405 && (x.Request.Method != "OPTIONS" || x.Response.Class() != 2) {
		return false
	}
	return x.Response.Fields.Has("Allow") && !x.Request.Fields.Has("Access-Control-Request-Method")
}

// untrue returns what another answer of the same resource to the same client
// shows to be wrong in a list of methods, or "". HEAD and OPTIONS may be left
// out of a list.
func untrue(list, x *statute.Exchange) string {
	method, code := x.Request.Method, x.Response.Status
	listed := false
	for m := range list.Response.Fields.List("Allow") {
		if m == "*" {
			return ""
		}
		listed = listed || m == method
	}
	var message string
	switch {
	case method == list.Request.Method && x.Request.Query() != list.Request.Query(): // the query says what is asked of it
		return ""
	case x.Response.Class() == 2 && !listed && method != "HEAD" && method != "OPTIONS":
		message = "Allow omits " + method + ", which is answered 2xx"
	case (code == 405 || code == 501) && listed && method != list.Request.Method && !lists(x, method):
		message = "Allow lists " + method + ", which is refused"
	default:
		return ""
	}
	if x.Request.Fields.Has("X-HTTP-Method-Override") || list.Request.Fields.Has("X-HTTP-Method-Override") || !sameSender(list, x) {
		return ""
	}
	return message
}

// lists reports whether the Allow of an answer lists the method.
func lists(x *statute.Exchange, method string) bool {
	for m := range x.Response.Fields.List("Allow") {
		if m == method {
			return true
		}
	}
	return false
}
