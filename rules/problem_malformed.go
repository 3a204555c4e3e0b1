package rules

import (
	_ "embed"
	"encoding/json"

	"github.com/statute-http/statute"
)

//go:embed problem_malformed.txtar
var docProblemMalformed string

var rProblemMalformed = &statute.Rule{
	ID:    "problem-malformed",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9457, "3"), statute.RFC(9457, "3.1")},
	On:    []int{2, 3, 4, 5},
	Needs: statute.SeenFields | statute.SeenBody,
	Doc:   docProblemMalformed,
	Check: func(p *statute.Pass) {
		body := p.Response.Body
		if !isProblem(&p.Response) || len(body.Bytes) == 0 || p.Response.Fields.Has("Content-Encoding") {
			return
		}
		problem := parseJSON(body.Bytes)
		if problem.kind() != jsonObject || !body.Cut && p.Error == "" && !json.Valid(body.Bytes) {
			p.Report(statute.Fault{
				Message:  "application/problem+json whose content is no JSON object",
				Expected: "a JSON object",
			})
			return
		}
		problem.each(func(key, val value) bool {
			want, wrong := jsonNone, ""
			switch {
			case key.is("type"), key.is("title"), key.is("detail"), key.is("instance"):
				want, wrong = jsonString, "a string"
			case key.is("status"):
				want, wrong = jsonNumber, "a number"
			default:
				return true
			}
			if kind := val.kind(); kind == want || kind == jsonNull {
				return true
			}
			p.Report(statute.Fault{
				Message:  `problem details whose member "` + key.text() + `" is not ` + wrong,
				Expected: wrong,
			})
			return false
		})
	},
}
