package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

// TestExamples holds that each rule shows a wrong and a right exchange, both short.
func TestExamples(t *testing.T) {
	for _, r := range everyRule() {
		text := examples(r)
		if strings.HasPrefix(r.ID, "lint-") { // about descriptions
			if text != "" {
				t.Errorf("%s: got\n%s", r.ID, text)
			}
			continue
		}
		wrong, right, ok := strings.Cut(text, "\n```http right\n")
		if !ok || !strings.Contains(wrong, "```http wrong\n") {
			t.Errorf("%s: wants a wrong and a right example:\n%s", r.ID, text)
		}
		for _, block := range []string{wrong, right} {
			if n := strings.Count(block, "\n"); n > 22 {
				t.Errorf("%s: %d lines:\n%s", r.ID, n, block)
			}
		}
	}
}

func TestExampleText(t *testing.T) {
	const get = "GET /orders/17 HTTP/1.1\nHost: shop.example\n\n"
	long := strings.Repeat("x", 200)
	for _, tt := range []struct{ name, good, bad, want string }{
		{
			"plain fields", get + "HTTP/1.1 200 OK\nDate: a\n\nb\n", get + "HTTP/1.1 404 Not Found\nDate: a\n",
			"```http wrong\nGET /orders/17 HTTP/1.1\n\nHTTP/1.1 404 Not Found\n```\n\n```http right\nGET /orders/17 HTTP/1.1\n\nHTTP/1.1 200 OK\n\nb\n```\n",
		},
		{
			"fields that matter", get + "HTTP/1.1 200 OK\nDate: a\n", "GET /orders/17 HTTP/1.1\n\nHTTP/1.1 200 OK\n",
			"```http wrong\nGET /orders/17 HTTP/1.1\n\nHTTP/1.1 200 OK\n```\n\n```http right\nGET /orders/17 HTTP/1.1\nHost: shop.example\n\nHTTP/1.1 200 OK\nDate: a\n```\n",
		},
		{
			"short lines", get + "HTTP/1.1 200 OK\nDate: a\n", "# cause: no credentials\n# principal: none\n" + get + "HTTP/1.1 500 Oh\nDate: a\n\n" + long + "\n\n" + strings.Repeat("l\n", 9),
			"```http wrong\n# no credentials\nGET /orders/17 HTTP/1.1\n\nHTTP/1.1 500 Oh\n\n" + long[:97] + "...\n\n" + strings.Repeat("l\n", 6) + "...\n```\n\n```http right\nGET /orders/17 HTTP/1.1\n\nHTTP/1.1 200 OK\n```\n",
		},
		{
			"others in a line", get + "HTTP/1.1 200 OK\nDate: a\n",
			"# start: 1\nPUT /orders/17 HTTP/1.1\nHost: a\nIf-Match: \"a\"\n\n{}\n\nHTTP/1.1 000\nDate: a\n\n# start: 3\n" + get + "HTTP/1.1 200 OK\nDate: a\nETag: \"b\"\n\n" + strings.Repeat("l\n", 9) + "\n" + get + "HTTP/1.1 404 Not Found\nDate: a\n",
			"```http wrong\n# PUT /orders/17, If-Match: \"a\", {} -> no answer\n# after 2s: GET /orders/17 -> 200 OK, ETag: \"b\"\nGET /orders/17 HTTP/1.1\n\nHTTP/1.1 404 Not Found\n```\n\n```http right\nGET /orders/17 HTTP/1.1\n\nHTTP/1.1 200 OK\n```\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := "1 must a: b\n"
			if tt.name == "others in a line" {
				want = "3 must a: b\n"
			}
			r := &statute.Rule{Doc: "# A\n-- good: a --\n" + tt.good + "-- bad: b --\n" + tt.bad + "-- want: b --\n" + want}
			if diff := cmp.Diff("## Wrong and right\n\n"+tt.want, examples(r)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
