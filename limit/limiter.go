package limit

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
)

// Limiter decides by one or several policies. It is safe for concurrent use.
type Limiter struct {
	policies []Policy
	least    int64 // the smallest quota
	store    Store
	open     bool
	log      *slog.Logger

	down  atomic.Bool // the store failed when it was last asked
	probe sync.Mutex  // held by the one who asks a store that is down
}

// Options are the choices of a [Limiter] that have a default.
type Options struct {
	// Store keeps the quotas. If it is nil, they are kept in memory, for up to a
	// million keys.
	Store Store

	// Open lets requests pass while the store fails. Otherwise none do:
	// [Limiter.Allow] returns [ErrUnavailable], which is a 503.
	Open bool

	// Logger hears when the store begins to fail and when it is back; nil
	// discards.
	Logger *slog.Logger
}

// ErrUnavailable says that the store could not be asked and that requests do not
// pass without it: a 503 (RFC 9110, 15.6.4).
var ErrUnavailable = errors.New("the store of the quotas is unavailable")

// CostError says that a request costs more than a policy ever gives. There is
// nothing to wait for: it is the request that has to become smaller.
type CostError struct {
	Policy Policy
	Cost   int64
}

func (e *CostError) Error() string {
	return fmt.Sprintf("a cost of %d is above policy %q, which gives %d", e.Cost, e.Policy.Name, e.Policy.Quota)
}

// defaultKeys is how many keys a limiter without a store remembers.
const defaultKeys = 1_000_000

// New returns a limiter for policies with different names, at most
// [MaxPolicies]. It returns an error if one of them makes no sense, or if the store
// is a [Memory] that another limiter has.
func New(options Options, policies ...Policy) (*Limiter, error) {
	if err := checkAll(policies); err != nil {
		return nil, fmt.Errorf("making a limiter: %w", err)
	}
	if m, ok := options.Store.(*Memory); ok && m.taken.Swap(true) {
		return nil, errors.New("making a limiter: the store is that of another, whose keys would get mixed up with its own")
	}
	l := &Limiter{
		policies: slices.Clone(policies),
		store:    options.Store,
		open:     options.Open,
		log:      options.Logger,
	}
	l.least = slices.MinFunc(policies, func(a, b Policy) int { return cmp.Compare(a.Quota, b.Quota) }).Quota
	if l.store == nil {
		l.store = NewMemory(defaultKeys)
	}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	return l, nil
}

// Allow decides whether a request of a key may pass, and charges the key if so.
// The cost is in units of the policies; 0 charges nothing and only looks.
//
// The error is a [*CostError] if the request could never pass, [ErrUnavailable]
// if the store fails, and that of ctx if it is the caller who gave up.
func (l *Limiter) Allow(ctx context.Context, key string, cost int64) (Decision, error) {
	if cost < 0 {
		return Decision{}, fmt.Errorf("a cost of %d is below zero", cost)
	}
	if cost > l.least {
		i := slices.IndexFunc(l.policies, func(p Policy) bool { return cost > p.Quota })
		return Decision{}, &CostError{Policy: l.policies[i], Cost: cost}
	}
	if len(key) > maxKey {
		key = digest(key)
	}
	state, err := l.take(ctx, key, cost)
	switch {
	case err == nil:
		return decide(l.policies, state, cost), nil
	case ctx.Err() != nil:
		return Decision{}, fmt.Errorf("asking for quota: %w", context.Cause(ctx))
	case l.open:
		return Decision{Allowed: true}, nil
	}
	return Decision{}, ErrUnavailable
}

// maxKey is the length up to which a key is used as it is.
const maxKey = 256

// digest returns a short key for one of any length.
func digest(key string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(key)))
}

// take asks the store. While the store is down, one caller at a time finds out
// whether it is back; the others do not wait for that.
func (l *Limiter) take(ctx context.Context, key string, cost int64) (State, error) {
	if l.down.Load() {
		if !l.probe.TryLock() {
			return State{}, ErrUnavailable
		}
		defer l.probe.Unlock()
	}
	state, err := l.store.Take(ctx, key, cost, l.policies)
	switch {
	case err != nil && ctx.Err() == nil:
		if l.down.CompareAndSwap(false, true) {
			l.log.ErrorContext(ctx, "quota store failed", "error", err, "open", l.open)
		}
	case err == nil && l.down.Load() && l.down.CompareAndSwap(true, false):
		l.log.InfoContext(ctx, "quota store is back")
	}
	return state, err
}
