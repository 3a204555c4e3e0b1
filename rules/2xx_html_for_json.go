package rules

import (
	"bytes"
	_ "embed"

	"github.com/statute-http/statute"
)

//go:embed 2xx_html_for_json.txtar
var doc2xxHtmlForJson string

var r2xxHtmlForJson = &statute.Rule{
	ID:    "2xx-html-for-json",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.3.1"), statute.RFC(9110, "12.5.1")},
	On:    []int{2},
	Needs: statute.SeenRequestFields | statute.SeenFields | statute.SeenBody,
	Doc:   doc2xxHtmlForJson,
	Check: func(p *statute.Pass) {
		wish := wishOf(p.Request.Fields)
		if wish.json && !wish.html && !wish.anything && isPage(&p.Response) {
			p.Report(statute.Fault{
				Message:  "2xx with an HTML page to a request that accepts JSON and no HTML",
				Expected: "JSON, or the code that says why there is none: 401, 404, 406",
			})
		}
	},
}

// isPage reports whether the content is HTML by its type and looks like it: an
// API may send JSON with the default type of its language.
func isPage(r *statute.Response) bool {
	return isHTML(r) && bytes.HasPrefix(bytes.TrimLeft(r.Body.Bytes, "\xef\xbb\xbf \t\r\n"), []byte("<"))
}
