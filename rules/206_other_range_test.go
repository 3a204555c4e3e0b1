package rules

import (
	"math"
	"testing"
)

func TestSpanOf(t *testing.T) {
	tests := []struct {
		value       string
		size        int64
		first, last int64
		ok          bool
	}{
		{"bytes=0-4", 9, 0, 4, true},
		{"bytes = 0-4", 9, 0, 4, true},
		{"BYTES=5-", -1, 5, math.MaxInt64, true},
		{"bytes=-4", 9, 5, math.MaxInt64, true},
		{"bytes=-40", 9, 0, math.MaxInt64, true},
		{"bytes=6-7, 1-2", 9, 1, 7, true},
		{"bytes=-4", -1, 0, 0, false},
		{"bytes=4-0", 9, 0, 0, false},
		{"bytes=a-4", 9, 0, 0, false},
		{"bytes=0-b", 9, 0, 0, false},
		{"bytes=4", 9, 0, 0, false},
		{"bytes=", 9, 0, 0, false},
		{"bytes=-", 9, 0, 0, false},
		{"items=0-4", 9, 0, 0, false},
		{"", 9, 0, 0, false},
	}
	for _, tt := range tests {
		first, last, ok := spanOf(tt.value, tt.size)
		if ok != tt.ok || ok && (first != tt.first || last != tt.last) {
			t.Errorf("spanOf(%q, %d) = %d, %d, %v, want %d, %d, %v", tt.value, tt.size, first, last, ok, tt.first, tt.last, tt.ok)
		}
	}
}
