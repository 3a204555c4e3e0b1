package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed login_wrong_code.txtar
var docLoginWrongCode string

var rLoginWrongCode = &statute.Rule{
	ID:    "login-wrong-code",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.2"), statute.RFC(9110, "11.4")},
	On:    []int{2, 4, 5},
	Needs: statute.SeenCause | statute.SeenControl | statute.SeenRequestBody | statute.SeenBody,
	Over: []string{
		"5xx-for-client-error", "500-for-client-error", "501-for-known-method", "503-without-retry-after",
		"200-with-error-body", "2xx-with-problem", "403-for-authentication", "body-contradicts-code",
		"405-without-allow", "oauth-error-code", "405-lists-the-method",
	},
	Doc: docLoginWrongCode,
	Compare: func(p *statute.Pass) {
		code := p.Response.Status
		if p.Case.Cause != statute.WrongPassword || code == 401 || !succeeded(p) || isHTML(&p.Response) || overloaded(&p.Response) || speaksGraphQL(p) {
			return
		}
		f := statute.Fault{Message: answered(p), Expected: "401"}
		switch code {
		case 400:
			if asksToken(&p.Request) { // RFC 6749, 5.2
				return
			}
			f.Level = statute.Advice
		case 422:
			f.Level = statute.Advice
		case 403:
		default:
			if aside(code) || code == 409 || code == 423 { // 423: the account is locked
				return
			}
		}
		byControl(p, f)
	},
}
