package limit

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// TestEviction fills a store: who is whole again makes room, and if nobody is, who
// owes least.
func TestEviction(t *testing.T) {
	now := time.Now()
	m := NewMemory(3)
	m.Now = func() time.Time { return now }
	limiter := mustNew(t, Options{Store: m}, Policy{Name: "a", Quota: 10, Window: 10 * time.Second})
	spend := func(key string, cost int64) {
		t.Helper()
		decision, err := limiter.Allow(t.Context(), key, cost)
		if err != nil || !decision.Allowed {
			t.Fatalf("%s: %+v, %v", key, decision, err)
		}
	}
	left := func(key string) int64 {
		t.Helper()
		decision, err := limiter.Allow(t.Context(), key, 0)
		if err != nil {
			t.Fatal(err)
		}
		for s := range decision.All() {
			return s.Remaining
		}
		return -1
	}
	spend("early", 1)
	spend("busy", 1)
	spend("other", 5)
	spend("busy", 9) // the first in the heap no longer
	spend("new", 4)  // nobody is whole: early owes least
	if got, want := left("early"), int64(10); got != want {
		t.Errorf("early: %d left, want %d", got, want)
	}
	now = now.Add(4 * time.Second) // new is whole
	spend("newer", 1)
	for key, want := range map[string]int64{"busy": 4, "other": 9, "newer": 9, "new": 10} {
		if got := left(key); got != want {
			t.Errorf("%s: %d left, want %d", key, got, want)
		}
	}
	if m.Len() != 3 {
		t.Errorf("%d keys, want 3", m.Len())
	}
}

// TestMemoryBound holds that the number of keys is bounded, and that busy keys
// outlive a flood of others.
func TestMemoryBound(t *testing.T) {
	const keys = 10_000
	m := NewMemory(keys)
	limiter := mustNew(t, Options{Store: m}, Policy{Name: "a", Quota: 10, Window: time.Hour})
	if decision, err := limiter.Allow(t.Context(), "busy", 10); err != nil || !decision.Allowed {
		t.Fatal(decision, err)
	}
	for i := range 10 * keys {
		if _, err := limiter.Allow(t.Context(), strconv.Itoa(i), 1); err != nil {
			t.Fatal(err)
		}
	}
	if decision, err := limiter.Allow(t.Context(), "busy", 1); err != nil || decision.Allowed {
		t.Errorf("the flood gave a busy key its quota back: %v", err)
	}
	if got := m.Len(); got < keys || got > keys*5/4 {
		t.Errorf("%d keys, want %d and a few more", got, keys)
	}
}

// TestClockSetBack holds that a clock that goes back gives nobody more, and makes
// nobody wait longer than a window.
func TestClockSetBack(t *testing.T) {
	now := time.Now()
	m := NewMemory(3)
	m.Now = func() time.Time { return now }
	limiter := mustNew(t, Options{Store: m}, Policy{Name: "a", Quota: 1, Window: time.Second})
	for range 2 {
		decision, err := limiter.Allow(t.Context(), "k", 1)
		if err != nil {
			t.Fatal(err)
		}
		if wait := decision.RetryAfter; wait > time.Second {
			t.Errorf("a wait of %v", wait)
		}
		now = now.Add(-time.Hour)
	}
}

// TestNoAllocations holds that a decision on a known key allocates nothing.
func TestNoAllocations(t *testing.T) {
	limiter := mustNew(t, Options{},
		Policy{Name: "second", Quota: 10, Window: time.Second},
		Policy{Name: "day", Quota: 10_000, Window: 24 * time.Hour})
	got := testing.AllocsPerRun(1000, func() {
		if _, err := limiter.Allow(t.Context(), "k", 1); err != nil {
			t.Error(err)
		}
	})
	if got != 0 {
		t.Errorf("%v allocations", got)
	}
}

// TestTable holds the table to a map over random changes.
func TestTable(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var got table
	want := map[uint64][2]time.Duration{} // of the first policy and the last
	for i := range 100_000 {
		id := random.Uint64N(100)<<32 | 1 + random.Uint64N(3) // close homes: many meet
		_, known := want[id]
		at, ok := got.find(id)
		if ok != known {
			t.Fatalf("id %x: found %v, want %v", id, ok, known)
		}
		if known {
			held := [2]time.Duration{got.whole(at, 0), got.whole(at, MaxPolicies-1)}
			if held != want[id] || got.due(at) != max(held[0], held[1]) {
				t.Fatalf("id %x: got %v, due %v, want %v", id, held, got.due(at), want[id])
			}
		}
		switch {
		case !known:
			at := got.add(id)
			due := [2]time.Duration{time.Duration(random.Int64())}
			got.set(at, 0, due[0])
			if i > 100 { // one policy is all there is, at first
				due[1] = time.Duration(random.Int64())
				got.set(at, MaxPolicies-1, due[1])
			}
			want[id] = due
		case random.IntN(2) == 0:
			delete(want, id)
			got.remove(id)
		}
		if got.used != len(want) {
			t.Fatalf("%d used, want %d", got.used, len(want))
		}
	}
}

// BenchmarkAllow decides on a million known keys in random order. The key itself
// is in the cache, as that of a request would be.
func BenchmarkAllow(b *testing.B) {
	const n = 1_000_000
	text := make([]byte, 0, n*16)
	for _, i := range rand.Perm(n) {
		text = fmt.Appendf(text, "principal:%06d", i)
	}
	keys := make([]string, n)
	for i, all := 0, string(text); i < n; i++ {
		keys[i] = all[i*16 : i*16+16]
	}
	for _, bench := range []struct {
		name     string
		policies []Policy
	}{
		{"one policy", []Policy{{Name: "minute", Quota: 100, Window: time.Minute}}},
		{"three policies", []Policy{
			{Name: "second", Quota: 10, Window: time.Second},
			{Name: "minute", Quota: 100, Window: time.Minute},
			{Name: "day", Quota: 10_000, Window: 24 * time.Hour},
		}},
	} {
		limiter, err := New(Options{Store: NewMemory(n)}, bench.policies...)
		if err != nil {
			b.Fatal(err)
		}
		allow := func(i int) {
			if _, err := limiter.Allow(b.Context(), keys[i%n], 1); err != nil {
				b.Error(err)
			}
		}
		for _, i := range rand.Perm(n) {
			allow(i)
		}
		b.Run(bench.name+"/serial", func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				allow(i)
			}
		})
		b.Run(bench.name+"/parallel", func(b *testing.B) {
			b.ReportAllocs()
			var workers atomic.Int64
			b.RunParallel(func(pb *testing.PB) {
				for i := int(workers.Add(1)) * n / 3; pb.Next(); i++ {
					allow(i)
				}
			})
		})
	}
}
