package respond

import "testing"

func TestChoose(t *testing.T) {
	both := []string{"application/json", "text/csv; charset=utf-8"}
	tests := []struct {
		accept []string
		want   int
	}{
		{nil, 0},
		{[]string{""}, 0},
		{[]string{"*/*"}, 0},
		{[]string{"text/csv"}, 1},
		{[]string{"TEXT/CSV"}, 1},
		{[]string{"text/*"}, 1},
		{[]string{"application/json;q=0.5, text/csv"}, 1},
		{[]string{"application/json;q=0.5", "text/csv;q=0.4"}, 0},
		{[]string{"text/csv, application/json"}, 0}, // liked alike: the route's own order
		{[]string{"*/*, application/json;q=0"}, 1},  // the more specific range decides
		{[]string{"application/json;q=0"}, -1},
		{[]string{"text/html"}, -1},
		{[]string{"*/*;q=0"}, -1},
		{[]string{"text/csv;header=present;q=0.2, */*;q=0.1"}, 1},
		{[]string{`text/csv;q="1"`}, 1}, // malformed: as if there were none
		{[]string{"text/csv;q=7"}, 1},
		{[]string{","}, -1},
	}
	for _, test := range tests {
		if got := choose(test.accept, both); got != test.want {
			t.Errorf("%q: got %d, want %d", test.accept, got, test.want)
		}
	}
}
