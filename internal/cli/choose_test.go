package cli

import (
	"strings"
	"testing"

	"github.com/statute-http/statute/handbook"
)

// TestAsk answers the questions as a user does on a terminal.
func TestAsk(t *testing.T) {
	for _, tt := range []struct {
		name  string
		given map[string]string
		lines string
		want  string // the command that gives the same answers
		code  int
	}{
		{"numbers", nil, "4\n3\n", "statute choose --outcome failed --fault law", 451},
		{"names", nil, "Failed\nlaw\n", "statute choose --outcome failed --fault law", 451},
		{"given", map[string]string{"outcome": "failed"}, "law\n", "statute choose --outcome failed --fault law", 451},
		{"back", nil, "b\n4\nb\n2\n", "statute choose --outcome accepted", 202},
		{"back over what was given", map[string]string{"outcome": "failed"}, "b\n2\n", "statute choose --outcome accepted", 202},
		{"no such option", nil, "0\n6\n\nlost\n2\n", "statute choose --outcome accepted", 202},
		{"quit", nil, "4\nq\n2\n", "statute choose --outcome failed", 0},
		{"end of input", nil, "4\n", "statute choose --outcome failed", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			answers := map[string]string{}
			for id, option := range tt.given {
				answers[id] = option
			}
			var out strings.Builder
			path, err := ask(handbook.DecisionTree(), answers, strings.NewReader(tt.lines), &out)
			if err != nil {
				t.Fatal(err)
			}
			if got := commandTo(path); got != tt.want || path.Code() != tt.code {
				t.Errorf("got %s (%d), want %s (%d); the dialogue:\n%s", got, path.Code(), tt.want, tt.code, out.String())
			}
			if got, want := strings.Contains(out.String(), "This is the first question."), tt.name == "back"; got != want {
				t.Errorf("says that nothing is before: %v, want %v", got, want)
			}
			if !strings.Contains(out.String(), "  2  ") {
				t.Errorf("no numbered options:\n%s", out.String())
			}
		})
	}
	if _, err := ask(handbook.DecisionTree(), map[string]string{}, strings.NewReader(strings.Repeat("x", 1<<20)), &strings.Builder{}); err == nil {
		t.Error("a line of 1 MB: got no error")
	}
}
