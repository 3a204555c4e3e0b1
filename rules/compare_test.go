package rules

import (
	"testing"

	"github.com/statute-http/statute"
)

func TestAlike(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"17", "999999", true},
		{"3f2a8c1e-0000-4000-8000-123456789abc", "00000000-0000-4000-8000-000000000000", true},
		{"a17", "zzz", true},
		{"17", "zzz", false},
		{"my-order", "zzz", false},
		{"my-order", "my_order", false},
		{"", "", false},
	} {
		if got := alike(test.a, test.b); got != test.want {
			t.Errorf("alike(%q, %q) = %v, want %v", test.a, test.b, got, test.want)
		}
	}
}

func TestDiffering(t *testing.T) {
	for _, test := range []struct{ a, b, wantA, wantB string }{
		{"/orders/17/lines", "/orders/999/lines", "17", "999"},
		{"/orders/17", "/orders/17", "", ""},
		{"/orders", "/orders/17", "", "17"},
	} {
		if a, b := differing(test.a, test.b); a != test.wantA || b != test.wantB {
			t.Errorf("differing(%q, %q) = %q, %q, want %q, %q", test.a, test.b, a, b, test.wantA, test.wantB)
		}
	}
}

func TestSatisfiable(t *testing.T) {
	for value, want := range map[string]bool{
		"bytes=0-3":     true,
		"bytes=19-19":   true,
		"bytes=19-":     true,
		"bytes=5-999":   true,
		"bytes=-1":      true,
		"bytes=-999":    true,
		"Bytes=0-3":     true,
		"bytes=20-":     false,
		"bytes=-0":      false,
		"bytes=3-1":     false,
		"bytes=0-3,5-7": false,
		"items=0-3":     false,
		"bytes=a-b":     false,
		"bytes=":        false,
		"":              false,
	} {
		if got := satisfiable(statute.Fields{{Name: "Range", Value: value}}, 20); got != want {
			t.Errorf("satisfiable(%q) of 20 bytes = %v, want %v", value, got, want)
		}
	}
}

func TestPointsTo(t *testing.T) {
	from := &statute.Exchange{Request: statute.Request{Method: "POST", Authority: "shop.example", Target: "/v1/orders"}}
	to := &statute.Exchange{Request: statute.Request{Method: "GET", Authority: "shop.example", Target: "/v1/orders/17"}}
	for location, want := range map[string]bool{
		"/v1/orders/17":                     true,
		"orders/17":                         true,
		"http://shop.example/v1/orders/17":  true,
		"https://SHOP.example/v1/orders/17": true,
		"/orders/17":                        false,
		"/v1/orders/17?view=full":           false,
		"http://10.0.0.7/v1/orders/17":      false,
		"http://[":                          false,
	} {
		if got := pointsTo(from, location, to); got != want {
			t.Errorf("pointsTo(%q) = %v, want %v", location, got, want)
		}
	}
}

func TestNamesItem(t *testing.T) {
	for _, test := range []struct {
		template, target string
		want             bool
	}{
		{"/orders/{id}", "/orders/saw", true},
		{"/orders/{id}.{format}", "/orders/17.json", true},
		{"/orders/{id}/image", "/orders/17/image", false},
		{"", "/orders/17", true},
		{"", "/orders/17.json", true},
		{"", "/orders/3f2a8c1e-0000-4000-8000-123456789abc", true},
		{"", "/orders", false},
		{"", "/v2/", false},
		{"", "/", false},
	} {
		x := &statute.Exchange{Request: statute.Request{Target: test.target}, Operation: statute.Operation{Path: test.template}}
		if got := namesItem(x); got != test.want {
			t.Errorf("namesItem(%q, %q) = %v, want %v", test.template, test.target, got, test.want)
		}
	}
}

func TestSaysGone(t *testing.T) {
	for content, want := range map[string]bool{
		`{"id":17,"state":"expired"}`:                     true,
		`{"id":17,"deletedAt":"2026-11-21T12:00:00Z"}`:    true,
		`{"id":17,"is_deleted":true}`:                     true,
		`{"id":17,"note":"delete it","item":"undeleted"}`: false,
		`{"id":0,"item":""}`:                              false,
	} {
		if got := saysGone([]byte(content)); got != want {
			t.Errorf("saysGone(%s) = %v, want %v", content, got, want)
		}
	}
}
