package limit

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// MaxPolicies is how many policies a limiter can hold. A fixed number keeps the
// state of a key in one place and a decision free of allocations.
const MaxPolicies = 4

// MaxWindow is the longest window of a policy. In nanoseconds it is a whole
// number that floating point holds exactly, which is what Redis's scripts count
// with.
const MaxWindow = 100 * 24 * time.Hour

// leastInterval is the shortest time in which a unit may come back, in
// nanoseconds: rounding it up to whole ones takes away less than one percent.
const leastInterval = 100

// Policy is a quota: so many units in a window of time.
type Policy struct {
	// Name tells the policy from others, in header fields and problem documents:
	// printable ASCII without quotes and backslashes, at most 64 characters.
	Name string

	// Quota is how many units there are in a window, and how many can be spent at
	// once.
	Quota int64

	// Window is the time in which all of a spent quota comes back.
	Window time.Duration

	// Unit is what is counted, as in draft-ietf-httpapi-ratelimit-headers: "" is
	// "requests"; "content-bytes" and names of one's own are possible.
	Unit string
}

// Interval returns the time in which one unit comes back: Window/Quota, rounded
// up to whole nanoseconds so that no more than the quota is ever given.
func (p Policy) Interval() time.Duration {
	return time.Duration((int64(p.Window) + p.Quota - 1) / p.Quota)
}

// Whole returns the time in which all of a spent quota comes back: Window, or a
// little more where it cannot be divided evenly.
func (p Policy) Whole() time.Duration { return time.Duration(p.Quota) * p.Interval() }

// check returns what is wrong with a policy.
func (p Policy) check() error {
	switch {
	case !isName(p.Name):
		return fmt.Errorf("policy %q: the name must be 1 to 64 characters of printable ASCII without quotes and backslashes", p.Name)
	case p.Unit != "" && !isName(p.Unit):
		return fmt.Errorf("policy %q: the unit must be printable ASCII without quotes and backslashes", p.Name)
	case p.Quota < 1:
		return fmt.Errorf("policy %q: the quota is %d, want 1 or more", p.Name, p.Quota)
	case p.Window < time.Second || p.Window > MaxWindow:
		return fmt.Errorf("policy %q: the window is %v, want %v to %v", p.Name, p.Window, time.Second, MaxWindow)
	case p.Quota > int64(p.Window)/leastInterval:
		return fmt.Errorf("policy %q: more than %d units a second; count in larger ones", p.Name, time.Second/leastInterval)
	}
	return nil
}

// isName reports whether s can be written as a structured string as it is
// (RFC 9651, 3.3.3).
func isName(s string) bool {
	return s != "" && len(s) <= 64 && !strings.ContainsFunc(s, func(c rune) bool {
		return c < ' ' || c > '~' || c == '"' || c == '\\'
	})
}

// checkAll returns what is wrong with the policies of a limiter.
func checkAll(policies []Policy) error {
	if len(policies) == 0 {
		return errors.New("no policy")
	}
	if len(policies) > MaxPolicies {
		return fmt.Errorf("%d policies, want at most %d", len(policies), MaxPolicies)
	}
	for i, p := range policies {
		if err := p.check(); err != nil {
			return err
		}
		for _, other := range policies[:i] {
			if other.Name == p.Name {
				return fmt.Errorf("policy %q is there twice", p.Name)
			}
		}
	}
	return nil
}
