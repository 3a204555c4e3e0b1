package rules

import (
	"testing"
	"time"

	"github.com/statute-http/statute"
)

func TestSameReader(t *testing.T) {
	base := statute.Fields{{Name: "Accept", Value: "application/json"}, {Name: "Authorization", Value: "Bearer a"}}
	for _, test := range []struct {
		name           string
		fields         statute.Fields
		reader, sender bool
	}{
		{"same", base, true, true},
		{"other order and spelling", statute.Fields{{Name: "authorization", Value: "Bearer a"}, {Name: "accept", Value: "application/json"}}, true, true},
		{"a condition more", append(base[:2:2], statute.Field{Name: "If-None-Match", Value: `"v1"`}), true, true},
		{"other format", statute.Fields{{Name: "Accept", Value: "text/html"}, base[1]}, false, true},
		{"other user", statute.Fields{base[0], {Name: "Authorization", Value: "Bearer b"}}, false, false},
		{"no user", base[:1], false, false},
		{"a cookie more", append(base[:2:2], statute.Field{Name: "Cookie", Value: "s=1"}), false, false},
		{"a key of its own", append(base[:2:2], statute.Field{Name: "X-Tenant", Value: "7"}), false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := &statute.Exchange{Request: statute.Request{Target: "/orders", Fields: base}}
			b := &statute.Exchange{Request: statute.Request{Target: "/orders", Fields: test.fields}}
			if got := sameReader(a, b); got != test.reader {
				t.Errorf("sameReader = %v, want %v", got, test.reader)
			}
			if got := sameSender(a, b); got != test.sender {
				t.Errorf("sameSender = %v, want %v", got, test.sender)
			}
			b.Request.Target = "/orders?page=2"
			if sameReader(a, b) {
				t.Error("sameReader holds for another target")
			}
		})
	}
}

func TestOverlap(t *testing.T) {
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	at := func(start time.Time, took time.Duration) *statute.Exchange {
		return &statute.Exchange{Start: start, Took: took}
	}
	for _, test := range []struct {
		name           string
		earlier, later *statute.Exchange
		want           bool
	}{
		{"one after the other", at(noon, time.Second), at(noon.Add(time.Second), 0), false},
		{"under way together", at(noon, time.Second), at(noon.Add(time.Millisecond), 0), true},
		{"times unknown", at(time.Time{}, time.Second), at(time.Time{}, 0), false},
		{"one time unknown", at(noon, time.Second), at(time.Time{}, 0), false},
	} {
		if got := overlap(test.earlier, test.later); got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}
