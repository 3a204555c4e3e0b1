package rules

import "testing"

func TestIsHealthPath(t *testing.T) {
	tests := map[string]bool{
		"/health":             true,
		"/api/v1/healthz/":    true,
		"/actuator/health/db": true,
		"/Health-Check":       true,
		"/-/ready":            true,
		"/ping":               true,
		"/":                   false,
		"/orders/17":          false,
		"/live/17":            false,
		"/healthy-food":       false,
	}
	for path, want := range tests {
		if got := isHealthPath(path); got != want {
			t.Errorf("isHealthPath(%q) = %v, want %v", path, got, want)
		}
	}
}
