package rules

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed graphql_mutation_by_get.txtar
var docGraphqlMutationByGet string

var rGraphqlMutationByGet = &statute.Rule{
	ID:    "graphql-mutation-by-get",
	Level: statute.Must,
	Cite:  []statute.Section{{Doc: "GraphQL over HTTP", Number: "sec-GET"}, statute.RFC(9110, "9.2.1")},
	On:    []int{2},
	Needs: statute.SeenFields | statute.SeenBody,
	Doc:   docGraphqlMutationByGet,
	Check: func(p *statute.Pass) {
		if p.Request.Method != "GET" || !asksMutation(p.Request.Query()) || !statute.IsJSON(p.Response.MediaType()) {
			return
		}
		if parseJSON(p.Response.Body.Bytes).get("data").kind() == jsonObject {
			p.Report(statute.Fault{
				Message:  strconv.Itoa(p.Response.Status) + " to a GraphQL mutation by GET: it was carried out",
				Expected: "405",
			})
		}
	},
}

// asksMutation reports whether the document in the query of a target begins with
// a mutation and has no other operation that the target may mean.
func asksMutation(query string) bool {
	mutation := false
	for pair := range strings.SplitSeq(query, "&") {
		switch name, value, _ := strings.Cut(pair, "="); {
		case name == "operationName" && value != "":
			return false
		case name == "query":
			rest, ok := strings.CutPrefix(strings.TrimLeft(value, "+,"), "mutation")
			mutation = ok && rest != "" && strings.ContainsRune("+%({@,", rune(rest[0])) // what ends a word, as it is or encoded
		}
	}
	return mutation
}
