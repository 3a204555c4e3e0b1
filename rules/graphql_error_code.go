package rules

import (
	_ "embed"
	"encoding/json"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed graphql_error_code.txtar
var docGraphqlErrorCode string

var rGraphqlErrorCode = &statute.Rule{
	ID:    "graphql-error-code",
	Level: statute.Must,
	Cite:  []statute.Section{{Doc: "GraphQL over HTTP", Number: "sec-application-graphql-response-json"}},
	On:    []int{2, 4, 5},
	Needs: statute.SeenFields | statute.SeenBody,
	Over:  []string{"200-with-error-body"},
	Doc:   docGraphqlErrorCode,
	Check: func(p *statute.Pass) {
		if p.Response.MediaType() != "application/graphql-response+json" {
			return
		}
		content := parseJSON(p.Response.Body.Bytes)
		if content.kind() != jsonObject {
			return
		}
		switch data := content.get("data").kind(); {
		case data == jsonNone && p.Response.Class() == 2:
			if whole := p.Response.Body; !whole.Cut && len(whole.Bytes) <= jsonLimit && json.Valid(whole.Bytes) {
				p.Report(statute.Fault{
					Message:  strconv.Itoa(p.Response.Status) + " with a GraphQL response that has no data",
					Expected: "400 or another 4xx or 5xx",
				})
			}
		case data == jsonNone, p.Response.Class() == 2:
		case data == jsonNull:
			p.Report(statute.Fault{
				Level:    statute.Should,
				Message:  strconv.Itoa(p.Response.Status) + " with a GraphQL response whose data is null: it was executed",
				Expected: "294 or 200",
			})
		default:
			p.Report(statute.Fault{
				Message:  strconv.Itoa(p.Response.Status) + " with a GraphQL response that has data",
				Expected: "200, or 294 beside errors",
			})
		}
	},
}
