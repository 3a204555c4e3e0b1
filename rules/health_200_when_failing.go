package rules

import (
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed health_200_when_failing.txtar
var docHealth200WhenFailing string

var rHealth200WhenFailing = &statute.Rule{
	ID:    "health-200-when-failing",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.6.4"), statute.RFC(9110, "15")},
	On:    []int{2},
	Needs: statute.SeenFields | statute.SeenBody,
	Over:  []string{"200-with-error-body"},
	Doc:   docHealth200WhenFailing,
	Check: func(p *statute.Pass) {
		if p.Request.Safe() && tellsOwnHealth(p.Request.Path()) && saysDown(&p.Response) {
			p.Report(statute.Fault{
				Message:    "2xx from a health resource whose content says that the service is down",
				Expected:   "503",
				Confidence: statute.Likely,
			})
		}
	},
}

// tellsOwnHealth reports whether a path is that of a service's own health as a
// whole: /health, /api/v1/healthz, /actuator/health/liveness; not one
// component (/health/db), not another's health (/servers/7/health).
func tellsOwnHealth(path string) bool {
	before, found := 0, false
	for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		switch {
		case isAnyFold(segment, "live", "liveness", "ready", "readiness", "startup", "started") && (found || before == 0):
			found = true
		case found:
			return false
		case isAnyFold(segment, "health", "healthz", "_health", "healthcheck", "health-check", "livez", "readyz"):
			found = true
		case isAnyFold(segment, "status", "ping", "heartbeat", "alive") && before == 0:
			found = true
		case isAnyFold(segment, "api", "actuator", "management", "manage", "internal", "system", "q", "-") || isVersion(segment):
		default:
			before++
			if before > 1 || strings.ContainsAny(segment, "0123456789") {
				return false
			}
		}
	}
	return found
}

// isVersion reports whether a segment of a path is a version: "v1", "v1.2".
func isVersion(segment string) bool {
	return len(segment) > 1 && (segment[0] == 'v' || segment[0] == 'V') && strings.Trim(segment[1:], "0123456789.") == ""
}

func isAnyFold(s string, names ...string) bool {
	for _, name := range names {
		if strings.EqualFold(s, name) {
			return true
		}
	}
	return false
}

// saysDown reports whether the content says of the whole that it is down.
func saysDown(r *statute.Response) bool {
	down := []string{"down", "unhealthy", "fail", "failing", "failed", "failure", "error", "critical", "out of service", "not ok", "not ready", "unavailable"}
	v := parseJSON(r.Body.Bytes)
	switch v.kind() {
	case jsonObject:
		found := false
		v.each(func(key, val value) bool {
			switch {
			case key.isAny([]string{"status", "state", "health", "overall", "overallStatus", "overall_status"}):
				found = isPhrase(val.raw(), down)
			case key.isAny([]string{"healthy", "ok", "alive", "up", "success"}):
				found = val.kind() == jsonFalse
			}
			return !found
		})
		return found
	case jsonString:
		return isPhrase(v.raw(), down)
	}
	mediaType := r.MediaType()
	return (mediaType == "" || mediaType == "text/plain") && len(r.Body.Bytes) <= textLimit && isPhrase(r.Body.Bytes, down)
}
