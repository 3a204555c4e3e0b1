package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/statute-http/statute/handbook"
)

func TestHTMLPage(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"words", "a `b*` **c**\nd\n\n<e> & f", "<p>a <code>b*</code> <strong>c</strong>\nd\n</p>\n<p>&lt;e&gt; &amp; f\n</p>\n"},
		{"address", "RFC 9110, 1  https://a.example/", "<p>RFC 9110, 1  <a href=\"https://a.example/\">https://a.example/</a><br>\n</p>\n"},
		{"headings", "## A\n### b\ntext", "<h2>A</h2>\n<h3>b</h3>\n<p>text\n</p>\n"},
		{"lists", "- a\n  b\n- c\n\n1. d", "<ul>\n<li>a\nb\n<li>c\n</ul>\n<ol>\n<li>d\n</ol>\n"},
		{"code", "```http wrong x\n# <a>\n\n- b\n```\nc\n\n    d\n\n    - e", "<pre class=\"wrong\"># &lt;a&gt;\n\n- b\n</pre>\n<p>c\n</p>\n<pre>d\n</pre>\n<pre>- e\n</pre>\n"},
		{"table", "| a | b |\n|---|---|\n| `c` | |", "<table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td><code>c</code></td><td></td></tr>\n</table>\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, got, _ := strings.Cut(htmlPage("# T\n\n"+tt.in+"\n"), "<h1>T</h1>\n")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestHTMLPages holds that every page closes what it opens, and has no script.
func TestHTMLPages(t *testing.T) {
	names := topics()
	if _, ok := handbook.Lookup(names[len(names)-1]); !ok || len(names) < 200 {
		t.Fatalf("%d topics, the last of them %s", len(names), names[len(names)-1])
	}
	for _, name := range names {
		markdown, err := explanation(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		depth := map[string]int{}
		z := html.NewTokenizer(strings.NewReader(htmlPage(markdown)))
		for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
			tag, _ := z.TagName()
			switch element := string(tag); {
			case element == "script":
				t.Errorf("%s: a script", name)
			case kind == html.StartTagToken:
				depth[element]++
			case kind == html.EndTagToken:
				depth[element]--
			}
		}
		for _, element := range []string{"p", "pre", "code", "strong", "table", "tr", "td", "th", "ul", "ol", "a", "h1", "h2", "h3"} {
			if depth[element] != 0 {
				t.Errorf("%s: <%s> is left open %d times", name, element, depth[element])
			}
		}
	}
}
