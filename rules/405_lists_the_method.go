package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 405_lists_the_method.txtar
var doc405ListsTheMethod string

var r405ListsTheMethod = &statute.Rule{
	ID:    "405-lists-the-method",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.6"), statute.RFC(9110, "10.2.1")},
	On:    []int{405},
	Needs: statute.SeenFields | statute.SeenRequestFields,
	Over:  []string{"405-allow-untrue"},
	Doc:   doc405ListsTheMethod,
	Check: func(p *statute.Pass) {
		if p.Request.Fields.Has("X-HTTP-Method-Override") {
			return
		}
		for method := range p.Response.Fields.List("Allow") {
			if method == p.Request.Method {
				p.Report(statute.Fault{
					Message:  "405 whose Allow lists the method it refused",
					Expected: "Allow without " + method + ", or another code",
				})
				return
			}
		}
	},
}
