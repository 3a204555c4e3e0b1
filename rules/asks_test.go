package rules

import (
	"testing"

	"github.com/statute-http/statute"
)

func TestWishOf(t *testing.T) {
	for accept, want := range map[string]wish{
		"":                                       {},
		"application/json":                       {json: true},
		"application/problem+json;q=0.5":         {json: true},
		"application/json, text/plain, */*":      {json: true, anything: true},
		"text/html, application/json;q=0":        {html: true},
		"text/html;q=0.0, application/json; q=1": {json: true},
		"TEXT/*":                                 {html: true},
		"image/png":                              {},
	} {
		if got := wishOf(statute.Fields{{Name: "Accept", Value: accept}}); got != want {
			t.Errorf("%q: got %+v, want %+v", accept, got, want)
		}
	}
}

func TestHasCredentials(t *testing.T) {
	for _, test := range []struct {
		field, target string
		want          bool
	}{
		{"Accept", "/orders?limit=2", false},
		{"Authorization", "/orders", true},
		{"cookie", "/orders", true},
		{"X-Gotify-Key", "/orders", true},
		{"PRIVATE-TOKEN", "/orders", true},
		{"X-CSRF-Token", "/orders", false},
		{"Idempotency-Key", "/orders", false},
		{"Sec-WebSocket-Key", "/orders", false},
		{"Accept", "/orders?limit=2&api_key=abc", true},
		{"Accept", "/orders?access_token=abc", true},
		{"Accept", "/orders?apikey=abc", true},
	} {
		r := statute.Request{Target: test.target, Fields: statute.Fields{{Name: test.field, Value: "x"}}}
		if got := hasCredentials(&r); got != test.want {
			t.Errorf("%s, %s: %v", test.field, test.target, got)
		}
	}
}
