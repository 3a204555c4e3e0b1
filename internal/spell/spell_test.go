package spell

import "testing"

func TestNearest(t *testing.T) {
	words := []string{"header", "headers", "cookie", "as", "login"}
	for _, tt := range []struct{ word, want string }{
		{"header", "header"},
		{"Haeder", "header"},
		{"hedders", "headers"},
		{"logn", "login"},
		{"ass", "as"},
		{"authorization", ""},
		{"", "as"},
	} {
		if got := Nearest(tt.word, words); got != tt.want {
			t.Errorf("Nearest(%q) = %q, want %q", tt.word, got, tt.want)
		}
	}
	if got := Nearest("header", nil); got != "" {
		t.Errorf("of no words %q is nearest", got)
	}
}
