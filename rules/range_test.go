package rules

import (
	"fmt"
	"math"
	"testing"
)

func TestParseContentRange(t *testing.T) {
	tests := []struct {
		value string
		want  contentRange
		ok    bool
	}{
		{"bytes 0-99/200", contentRange{"bytes", 0, 99, 200}, true},
		{"bytes 199-199/200", contentRange{"bytes", 199, 199, 200}, true},
		{"bytes 0-99/*", contentRange{"bytes", 0, 99, -1}, true},
		{"bytes */200", contentRange{"bytes", -1, -1, 200}, true},
		{"items 0-9/10", contentRange{"items", 0, 9, 10}, true},

		{"", contentRange{}, false},
		{"0-99/200", contentRange{}, false},
		{"bytes=0-99/200", contentRange{}, false},
		{"bytes: 0-99/200", contentRange{}, false},
		{"bytes 0-99", contentRange{}, false},
		{"bytes 0-/200", contentRange{}, false},
		{"bytes -99/200", contentRange{}, false},
		{"bytes 0-+99/200", contentRange{}, false},
		{"bytes */*", contentRange{}, false},
		{"bytes 0-99/", contentRange{}, false},
		{"bytes  0-99/200", contentRange{}, false},
		{"bytes 0-99/2e2", contentRange{}, false},
		{"bytes 99-0/200", contentRange{}, false},
		{"bytes 0-200/200", contentRange{}, false},
	}
	for _, test := range tests {
		got, ok := parseContentRange(test.value)
		if ok != test.ok || ok && got != test.want {
			t.Errorf("parseContentRange(%q) = %+v, %v; want %+v, %v", test.value, got, ok, test.want, test.ok)
		}
	}
}

func TestParseDigits(t *testing.T) {
	tests := []struct {
		s    string
		want int64
		ok   bool
	}{
		{"0", 0, true},
		{"007", 7, true},
		{"99999999999999999999", math.MaxInt64, true},
		{"", 0, false},
		{"-1", 0, false},
		{"+1", 0, false},
		{"1_0", 0, false},
		{"1.5", 0, false},
		{" 1", 0, false},
	}
	for _, test := range tests {
		got, ok := parseDigits(test.s)
		if ok != test.ok || ok && got != test.want {
			t.Errorf("parseDigits(%q) = %d, %v; want %d, %v", test.s, got, ok, test.want, test.ok)
		}
	}
}

// FuzzParseContentRange: what parses says the same when it is written anew.
func FuzzParseContentRange(f *testing.F) {
	for _, s := range []string{"bytes 0-99/200", "bytes */200", "items 0-9/*", "bytes=0-99/200", "bytes 99-0/200"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, ok := parseContentRange(s)
		if !ok {
			return
		}
		positions, size := "*", "*"
		if !r.unsatisfied() {
			positions = fmt.Sprintf("%d-%d", r.first, r.last)
		}
		if r.size >= 0 {
			size = fmt.Sprint(r.size)
		}
		again := r.unit + " " + positions + "/" + size
		if got, ok := parseContentRange(again); !ok || got != r {
			t.Errorf("%q is %+v, but written anew as %q it is %+v, %v", s, r, again, got, ok)
		}
	})
}
