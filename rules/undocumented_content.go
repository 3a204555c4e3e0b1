package rules

import (
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed undocumented_content.txtar
var docUndocumentedContent string

var rUndocumentedContent = &statute.Rule{
	ID:    "undocumented-content",
	Level: statute.Advice,
	Cite:  []statute.Section{{Doc: "OpenAPI", Number: "response-object"}},
	On:    []int{2},
	Needs: statute.SeenCause | statute.SeenDeclared | statute.SeenSchemas | statute.SeenFields | statute.SeenBody,
	Doc:   docUndocumentedContent,
	Check: func(p *statute.Pass) {
		if !isPlain(p.Case.Cause) || p.Request.Method == "HEAD" {
			return
		}
		if found := p.Declared.Content(&p.Response); found != "" {
			p.Report(statute.Fault{Message: found, Expected: "content as described"})
		}
	},
}

// isPlain reports whether a request of that cause is as the description wants it,
// and asks for nothing out of the ordinary.
func isPlain(c statute.Cause) bool {
	switch c {
	case statute.Valid, statute.Create, statute.ReadBack, statute.Change, statute.Delete:
		return true
	}
	return false
}
