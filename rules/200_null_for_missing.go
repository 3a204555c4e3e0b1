package rules

import (
	"bytes"
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 200_null_for_missing.txtar
var doc200NullForMissing string

var r200NullForMissing = &statute.Rule{
	ID:    "200-null-for-missing",
	Level: statute.Advice,
	Cite:  []statute.Section{statute.RFC(9110, "15.5.5")},
	On:    []int{200},
	Needs: statute.SeenBody,
	Doc:   doc200NullForMissing,
	Check: func(p *statute.Pass) {
		if p.Request.Method != "GET" || p.Request.Query() != "" || p.Case != nil && p.Case.Cause == statute.UnknownID ||
			!namesItem(p.Exchange) || mayBeUnset(p.Request.Path()) {
			return
		}
		what := nothing(p.Exchange)
		if what == "" {
			return
		}
		p.Report(statute.Fault{
			Message:    "200 with " + what + " for one item",
			Expected:   "404",
			Confidence: statute.Likely,
		})
	},
}

// nothing says in words that a response has JSON without anything in it where
// an item is due: null, an empty object, or no content under the name of JSON.
// It returns "" for any other response.
func nothing(x *statute.Exchange) string {
	content := bytes.TrimSpace(x.Response.Body.Bytes)
	if len(content) > 8 || x.Response.Body.Cut {
		return ""
	}
	switch v := parseJSON(content); {
	case len(content) == 0:
		if statute.IsJSON(x.Response.MediaType()) {
			return "no content"
		}
	case v.kind() == jsonNull:
		return "null"
	case v.kind() == jsonObject && v.isEmpty():
		return "{}"
	}
	return ""
}

// mayBeUnset reports whether a path is by one of its segments that of settings
// or of a state, which may be unset.
func mayBeUnset(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		for _, word := range [...]string{"setting", "config", "preference", "option", "flag", "search", "state", "status"} {
			if hasPrefixFold(segment, word) {
				return true
			}
		}
	}
	return false
}
