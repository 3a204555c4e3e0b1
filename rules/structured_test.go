package rules

import "testing"

func TestParseStructuredItem(t *testing.T) {
	for _, tt := range []struct {
		member string
		bare   string
		q      string
		ok     bool
	}{
		{`"burst";q=100;w=60`, `"burst"`, "100", true},
		{`"a;q=\"1\"" ; q=2`, `"a;q=\"1\""`, "", false}, // no space before the semicolon
		{`"a";  q=2`, `"a"`, "2", true},
		{`"a";q=1;q=2`, `"a"`, "2", true}, // the last one counts
		{`default;q=-1.5`, "default", "-1.5", true},
		{`*x/y:z;q`, "*x/y:z", "", true},
		{`100;w=60`, "100", "", true},
		{`:YWJj:;q=?1`, ":YWJj:", "?1", true},
		{`"a";pk=:YWJj:;q=:YQ==:`, `"a"`, ":YQ==:", true},
		{`limit=100`, "limit", "", false},
		{`"a";Q=1`, `"a"`, "", false},
		{`"a";q=`, `"a"`, "", false},
		{`"a`, "", "", false},
		{`"a";`, `"a"`, "", false},
		{`{"a":1}`, "", "", false},
		{"", "", "", false},
	} {
		item, ok := parseStructuredItem(tt.member)
		if ok != tt.ok || item.bare != tt.bare {
			t.Errorf("%s: %q, %v, want %q, %v", tt.member, item.bare, ok, tt.bare, tt.ok)
		}
		if q, found := item.param("q"); ok && (q != tt.q || found != (tt.q != "" || tt.member == "*x/y:z;q")) {
			t.Errorf("%s: q is %q, %v, want %q", tt.member, q, found, tt.q)
		}
	}
}
