package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute/internal/report"
)

func TestPage(t *testing.T) {
	wide := strings.Repeat("wide ", 30)
	for _, tt := range []struct {
		name, in, want string
		colour         bool
		width          int
	}{
		{"headings and bold", "# A\n\n### B\n- **429** when ** is left\n- **1** or **2**\n", "A\n\nB\n- **429** when ** is left\n- 1 or 2\n", false, 0},
		{"colours", "## A\n**b** c\n", "\x1b[1mA\x1b[0m\n\x1b[1mb\x1b[0m c\n", true, 0},
		{
			"code", "a\n\n```http wrong 429-without-retry-after\nGET / HTTP/1.1\n\n# x\n```\n\n```go\nx := 1\n```\n",
			"a\n\n  wrong (429-without-retry-after)\n\n    GET / HTTP/1.1\n\n    # x\n\n    x := 1\n", false, 0,
		},
		{"verdict in colour", "```go right\nx\n```\n", "  \x1b[32mright\x1b[0m\n\n    x\n", true, 0},
		{"table", "| a | code |\n|---|---|\n| long | **200** |\n| b | |\n\nend\n", "a     code\nlong  200\nb\n\nend\n", false, 0},
		{"wide table", "| case | code | why |\n|---|---|---|\n| a | 200 | " + wide + "|\n| b | | c |\n", "a\n  code: 200\n  why: " + strings.TrimSpace(wide) + "\n\nb\n  why: c\n", false, 0},
		{
			"narrow", "# Not broken at all\nan-id\nRFC 9110, 1  https://a.example/\n\nWords that go\non and on.\n\n- **An** item of\n  words\n- another one that is long\n\n    code that stays as it is\n",
			"Not broken at all\nan-id\nRFC 9110, 1  https://a.example/\n\nWords that go on\nand on.\n\n- An item of words\n- another one that\n  is long\n\n    code that stays as it is\n", false, 18,
		},
		{"narrow table", "| a | why |\n|---|---|\n| b | words for two |\n", "b\n  why: words\n    for two\n", false, 14},
		{"no rows", "| a |\n|---|\n", "\n", false, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, page(tt.in, report.Screen{Colour: tt.colour, Width: tt.width})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestWrap(t *testing.T) {
	long := strings.Repeat("x", 100)
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{" a  b\n", "  a b"},
		{strings.Repeat("four ", 17), "  " + strings.TrimSpace(strings.Repeat("four ", 15)) + "\n  four four"},
		{"a " + long + " b", "  a\n  " + long + "\n  b"},
	} {
		if diff := cmp.Diff(tt.want, wrap(tt.in, "  ")); diff != "" {
			t.Errorf("wrap(%q) (-want +got):\n%s", tt.in, diff)
		}
	}
}
