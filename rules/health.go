package rules

import "strings"

// isHealthPath reports whether a path is by its name that of a health resource:
// /healthz, /actuator/health/db, /-/ready.
func isHealthPath(path string) bool {
	var last string
	for segment := range strings.SplitSeq(path, "/") {
		switch strings.ToLower(segment) {
		case "":
			continue
		case "health", "healthz", "healthcheck", "health-check", "health_check":
			return true
		}
		last = segment
	}
	switch strings.ToLower(last) {
	case "live", "livez", "liveness", "alive", "ready", "readyz", "readiness", "startupz", "ping", "heartbeat":
		return true
	}
	return false
}
