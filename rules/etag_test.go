package rules

import "testing"

func TestIsEntityTag(t *testing.T) {
	tests := map[string]bool{
		`"a1"`:     true,
		`W/"a1"`:   true,
		`""`:       true,
		`"a,b\"`:   true, // a backslash is a character like others
		"\"\xe9\"": true,

		``:          false,
		`a1`:        false,
		`"a1`:       false,
		`"`:         false,
		`'a1'`:      false,
		`w/"a1"`:    false,
		`W/a1`:      false,
		`"a1"-gz`:   false,
		`"a"b"`:     false,
		`"a 1"`:     false,
		`"a","b"`:   false,
		"\"a\x01\"": false,
	}
	for tag, want := range tests {
		if got := isEntityTag(tag); got != want {
			t.Errorf("isEntityTag(%s) = %v, want %v", tag, got, want)
		}
	}
}

func TestSameEntityTag(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{`"a1"`, `"a1"`, true},
		{`W/"a1"`, `"a1"`, true},
		{`W/"a1"`, `W/"a1"`, true},
		{`"a1"`, `"A1"`, false},
		{`"a1"`, `"a2"`, false},
	}
	for _, test := range tests {
		if got := sameEntityTag(test.a, test.b); got != test.want {
			t.Errorf("sameEntityTag(%s, %s) = %v, want %v", test.a, test.b, got, test.want)
		}
	}
}
