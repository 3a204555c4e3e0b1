package rules

import "testing"

func TestTellsOwnHealth(t *testing.T) {
	for path, want := range map[string]bool{
		"/health": true, "/healthz/": true, "/api/v1/health": true, "/actuator/health/liveness": true, "/shop/readyz": true, "/-/ready": true, "/status": true,
		"/health/db": false, "/servers/7/health": false, "/a/b/health": false, "/orders/status": false, "/orders": false, "/": false,
	} {
		if got := tellsOwnHealth(path); got != want {
			t.Errorf("tellsOwnHealth(%q) = %v", path, got)
		}
	}
}
