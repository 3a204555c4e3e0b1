package limit

import (
	"fmt"
	"sync"
	"time"
)

// InFlight limits how many requests of a key this process serves at the same
// time. It is safe for concurrent use, and holds no more keys than there are
// requests in flight.
type InFlight struct {
	policies []Policy // one

	mu   sync.Mutex
	keys map[string]int64
}

// concurrent is the unit of requests in flight
// (draft-ietf-httpapi-ratelimit-headers, 3.1).
const concurrent = "concurrent-requests"

// NewInFlight returns a limit of that many requests in flight for each key. The
// name is as in [Policy]; the error says what is wrong with it or with the number.
func NewInFlight(name string, most int64) (*InFlight, error) {
	// Nobody knows when a request will end. As if each took a second, those who are
	// refused hear the shortest wait that Retry-After can tell.
	p := Policy{Name: name, Quota: most, Window: time.Duration(most) * time.Second, Unit: concurrent}
	if most > int64(MaxWindow/time.Second) {
		return nil, fmt.Errorf("making a limit of requests in flight: %d is too many", most)
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("making a limit of requests in flight: %w", err)
	}
	return &InFlight{policies: []Policy{p}, keys: map[string]int64{}}, nil
}

// Enter decides whether a request of a key may be served now. If it may, the
// caller calls [InFlight.Leave] with the same key when the request has ended.
func (f *InFlight) Enter(key string) Decision {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.keys[key]
	state := State{Taken: n < f.policies[0].Quota}
	if state.Taken {
		n++
		f.keys[key] = n
	}
	state.Debts[0] = time.Duration(n) * time.Second
	return decide(f.policies, state, 1)
}

// Leave says that a request that was allowed has ended.
func (f *InFlight) Leave(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.keys[key] > 1 {
		f.keys[key]--
	} else {
		delete(f.keys, key)
	}
}
