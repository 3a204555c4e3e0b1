package limit_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"time"

	"github.com/statute-http/statute/limit"
)

// A clock that stands still, so that the examples print the same each time.
func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func store() *limit.Memory {
	store := limit.NewMemory(1000)
	store.Now = noon
	return store
}

func Example() {
	limiter, err := limit.New(limit.Options{Store: store()},
		limit.Policy{Name: "burst", Quota: 2, Window: 10 * time.Second},
		limit.Policy{Name: "day", Quota: 1000, Window: 24 * time.Hour})
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 3 {
		decision, err := limiter.Allow(context.Background(), "alice", 1)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(decision.Allowed, decision.RetryAfter)
	}
	// Output:
	// true 0s
	// true 0s
	// false 5s
}

func ExampleDecision_SetFields() {
	limiter, _ := limit.New(limit.Options{Store: store()},
		limit.Policy{Name: "minute", Quota: 1, Window: time.Minute})
	limiter.Allow(context.Background(), "alice", 1)
	decision, _ := limiter.Allow(context.Background(), "alice", 1)

	w := httptest.NewRecorder()
	decision.SetFields(w.Header(), limit.Standard, noon())
	w.WriteHeader(http.StatusTooManyRequests)

	for _, name := range []string{"RateLimit-Policy", "RateLimit", "Retry-After"} {
		fmt.Println(name+":", w.Header().Get(name))
	}
	// Output:
	// RateLimit-Policy: "minute";q=1;w=60
	// RateLimit: "minute";r=0;t=60
	// Retry-After: 60
}

// What a request costs can depend on it. A cost that no quota covers is an error
// of its own: waiting does not help.
func ExampleCostError() {
	limiter, _ := limit.New(limit.Options{},
		limit.Policy{Name: "upload", Quota: 1 << 20, Window: time.Minute, Unit: "content-bytes"})
	_, err := limiter.Allow(context.Background(), "alice", 5<<20)
	var refused *limit.CostError
	if errors.As(err, &refused) {
		fmt.Println(refused)
	}
	// Output: a cost of 5242880 is above policy "upload", which gives 1048576
}

func ExampleDecision_All() {
	limiter, _ := limit.New(limit.Options{Store: store()},
		limit.Policy{Name: "minute", Quota: 60, Window: time.Minute})
	decision, _ := limiter.Allow(context.Background(), "alice", 50)
	for s := range decision.All() {
		fmt.Printf("%s: %d left, one more in %v, all in %v\n", s.Policy.Name, s.Remaining, s.Next, s.Whole)
	}
	// Output: minute: 10 left, one more in 1s, all in 50s
}

// Behind a proxy of one's own, the last address that the proxy did not know to be
// one of its kind is the client's.
func ExampleByAddress() {
	key := limit.ByAddress(netip.MustParsePrefix("10.0.0.0/8"))
	r := httptest.NewRequest("GET", "/", nil)
	r.RemoteAddr = "10.0.0.1:4711"
	r.Header.Set("X-Forwarded-For", "1.1.1.1, 2001:db8:1:2:3:4:5:6, 10.0.0.2")
	fmt.Println(key(r))
	// Output: address:2001:db8:1:2::/64
}

func ExampleFirst() {
	name := func(context.Context) string { return "" } // from the authentication
	key := limit.First(limit.ByPrincipal(name), limit.ByAddress())
	r := httptest.NewRequest("GET", "/", nil)
	r.RemoteAddr = "192.0.2.1:4711"
	fmt.Println(key(r))
	// Output: address:192.0.2.1
}

func ExampleInFlight() {
	parallel, _ := limit.NewInFlight("parallel", 1)
	first, second := parallel.Enter("alice"), parallel.Enter("alice")
	fmt.Println(first.Allowed, second.Allowed)
	parallel.Leave("alice")
	fmt.Println(parallel.Enter("alice").Allowed)
	// Output:
	// true false
	// true
}
