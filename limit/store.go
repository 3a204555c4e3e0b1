package limit

import (
	"context"
	"time"
)

// Store keeps the debts of keys. One store serves one limiter. Implementations
// are safe for concurrent use and return within bounded time, whatever becomes of
// the machines they talk to.
type Store interface {
	// Take charges a key for cost units of each policy, or for nothing if one of
	// them has not enough left: cost times [Policy.Interval] is added to each debt
	// if no debt exceeds [Policy.Whole] by that. The cost is at least 0 and no
	// more than any quota. The caller does not change policies afterwards.
	Take(ctx context.Context, key string, cost int64, policies []Policy) (State, error)
}

// State is what a store knows of a key after a request.
type State struct {
	Taken bool                       // whether the key was charged
	Debts [MaxPolicies]time.Duration // for each policy, the time until all of its quota is back; it may be more than that takes
}
