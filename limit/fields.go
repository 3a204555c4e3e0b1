package limit

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Form is a way to tell a client of its quotas; forms can be combined with |.
type Form uint8

// The forms.
const (
	// Standard is RateLimit and RateLimit-Policy, as in
	// draft-ietf-httpapi-ratelimit-headers-11. It is what the zero Form means too.
	Standard Form = 1 << iota

	// Older is RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset, as in the
	// draft up to its sixth edition. They tell of one policy, the tightest. The
	// reset is in seconds from now.
	Older

	// Private is X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset.
	// They tell of one policy, the tightest. The reset is a Unix time, as most
	// clients expect it.
	Private
)

// SetFields writes what a client should know into the header fields of a
// response: its quotas in the forms that are wanted and, if the request is
// refused, Retry-After in whole seconds, rounded up (RFC 9110, 10.2.3). A policy
// that refused is told as spent for that time, even if enough is left for a
// smaller request. Fields of an earlier decision on the same request stay: the
// lists become longer, and Older and Private tell of the tightest policy of all.
func (d Decision) SetFields(h http.Header, forms Form, now time.Time) {
	if !d.Allowed {
		h.Set("Retry-After", strconv.FormatInt(max(1, seconds(d.RetryAfter)), 10))
	}
	if forms == 0 || forms&Standard != 0 {
		d.setStandard(h)
	}
	if s, ok := d.tightest(); ok {
		if forms&Older != 0 {
			set(h, "RateLimit-", s, seconds(s.Whole))
		}
		if forms&Private != 0 {
			set(h, "X-RateLimit-", s, now.Add(s.Whole+time.Second-1).Unix())
		}
	}
}

// setStandard writes the fields of the draft:
//
//	RateLimit-Policy: "burst";q=10;w=1, "day";q=5000;w=86400
//	RateLimit: "burst";r=3;t=1, "day";r=4993;t=18
//
// The draft's t is the time in which a client can use no more than r.
func (d Decision) setStandard(h http.Header) {
	policies, states := h.Values("RateLimit-Policy"), h.Values("RateLimit")
	for s := range d.All() {
		name := `"` + s.Policy.Name + `"`
		policy := name + ";q=" + strconv.FormatInt(s.Policy.Quota, 10)
		if s.Policy.Unit != "" {
			policy += `;qu="` + s.Policy.Unit + `"`
		}
		if s.Policy.Unit != concurrent {
			policy += ";w=" + strconv.FormatInt(seconds(s.Policy.Window), 10)
		}
		policies = append(policies, policy)

		state := name + ";r=" + strconv.FormatInt(s.told(), 10)
		if t := seconds(max(s.Next, s.Wait)); t > 0 {
			state += ";t=" + strconv.FormatInt(t, 10)
		}
		states = append(states, state)
	}
	if len(policies) > 0 {
		h.Set("RateLimit-Policy", strings.Join(policies, ", "))
		h.Set("RateLimit", strings.Join(states, ", "))
	}
}

// set writes the three fields that others than the draft have, unless a tighter
// policy has written them.
func set(h http.Header, prefix string, s Status, reset int64) {
	if before, err := strconv.ParseInt(h.Get(prefix+"Remaining"), 10, 64); err == nil && before < s.told() {
		return
	}
	h.Set(prefix+"Limit", strconv.FormatInt(s.Policy.Quota, 10))
	h.Set(prefix+"Remaining", strconv.FormatInt(s.told(), 10))
	h.Set(prefix+"Reset", strconv.FormatInt(reset, 10))
}

// told returns what is left for a request like the one that was decided on.
func (s Status) told() int64 {
	if s.Wait > 0 {
		return 0
	}
	return s.Remaining
}

// seconds returns a time in whole seconds, rounded up.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }
