package respond

import (
	"net/netip"
	"slices"
	"sync/atomic"
	"time"
)

// Maintenance puts an API out of service for a time: every request is answered
// 503 with the time to come back in Retry-After. It is switched while the API
// serves; its zero value is off.
type Maintenance struct {
	Except []string       // paths that are served all the same, such as "/health"
	Allow  []netip.Prefix // addresses of clients that are served all the same, as the connection has them

	until atomic.Pointer[time.Time]
}

// Begin puts the API out of service. The time until when is what clients are
// told; service resumes with End, not by itself.
func (m *Maintenance) Begin(until time.Time) { m.until.Store(&until) }

// End puts the API into service again.
func (m *Maintenance) End() { m.until.Store(nil) }

// On reports whether the API is out of service.
func (m *Maintenance) On() bool { return m != nil && m.until.Load() != nil }

// refuses returns the 503 to a request, nil if it is served.
func (m *Maintenance) refuses(c *call) error {
	if !m.On() || slices.Contains(m.Except, c.r.URL.Path) {
		return nil
	}
	client, _ := netip.ParseAddrPort(c.r.RemoteAddr)
	for _, prefix := range m.Allow {
		if prefix.Contains(client.Addr().Unmap()) {
			return nil
		}
	}
	until := m.until.Load()
	if until == nil {
		return nil
	}
	wait := until.Sub(c.api.now())
	if wait <= 0 { // it takes longer than was thought
		wait = defaultRetry
	}
	return Unavailable(wait).Detail("under maintenance")
}
