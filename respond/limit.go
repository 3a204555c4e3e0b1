package respond

import (
	"errors"
	"net/http"
	"time"

	"github.com/statute-http/statute/limit"
)

// Quota limits requests. Those beyond it are answered 429 with the time after
// which they would pass in Retry-After; all answers carry the RateLimit fields.
//
// Of several quotas the first that refuses decides, and those before it stay
// charged. Policies that are to be charged together or not at all belong into one
// [limit.Limiter].
type Quota struct {
	Limiter  *limit.Limiter              // how many in some time; may be nil
	InFlight *limit.InFlight             // how many at the same time; may be nil
	Key      limit.Key                   // whose quota a request draws on; nil: all share one
	Cost     func(r *http.Request) int64 // what a request draws from the Limiter; nil is 1
	Forms    limit.Form                  // of the header fields; 0 is the standard's
}

// Limit sets quotas for a route. They are asked when the principal is known, so
// requests without valid credentials do not count; [API] has Limits for all.
func Limit(quotas ...Quota) Option {
	return func(rt *route) { rt.quotas = append(rt.quotas, quotas...) }
}

// quotaExceeded is the problem type of draft-ietf-httpapi-ratelimit-headers, 5.
const quotaExceeded = "https://iana.org/assignments/http-problem-types#quota-exceeded"

// quotaStatus is what the problem document says of a policy.
type quotaStatus struct {
	Policy    string `json:"policy"`
	Quota     int64  `json:"quota"`
	Window    int64  `json:"window"` // in seconds
	Remaining int64  `json:"remaining"`
	Reset     int64  `json:"reset"` // in seconds, until all is back
}

// enter asks quotas, and returns the 429 or 503 if one refuses.
func (c *call) enter(quotas []Quota) error {
	for _, q := range quotas {
		key := ""
		if q.Key != nil {
			c.asked = false
			if key = q.Key(c.r); c.asked {
				return fault("a quota of API.Limits asks for the principal, who is not known before the route is")
			}
		}
		if q.Limiter != nil {
			cost := int64(1)
			if q.Cost != nil {
				cost = q.Cost(c.r)
			}
			d, err := q.Limiter.Allow(c, key, cost)
			if err != nil {
				return limiterError(err)
			}
			if err := c.decided(d, q.Forms); err != nil {
				return err
			}
		}
		if q.InFlight != nil {
			if err := c.decided(q.InFlight.Enter(key), q.Forms); err != nil {
				return err
			}
			c.leave = append(c.leave, func() { q.InFlight.Leave(key) })
		}
	}
	return nil
}

// decided sets the header fields of a decision, and returns the 429 if it is a
// refusal.
func (c *call) decided(d limit.Decision, forms limit.Form) error {
	header := c.w.Header()
	d.SetFields(header, forms, c.api.now())
	if d.Allowed {
		return nil
	}
	header.Del("Retry-After") // the error brings it
	var limits []quotaStatus
	for s := range d.All() {
		limits = append(limits, quotaStatus{
			s.Policy.Name, s.Policy.Quota, seconds(s.Policy.Window), s.Remaining, seconds(s.Whole),
		})
	}
	return Problem{Type: quotaExceeded, Title: "Quota exceeded", Code: 429}.New("").
		With("violated-policies", d.Violated()).With("limits", limits).After(d.RetryAfter)
}

// limiterError returns what to answer when a limiter cannot decide.
func limiterError(err error) error {
	if _, ok := errors.AsType[*limit.CostError](err); ok {
		return BadRequest("the request asks for more than the quota ever allows").Because(err)
	}
	if errors.Is(err, limit.ErrUnavailable) {
		return Unavailable(time.Second).Because(err)
	}
	return err
}
