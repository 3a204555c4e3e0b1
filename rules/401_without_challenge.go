package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 401_without_challenge.txtar
var doc401WithoutChallenge string

var r401WithoutChallenge = &statute.Rule{
	ID:    "401-without-challenge",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.2"), statute.RFC(9110, "11.6.1")},
	On:    []int{401},
	Needs: statute.SeenFields,
	Doc:   doc401WithoutChallenge,
	Check: func(p *statute.Pass) {
		if !p.Response.Fields.Has("WWW-Authenticate") {
			p.Report(statute.Fault{
				Message:  "401 without a WWW-Authenticate challenge",
				Expected: "WWW-Authenticate",
			})
		}
	},
}
