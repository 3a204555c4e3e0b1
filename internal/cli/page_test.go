package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPage(t *testing.T) {
	wide := strings.Repeat("wide ", 30)
	for _, tt := range []struct {
		name, in, want string
		colour         bool
	}{
		{"headings and bold", "# A\n\n### B\n- **429** when ** is left\n- **1** or **2**\n", "A\n\nB\n- **429** when ** is left\n- 1 or 2\n", false},
		{"colours", "## A\n**b** c\n", "\x1b[1mA\x1b[0m\n\x1b[1mb\x1b[0m c\n", true},
		{
			"code", "a\n\n```http wrong 429-without-retry-after\nGET / HTTP/1.1\n\n# x\n```\n\n```go\nx := 1\n```\n",
			"a\n\n  wrong (429-without-retry-after)\n\n    GET / HTTP/1.1\n\n    # x\n\n    x := 1\n", false,
		},
		{"verdict in colour", "```go right\nx\n```\n", "  \x1b[32mright\x1b[0m\n\n    x\n", true},
		{"table", "| a | code |\n|---|---|\n| long | **200** |\n| b | |\n\nend\n", "a     code\nlong  200\nb\n\nend\n", false},
		{"wide table", "| case | code | why |\n|---|---|---|\n| a | 200 | " + wide + "|\n| b | | c |\n", "a\n  code: 200\n  why: " + strings.TrimSpace(wide) + "\n\nb\n  why: c\n", false},
		{"no rows", "| a |\n|---|\n", "\n", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, page(tt.in, tt.colour)); diff != "" {
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
