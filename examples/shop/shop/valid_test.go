package shop

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestValid wants an error for each member that breaks a rule, by JSON pointer.
func TestValid(t *testing.T) {
	tests := []struct {
		name    string
		content interface{ Validate() error }
		want    string
	}{
		{"right", OrderInput{"", []Line{{1, 999}}}, ""},
		{"nothing there", CustomerInput{}, "/name: is required\n/email: is required"},
		{"no e-mail address", CustomerInput{"Ada", "ada"}, "/email: must be an e-mail address"},
		{
			"characters, not bytes",
			ItemInput{strings.Repeat("ä", 40), strings.Repeat("ä", 101), 0, -1},
			"/name: must have at most 100 characters\n/price_cents: must be at least 1\n/picture_id: must be at least 0",
		},
		{"an empty list", OrderInput{}, "/lines: must have at least 1 member"},
		{"too long a list", OrderInput{Lines: make([]Line, 51)}, "/lines: must have at most 50 members"},
		{"within a list", OrderInput{"", []Line{{1, 1}, {0, 1000}}}, "/lines/1/item_id: must be at least 1\n/lines/1/quantity: must be at most 999"},
		{"within what has more", createOrderInput{OrderInput: OrderInput{"", []Line{{1, 0}}}}, "/lines/0/quantity: must be at least 1"},
		{"no such word", jobInput{"stock"}, "/kind: must be one of sales"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			if err := test.content.Validate(); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("got +, want -:\n%s", diff)
			}
		})
	}
}
