package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 401_challenge_malformed.txtar
var doc401ChallengeMalformed string

var r401ChallengeMalformed = &statute.Rule{
	ID:    "401-challenge-malformed",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9110, "11.6.1"), statute.RFC(9110, "11.3")},
	On:    []int{401},
	Needs: statute.SeenFields,
	Doc:   doc401ChallengeMalformed,
	Check: func(p *statute.Pass) {
		if !p.Response.Fields.Has("WWW-Authenticate") {
			return // 401-without-challenge
		}
		var open challengeMember // the challenge that parameters belong to
		for member := range p.Response.Fields.List("WWW-Authenticate") {
			m, ok := parseChallengeMember(member)
			if m.scheme != "" {
				open = m
			}
			if !ok || open.scheme == "" || m.name != "" && open.token68 != "" {
				p.Report(statute.Fault{
					Message:  "401 whose challenge does not parse: " + member,
					Expected: `WWW-Authenticate: scheme name="value", ...`,
				})
				return
			}
		}
		if open.scheme == "" {
			p.Report(statute.Fault{
				Message:  "401 whose WWW-Authenticate is empty",
				Expected: "WWW-Authenticate",
			})
		}
	},
}
