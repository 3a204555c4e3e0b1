package rules

import (
	"testing"

	"github.com/statute-http/statute"
)

func TestIsLoopback(t *testing.T) {
	for authority, want := range map[string]bool{
		"localhost":                  true,
		"LOCALHOST:8080/callback":    true,
		"shop.localhost./":           true,
		"127.0.0.1:49152/callback":   true,
		"127.9.9.9?code=x7":          true,
		"[::1]:49152/callback":       true,
		"[::ffff:127.0.0.1]":         true,
		"user@localhost/":            true,
		"localhost@shop.example/":    false,
		"localhost.shop.example":     false,
		"notlocalhost":               false,
		"192.0.2.7":                  false,
		"[2001:db8::1]/localhost":    false,
		"shop.example/?to=localhost": false,
		"":                           false,
	} {
		if got := isLoopback(authority); got != want {
			t.Errorf("isLoopback(%q) = %v, want %v", authority, got, want)
		}
	}
}

func TestLeadsBack(t *testing.T) {
	tests := []struct {
		scheme, authority, target, location string
		want                                bool
	}{
		{"https", "shop.example", "/orders", "/orders", true},
		{"https", "shop.example", "/orders", "//shop.example/orders", true},
		{"https", "shop.example:443", "/orders", "HTTPS://shop.example/orders#top", true},
		{"https", "shop.example", "/", "https://shop.example", true},
		{"https", "shop.example", "/orders/17", "../orders/17", true},
		{"https", "shop.example", "/orders?page=1", "?page=1", false}, // true, but not looked for
		{"", "shop.example", "/orders", "https://shop.example/orders", false},
		{"http", "shop.example", "/orders", "https://shop.example/orders", false},
		{"https", "shop.example", "/orders", "https://shop.example:8443/orders", false},
		{"https", "shop.example", "/orders", "https://www.shop.example/orders", false},
		{"https", "shop.example", "/orders", "/orders?", false},
		{"https", "shop.example", "/orders", "/Orders", false},
		{"https", "shop.example", "/orders", "/login?next=/orders", false},
		{"https", "shop.example", "/orders", "/orders%", false},
		{"https", "shop.example", "/orders", "", false},
	}
	for _, tt := range tests {
		r := statute.Request{Method: "GET", Scheme: tt.scheme, Authority: tt.authority, Target: tt.target}
		if got := leadsBack(&r, tt.location); got != tt.want {
			t.Errorf("%s from %s: %q leads back: %v, want %v", tt.target, r.URL(), tt.location, got, tt.want)
		}
	}
}
