package limit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func mustNew(t *testing.T, options Options, policies ...Policy) *Limiter {
	t.Helper()
	l, err := New(options, policies...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// queue is another way to say what a policy gives: each unit that was taken waits
// in a queue to come back, and they come back one at a time, one an interval.
type queue struct {
	policy Policy
	back   []time.Time // when, for those that are out
}

func (q *queue) remaining(now time.Time) int64 {
	for len(q.back) > 0 && !q.back[0].After(now) {
		q.back = q.back[1:]
	}
	return q.policy.Quota - int64(len(q.back))
}

func (q *queue) take(now time.Time, n int64) {
	for range n {
		last := now
		if len(q.back) > 0 {
			last = q.back[len(q.back)-1]
		}
		q.back = append(q.back, last.Add(q.policy.Interval()))
	}
}

// TestModel holds a limiter to the queues over random traces: each decision, what
// is left, and the wait to the nanosecond.
func TestModel(t *testing.T) {
	for seed := range uint64(200) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			policies := make([]Policy, 1+random.IntN(MaxPolicies))
			for i := range policies {
				policies[i] = Policy{
					Name:   strconv.Itoa(i),
					Quota:  1 + random.Int64N(20),
					Window: time.Second + time.Duration(random.Int64N(int64(10*time.Second))),
				}
			}
			limiter := mustNew(t, Options{Store: NewMemory(3)}, policies...)
			var model [3][MaxPolicies]queue // by key, by policy
			for k := range model {
				for i := range policies {
					model[k][i].policy = policies[i]
				}
			}
			for step := range 300 {
				k := random.IntN(len(model))
				queues := model[k][:len(policies)]
				cost := random.Int64N(1 + min(4, limiter.least))
				now := time.Now()
				want := true
				for i := range queues {
					want = want && queues[i].remaining(now) >= cost
				}
				decision, err := limiter.Allow(t.Context(), strconv.Itoa(k), cost)
				if err != nil {
					t.Fatal(err)
				}
				if decision.Allowed != want {
					t.Fatalf("seed %d, step %d: allowed is %v, want %v (%+v)", seed, step, decision.Allowed, want, policies)
				}
				if want {
					for i := range queues {
						queues[i].take(now, cost)
					}
				} else if wait := lastWait(queues, now, cost); decision.RetryAfter != wait {
					t.Fatalf("seed %d, step %d: retry after %v, want %v", seed, step, decision.RetryAfter, wait)
				}
				i := 0
				for s := range decision.All() {
					if left := queues[i].remaining(now); s.Remaining != left {
						t.Fatalf("seed %d, step %d: %d left of %s, want %d", seed, step, s.Remaining, s.Policy.Name, left)
					}
					i++
				}
				switch random.IntN(4) {
				case 0:
					time.Sleep(time.Duration(random.Int64N(int64(time.Second))))
				case 1:
					time.Sleep(decision.RetryAfter) // not a nanosecond more than told
				case 2:
					time.Sleep(max(0, decision.RetryAfter-1))
				}
			}
		})
	}
}

// lastWait returns when the queues have enough for a request.
func lastWait(queues []queue, now time.Time, cost int64) time.Duration {
	var wait time.Duration
	for _, q := range queues {
		if lacking := cost - q.remaining(now); lacking > 0 {
			wait = max(wait, q.back[lacking-1].Sub(now))
		}
	}
	return wait
}

// TestConcurrent spends quotas from many goroutines: exactly as much passes as
// there is.
func TestConcurrent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const keys, callers, quota = 10, 16, 100
		limiter := mustNew(t, Options{},
			Policy{Name: "minute", Quota: quota, Window: time.Minute},
			Policy{Name: "hour", Quota: 150, Window: time.Hour})
		var passed [keys]atomic.Int64
		var group sync.WaitGroup
		spend := func() {
			for range callers {
				group.Go(func() {
					for i := range keys * quota {
						decision, err := limiter.Allow(t.Context(), strconv.Itoa(i%keys), 1)
						if err != nil {
							t.Error(err)
						}
						if decision.Allowed {
							passed[i%keys].Add(1)
						}
					}
				})
			}
			group.Wait()
		}
		for _, want := range []int64{quota, 152, 155} { // of the hour's, 1 comes back in 24 s
			spend()
			for k := range passed {
				if got := passed[k].Load(); got != want {
					t.Errorf("key %d: %d passed, want %d", k, got, want)
				}
			}
			time.Sleep(time.Minute)
		}
	})
}

// TestAllOrNothing holds that a refusal by one policy takes nothing from another.
func TestAllOrNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := mustNew(t, Options{},
			Policy{Name: "large", Quota: 10, Window: time.Hour},
			Policy{Name: "small", Quota: 1, Window: time.Second})
		for range 5 {
			if _, err := limiter.Allow(t.Context(), "k", 1); err != nil {
				t.Fatal(err)
			}
		}
		decision, err := limiter.Allow(t.Context(), "k", 1)
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for s := range decision.All() {
			got = append(got, s.Remaining)
		}
		if diff := cmp.Diff([]int64{9, 0}, got); diff != "" {
			t.Errorf("remaining (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"small"}, decision.Violated()); diff != "" {
			t.Errorf("violated (-want +got):\n%s", diff)
		}
	})
}

func TestCost(t *testing.T) {
	limiter := mustNew(t, Options{},
		Policy{Name: "large", Quota: 10, Window: time.Hour},
		Policy{Name: "small", Quota: 5, Window: time.Hour})
	_, err := limiter.Allow(t.Context(), "k", 6)
	var refused *CostError
	if !errors.As(err, &refused) || refused.Policy.Name != "small" || refused.Cost != 6 {
		t.Errorf("a cost above the quota: %v", err)
	}
	if _, err := limiter.Allow(t.Context(), "k", -1); err == nil {
		t.Error("a cost below zero is no error")
	}
	for range 2 {
		decision, err := limiter.Allow(t.Context(), "k", 5)
		if err != nil {
			t.Fatal(err)
		}
		looked, err := limiter.Allow(t.Context(), "k", 0)
		if err != nil || !looked.Allowed || looked.RetryAfter != 0 {
			t.Errorf("a cost of nothing: %+v, %v after %+v", looked, err, decision)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	ok := Policy{Name: "ok", Quota: 1, Window: time.Second}
	five := make([]Policy, 5)
	for i := range five {
		five[i] = ok
		five[i].Name = strconv.Itoa(i)
	}
	for _, test := range []struct {
		name     string
		policies []Policy
		want     string
	}{
		{"none", nil, "no policy"},
		{"too many", five, "want at most 4"},
		{"no name", []Policy{{Quota: 1, Window: time.Second}}, "name"},
		{"quote", []Policy{{Name: `a"b`, Quota: 1, Window: time.Second}}, "name"},
		{"line break", []Policy{{Name: "a\r\nb", Quota: 1, Window: time.Second}}, "name"},
		{"not ASCII", []Policy{{Name: "ü", Quota: 1, Window: time.Second}}, "name"},
		{"unit", []Policy{{Name: "a", Quota: 1, Window: time.Second, Unit: "\n"}}, "unit"},
		{"twice", []Policy{ok, ok}, "twice"},
		{"no quota", []Policy{{Name: "a", Window: time.Second}}, "quota"},
		{"no window", []Policy{{Name: "a", Quota: 1}}, "window"},
		{"endless", []Policy{{Name: "a", Quota: 1, Window: 1 << 62}}, "window"},
		{"too fine", []Policy{{Name: "a", Quota: 1e8, Window: time.Second}}, "larger"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := New(Options{}, test.policies...)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}

// flaky is a store that fails while it is told to.
type flaky struct {
	Memory *Memory
	fails  atomic.Bool
	asked  atomic.Int64
	hold   chan struct{} // if not nil, Take waits for it
}

func (f *flaky) Take(ctx context.Context, key string, cost int64, policies []Policy) (State, error) {
	f.asked.Add(1)
	if f.hold != nil {
		<-f.hold
	}
	if f.fails.Load() {
		return State{}, errors.New("dial tcp: refused")
	}
	return f.Memory.Take(ctx, key, cost, policies)
}

// TestOutage holds what passes while a store fails, and that the log hears of
// each outage once.
func TestOutage(t *testing.T) {
	for _, open := range []bool{false, true} {
		t.Run(fmt.Sprintf("open=%v", open), func(t *testing.T) {
			var log strings.Builder
			store := &flaky{Memory: NewMemory(10)}
			limiter := mustNew(t, Options{Store: store, Open: open, Logger: logger(&log)},
				Policy{Name: "a", Quota: 1, Window: time.Hour})
			for range 2 {
				store.fails.Store(true)
				for range 3 {
					decision, err := limiter.Allow(t.Context(), "k", 1)
					if open && (err != nil || !decision.Allowed) {
						t.Errorf("open: %+v, %v", decision, err)
					}
					if !open && (!errors.Is(err, ErrUnavailable) || decision.Allowed) {
						t.Errorf("closed: %+v, %v", decision, err)
					}
					if err != nil && strings.Contains(err.Error(), "dial") {
						t.Errorf("the error tells of the store: %v", err)
					}
				}
				store.fails.Store(false)
				if _, err := limiter.Allow(t.Context(), "k", 1); err != nil {
					t.Error(err)
				}
			}
			want := fmt.Sprintf("level=ERROR msg=\"quota store failed\" error=\"dial tcp: refused\" open=%v\nlevel=INFO msg=\"quota store is back\"\n", open)
			if diff := cmp.Diff(want+want, log.String()); diff != "" {
				t.Errorf("log (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOutageDoesNotQueue holds that one request at a time waits for a store that
// is down.
func TestOutageDoesNotQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &flaky{Memory: NewMemory(10)}
		store.fails.Store(true)
		limiter := mustNew(t, Options{Store: store}, Policy{Name: "a", Quota: 1, Window: time.Hour})
		allow := func() {
			if _, err := limiter.Allow(t.Context(), "k", 1); !errors.Is(err, ErrUnavailable) {
				t.Errorf("got %v", err)
			}
		}
		allow()
		store.hold = make(chan struct{})
		go allow()
		synctest.Wait()
		for range 10 {
			allow()
		}
		close(store.hold)
		synctest.Wait()
		if got := store.asked.Load(); got != 2 {
			t.Errorf("the store was asked %d times, want 2", got)
		}
	})
}

// TestCallerGone holds that a caller who gave up is no outage.
func TestCallerGone(t *testing.T) {
	var log strings.Builder
	store := &flaky{Memory: NewMemory(10)}
	store.fails.Store(true)
	limiter := mustNew(t, Options{Store: store, Open: true, Logger: logger(&log)}, Policy{Name: "a", Quota: 1, Window: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := limiter.Allow(ctx, "k", 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if log.Len() > 0 {
		t.Errorf("logged: %s", log.String())
	}
}

// logger writes records without their times.
func logger(w *strings.Builder) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
}

// TestStoreOfAnother holds that two limiters do not charge the same keys.
func TestStoreOfAnother(t *testing.T) {
	store := NewMemory(10)
	minute := Policy{Name: "minute", Quota: 1, Window: time.Minute}
	if _, err := New(Options{Store: store}, Policy{}); err == nil {
		t.Error("no error for a policy that makes no sense")
	}
	for _, want := range []bool{true, false} {
		if _, err := New(Options{Store: store}, minute); (err == nil) != want {
			t.Errorf("got %v", err)
		}
	}
}
