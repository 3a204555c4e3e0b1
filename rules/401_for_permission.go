package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 401_for_permission.txtar
var doc401ForPermission string

var r401ForPermission = &statute.Rule{
	ID:    "401-for-permission",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.4"), statute.RFC(9110, "11.4")},
	On:    []int{401},
	Needs: statute.SeenRequestFields | statute.SeenFields | statute.SeenBody,
	Doc:   doc401ForPermission,
	Check: func(p *statute.Pass) {
		if !hasCredentials(&p.Request) || p.Case != nil && !p.Case.Principal.Genuine() {
			return
		}
		for challenge := range p.Response.Fields.Values("WWW-Authenticate") {
			if strings.Contains(challenge, "insufficient_user_authentication") {
				return
			}
		}
		right := false
		eachText(&p.Response, func(text []byte) bool {
			switch says := saidBy(text); {
			case says == saysNoRight, holdsPhrase(text, []string{"not allowed to", "not permitted to"}):
				right = true
			case says == saysNoLogin, says == saysBadToken:
				if !isPhrase(text, []string{"unauthorized"}) { // the name of the code says no more than the code
					right = false
					return false
				}
			}
			return true
		})
		if right {
			p.Report(statute.Fault{
				Message:    "401 whose content says that the user lacks a right",
				Expected:   "403",
				Confidence: statute.Likely,
			})
		}
	},
}
