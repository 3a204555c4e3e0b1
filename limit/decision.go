package limit

import (
	"cmp"
	"iter"
	"slices"
	"time"
)

// Decision is what became of a request.
type Decision struct {
	// Allowed says that the request may pass.
	Allowed bool

	// RetryAfter is the time after which the same request would pass if the key
	// made no other; 0 if it passes now.
	RetryAfter time.Duration

	policies []Policy
	state    State
	cost     int64
}

// Status is what a decision knows of one policy, the request counted if it was
// allowed.
type Status struct {
	Policy    Policy
	Remaining int64         // units that are left
	Next      time.Duration // until one more is there; 0 if none is missing or nobody knows
	Whole     time.Duration // until none is missing
	Wait      time.Duration // until the policy would let the request pass; 0 if it does now
}

// decide reads a decision from the state of a key.
func decide(policies []Policy, state State, cost int64) Decision {
	d := Decision{Allowed: state.Taken, policies: policies, state: state, cost: cost}
	if !d.Allowed {
		for i := range policies {
			d.RetryAfter = max(d.RetryAfter, d.wait(i))
		}
	}
	return d
}

// wait returns how long a policy makes the request wait.
func (d *Decision) wait(i int) time.Duration {
	if d.Allowed {
		return 0
	}
	p := &d.policies[i]
	return max(0, d.state.Debts[i]+time.Duration(d.cost)*p.Interval()-p.Whole())
}

// All yields what is known of each policy, in the limiter's order: nothing if the
// store failed and requests pass nevertheless.
func (d Decision) All() iter.Seq[Status] {
	return func(yield func(Status) bool) {
		for i, p := range d.policies {
			debt, interval := d.state.Debts[i], p.Interval()
			missing := min(int64((debt+interval-1)/interval), p.Quota)
			s := Status{Policy: p, Remaining: p.Quota - missing, Whole: debt, Wait: d.wait(i)}
			if missing > 0 && p.Unit != concurrent {
				s.Next = debt - time.Duration(missing-1)*interval
			}
			if !yield(s) {
				return
			}
		}
	}
}

// Violated returns the names of the policies that refused, as the member
// violated-policies of a problem document has them
// (draft-ietf-httpapi-ratelimit-headers, 5).
func (d Decision) Violated() []string {
	var names []string
	for s := range d.All() {
		if s.Wait > 0 {
			names = append(names, s.Policy.Name)
		}
	}
	return names
}

// tightest returns what is known of the policy that binds first: the one with the
// longest wait, then the one with the least left.
func (d Decision) tightest() (Status, bool) {
	all := slices.Collect(d.All())
	if len(all) == 0 {
		return Status{}, false
	}
	return slices.MinFunc(all, func(a, b Status) int {
		return cmp.Or(cmp.Compare(b.Wait, a.Wait), cmp.Compare(a.Remaining, b.Remaining))
	}), true
}
