package rules

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed bearer_error_code.txtar
var docBearerErrorCode string

var rBearerErrorCode = &statute.Rule{
	ID:    "bearer-error-code",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(6750, "3.1")},
	Needs: statute.SeenFields,
	Over:  []string{"403-for-authentication", "401-for-permission"},
	Doc:   docBearerErrorCode,
	Check: func(p *statute.Pass) {
		var scheme, wrong string
		for member := range p.Response.Fields.List("WWW-Authenticate") {
			part, ok := parseChallengeMember(member)
			if !ok {
				return
			}
			if part.scheme != "" {
				scheme = part.scheme
			}
			if !strings.EqualFold(scheme, "Bearer") || !strings.EqualFold(part.name, "error") {
				continue
			}
			name := strings.Trim(part.value, `"`)
			code := bearerCode(name)
			if code == p.Response.Status {
				return
			}
			if code != 0 {
				wrong = name
			}
		}
		if wrong != "" {
			p.Report(statute.Fault{
				Message:  strconv.Itoa(p.Response.Status) + ` with a Bearer challenge of error="` + wrong + `"`,
				Expected: strconv.Itoa(bearerCode(wrong)),
			})
		}
	},
}

// bearerCode returns the code that an error of a Bearer challenge goes with
// (RFC 6750, 3.1), 0 for an error that is not named there.
func bearerCode(name string) int {
	switch name {
	case "invalid_request":
		return 400
	case "invalid_token":
		return 401
	case "insufficient_scope":
		return 403
	}
	return 0
}
