package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 407_without_challenge.txtar
var doc407WithoutChallenge string

var r407WithoutChallenge = &statute.Rule{
	ID:    "407-without-challenge",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.8"), statute.RFC(9110, "11.7.1")},
	On:    []int{407},
	Needs: statute.SeenFields,
	Doc:   doc407WithoutChallenge,
	Check: func(p *statute.Pass) {
		if !p.Response.Fields.Has("Proxy-Authenticate") {
			p.Report(statute.Fault{
				Message:  "407 without a Proxy-Authenticate challenge",
				Expected: "Proxy-Authenticate",
			})
		}
	},
}
