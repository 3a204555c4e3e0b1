package respond_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/statute-http/statute/respond"
)

func TestMaintenance(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	s := newItems(t)
	api := s.api(t.Output())
	api.Now = func() time.Time { return now }
	api.Maintenance = &respond.Maintenance{Except: []string{"/health"}}
	w := serve(t, s.routes(api))
	status := func(line string) int { return w.send(line, "").Response.Status }

	if got := status("GET /items"); got != 200 {
		t.Errorf("before: got %d, want 200", got)
	}
	api.Maintenance.Begin(now.Add(90*time.Second + time.Millisecond))
	got := answer(w.send("GET /items", ""))
	want := `503
Cache-Control: no-store
Content-Type: application/problem+json
Retry-After: 91
{"title":"Service Unavailable","status":503,"detail":"under maintenance","request_id":"ID"}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("got +, want -:\n%s", diff)
	}
	if got := status("GET /health"); got != 200 {
		t.Errorf("health: got %d, want 200", got)
	}
	if got := status("GET /nope"); got != 503 {
		t.Errorf("unknown path: got %d, want 503", got)
	}
	api.Maintenance.End()
	if got := status("GET /items"); got != 200 {
		t.Errorf("after: got %d, want 200", got)
	}
	api.Maintenance.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	api.Maintenance.Begin(now)
	if got := status("GET /items"); got != 200 {
		t.Errorf("from an allowed address: got %d, want 200", got)
	}
}
