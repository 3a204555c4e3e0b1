package redisstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/statute-http/statute/limit"
)

var hour = limit.Policy{Name: "hour", Quota: 100, Window: time.Hour}

func newQuotas(t testing.TB, client redis.UniversalClient) *Quotas {
	t.Helper()
	q, err := NewQuotas(client, "test:")
	if err != nil {
		t.Fatal(err)
	}
	q.Timeout = 5 * time.Second // the machine may be busy; tests of time set their own
	return q
}

func newLimiter(t testing.TB, store limit.Store, policies ...limit.Policy) *limit.Limiter {
	t.Helper()
	l, err := limit.New(limit.Options{Store: store}, policies...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func allow(t testing.TB, l *limit.Limiter, key string, cost int64) limit.Decision {
	t.Helper()
	decision, err := l.Allow(t.Context(), key, cost)
	if err != nil {
		t.Fatal(err)
	}
	return decision
}

func remaining(d limit.Decision) []int64 {
	var all []int64
	for s := range d.All() {
		all = append(all, s.Remaining)
	}
	return all
}

// TestLikeMemory makes the same requests of Redis and of memory, whose clock is
// set to Redis's at each step: debts, decisions and waits are the same.
func TestLikeMemory(t *testing.T) {
	s := start(t)
	store := newQuotas(t, s.client())
	memory := limit.NewMemory(10)
	policies := []limit.Policy{
		{Name: "at", Quota: 7, Window: time.Second}, // the name of a field of ours
		{Name: "minute", Quota: 11, Window: time.Minute},
		{Name: "long", Quota: 13, Window: limit.MaxWindow},
	}
	for step := range 500 {
		key, cost := strconv.Itoa(step%3), int64(step%4)
		got, err := store.Take(t.Context(), key, cost, policies)
		if err != nil {
			t.Fatal(err)
		}
		at := serverTime(t, s, "test:"+key)
		if !got.Taken || cost == 0 {
			continue // nothing was written that tells when
		}
		memory.Now = func() time.Time { return at }
		want, err := memory.Take(t.Context(), key, cost, policies)
		if err != nil || got != want {
			t.Fatalf("step %d: got %+v, want %+v, %v", step, got, want, err)
		}
	}
}

// serverTime returns when the hash of a key was written.
func serverTime(t *testing.T, s *server, name string) time.Time {
	t.Helper()
	at, err := s.client().HGet(t.Context(), name, "at").Int64()
	if err != nil && !errors.Is(err, redis.Nil) {
		t.Fatal(err)
	}
	return time.UnixMicro(at)
}

// TestShared spends a quota through two stores at once: exactly as much passes as
// there is.
func TestShared(t *testing.T) {
	s := start(t)
	limiters := []*limit.Limiter{
		newLimiter(t, newQuotas(t, s.client()), hour),
		newLimiter(t, newQuotas(t, s.client()), hour),
	}
	var passed atomic.Int64
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 50 {
				decision, err := limiters[i%2].Allow(t.Context(), "k", 1)
				if err != nil {
					t.Error(err)
				}
				if decision.Allowed {
					passed.Add(1)
				}
			}
		})
	}
	group.Wait()
	if got := passed.Load(); got != hour.Quota {
		t.Errorf("%d passed, want %d", got, hour.Quota)
	}
}

func TestAllOrNothing(t *testing.T) {
	s := start(t)
	l := newLimiter(t, newQuotas(t, s.client()), hour, limit.Policy{Name: "small", Quota: 1, Window: time.Hour})
	allow(t, l, "k", 1)
	decision := allow(t, l, "k", 1)
	if got := fmt.Sprint(decision.Allowed, remaining(decision), decision.Violated()); got != "false [99 0] [small]" {
		t.Errorf("got %s", got)
	}
}

// TestRetryAfter holds that a wait is as long as told, by another clock than ours,
// and that nothing is left in Redis once nothing is owed.
func TestRetryAfter(t *testing.T) {
	s := start(t)
	l := newLimiter(t, newQuotas(t, s.client()), limit.Policy{Name: "second", Quota: 5, Window: time.Second})
	allow(t, l, "k", 5)
	decision := allow(t, l, "k", 1)
	if decision.Allowed || decision.RetryAfter <= 0 || decision.RetryAfter > 200*time.Millisecond {
		t.Fatalf("got %+v, want a wait of up to 200ms", decision)
	}
	<-time.After(decision.RetryAfter)
	if decision := allow(t, l, "k", 1); !decision.Allowed {
		t.Errorf("refused after the wait, %v too early", decision.RetryAfter)
	}
	ttl, err := s.client().PTTL(t.Context(), "test:k").Result()
	if err != nil || ttl <= 0 || ttl > time.Second {
		t.Errorf("the key lives for %v, want up to 1s (%v)", ttl, err)
	}
}

// TestNoScript holds that a server that forgot the script learns it again.
func TestNoScript(t *testing.T) {
	s := start(t)
	l := newLimiter(t, newQuotas(t, s.client()), hour)
	allow(t, l, "k", 1)
	s.flush()
	if got := remaining(allow(t, l, "k", 1)); got[0] != 98 {
		t.Errorf("%d left, want 98", got[0])
	}
}

// TestPolicyChanged holds that a policy that became smaller is not owed more than
// all of it, and that a new one begins whole.
func TestPolicyChanged(t *testing.T) {
	s := start(t)
	store := newQuotas(t, s.client())
	allow(t, newLimiter(t, store, hour), "k", 90)
	small := hour
	small.Window = time.Minute
	decision := allow(t, newLimiter(t, store, limit.Policy{Name: "new", Quota: 3, Window: time.Hour}, small), "k", 0)
	if got := fmt.Sprint(remaining(decision)); got != "[3 0]" {
		t.Errorf("left %s, want [3 0]", got)
	}
}

// TestRestart kills the server while quotas are spent, and starts it again: not one
// request more passes than there is quota, and none hangs.
func TestRestart(t *testing.T) {
	for _, test := range []struct {
		name     string
		snapshot bool // made before the load
		durable  bool
		options  []string
	}{
		{name: "nothing kept"},
		{name: "an old snapshot", snapshot: true},
		{name: "everything kept", durable: true, options: []string{"--appendonly", "yes", "--appendfsync", "always"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			const keys, callers = 4, 8
			s := start(t, test.options...)
			var passed [keys]atomic.Int64
			var failed atomic.Int64
			spend := func(l *limit.Limiter, until func() bool) {
				for i := 0; !until(); i++ {
					begun := time.Now()
					decision, err := l.Allow(t.Context(), strconv.Itoa(i%keys), 1)
					switch {
					case errors.Is(err, limit.ErrUnavailable):
						failed.Add(1)
						<-time.After(time.Millisecond)
					case err != nil:
						t.Error(err)
					case decision.Allowed:
						passed[i%keys].Add(1)
					}
					if took := time.Since(begun); took > 4*time.Second { // the machine may be busy
						t.Errorf("a decision took %v", took)
					}
				}
			}
			limiters := make([]*limit.Limiter, 2)
			for i := range limiters {
				q := newQuotas(t, s.client())
				q.Timeout, q.Durable = time.Second, test.durable
				limiters[i] = newLimiter(t, q, hour)
				spend(limiters[i], func() bool { return passed[keys-1].Load() >= int64(10*(i+1)) })
			}
			if test.snapshot {
				if err := s.client().Save(t.Context()).Err(); err != nil {
					t.Fatal(err)
				}
			}
			var done atomic.Bool
			var group sync.WaitGroup
			for i := range callers {
				group.Go(func() { spend(limiters[i%2], done.Load) })
			}
			for passed[0].Load() < hour.Quota/2 {
				<-time.After(time.Millisecond)
			}
			s.kill()
			for failed.Load() < 20 {
				<-time.After(time.Millisecond)
			}
			s.begin()
			for _, l := range limiters { // both are back
				for {
					if _, err := l.Allow(t.Context(), "other", 1); err == nil {
						break
					}
				}
			}
			<-time.After(200 * time.Millisecond)
			done.Store(true)
			group.Wait()
			for k := range passed {
				got := passed[k].Load()
				if got > hour.Quota {
					t.Errorf("key %d: %d passed, want at most %d", k, got, hour.Quota)
				}
				if test.durable && got < hour.Quota-2*callers { // charged, but not heard of; then tried again
					t.Errorf("key %d: %d passed, want about %d", k, got, hour.Quota)
				}
			}
		})
	}
}

// TestFreshServer holds that a server that has only just begun is no reason to
// refuse: there was nothing to forget.
func TestFreshServer(t *testing.T) {
	s := start(t)
	for range 2 {
		if got := remaining(allow(t, newLimiter(t, newQuotas(t, s.client()), hour), "k", 1)); got[0] < 98 {
			t.Errorf("%d left", got[0])
		}
	}
	if got := remaining(allow(t, newLimiter(t, newQuotas(t, s.client()), hour), "another", 1)); got[0] != 99 {
		t.Errorf("%d left, want 99", got[0])
	}
}

// TestForgotten holds what a key gets that a restarted server does not know: what
// has come back since it began.
func TestForgotten(t *testing.T) {
	s := start(t)
	second := limit.Policy{Name: "second", Quota: 10, Window: time.Second}
	l := newLimiter(t, newQuotas(t, s.client()), second)
	allow(t, l, "k", 1)
	s.kill()
	s.begin()
	for {
		if _, err := l.Allow(t.Context(), "k", 0); err == nil {
			break
		}
	}
	decision := allow(t, l, "k", 10)
	if decision.Allowed || decision.RetryAfter > 3*time.Second {
		t.Fatalf("allowed %v, wait %v, want a wait of up to 3s", decision.Allowed, decision.RetryAfter)
	}
	<-time.After(decision.RetryAfter)
	if decision := allow(t, l, "k", 10); !decision.Allowed {
		t.Errorf("refused after the wait, %v too early", decision.RetryAfter)
	}
}

// TestFrozen holds that a server that takes connections but does not answer makes
// nobody wait for longer than the timeout.
func TestFrozen(t *testing.T) {
	s := start(t)
	store := newQuotas(t, s.client())
	l := newLimiter(t, store, hour)
	allow(t, l, "k", 1)
	store.Timeout = 50 * time.Millisecond
	s.signal(syscall.SIGSTOP)
	for range 2 {
		begun := time.Now()
		if _, err := l.Allow(t.Context(), "k", 1); !errors.Is(err, limit.ErrUnavailable) {
			t.Errorf("got %v, want %v", err, limit.ErrUnavailable)
		}
		if took := time.Since(begun); took > 1050*time.Millisecond {
			t.Errorf("took %v", took)
		}
	}
	s.signal(syscall.SIGCONT)
	store.Timeout = 5 * time.Second
	allow(t, l, "k", 1)
}

// TestCluster makes decisions on keys of many slots.
func TestCluster(t *testing.T) {
	port := freePort(t)
	s := start(t, "--bind", "127.0.0.1", "--port", port, "--cluster-port", freePort(t), "--cluster-enabled", "yes")
	if err := s.client().ClusterAddSlotsRange(t.Context(), 0, 16383).Err(); err != nil {
		t.Fatal(err)
	}
	client := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{"127.0.0.1:" + port}, ContextTimeoutEnabled: true})
	defer client.Close()
	for client.Set(t.Context(), "ready", 1, 0).Err() != nil {
		<-time.After(10 * time.Millisecond)
	}
	l := newLimiter(t, newQuotas(t, client), hour, limit.Policy{Name: "day", Quota: 1000, Window: 24 * time.Hour})
	for _, key := range []string{"a", "b", "{a}b", "{", "}{", "", "a b\r\n\x00"} {
		if got := fmt.Sprint(remaining(allow(t, l, key, 1))); got != "[99 999]" {
			t.Errorf("key %q: left %s", key, got)
		}
	}
}

// freePort returns a port that nobody listened on a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func TestNewRefuses(t *testing.T) {
	for _, client := range []redis.UniversalClient{
		redis.NewClient(&redis.Options{}),
		redis.NewClusterClient(&redis.ClusterOptions{}),
		redis.NewRing(&redis.RingOptions{ContextTimeoutEnabled: true}),
	} {
		if _, err := NewQuotas(client, ""); err == nil {
			t.Errorf("%T: no error", client)
		}
		client.Close()
	}
}

// TestForeignKey holds that a name in use for something else is an error.
func TestForeignKey(t *testing.T) {
	s := start(t)
	if err := s.client().Set(t.Context(), "test:k", "text", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := newQuotas(t, s.client()).Take(t.Context(), "k", 1, []limit.Policy{hour}); err == nil {
		t.Error("no error")
	}
}

func TestCallerGone(t *testing.T) {
	s := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l := newLimiter(t, newQuotas(t, s.client()), hour)
	if _, err := l.Allow(ctx, "k", 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// TestWithoutInfo holds that a server which may not tell of restarts is an error,
// unless it forgets nothing.
func TestWithoutInfo(t *testing.T) {
	s := start(t, "--user", "default", "on", "nopass", "~*", "+@all", "-info")
	q := newQuotas(t, s.client())
	if _, err := q.Take(t.Context(), "k", 1, []limit.Policy{hour}); err == nil || !strings.Contains(err.Error(), "INFO") {
		t.Errorf("got %v, want an error that speaks of INFO", err)
	}
	q = newQuotas(t, s.client())
	q.Durable = true
	if state, err := q.Take(t.Context(), "k", 1, []limit.Policy{hour}); err != nil || !state.Taken {
		t.Errorf("durable: got %+v, %v", state, err)
	}
}

func BenchmarkTake(b *testing.B) {
	for _, durable := range []bool{false, true} {
		b.Run(fmt.Sprintf("durable=%v", durable), func(b *testing.B) {
			store := newQuotas(b, start(b).client())
			store.Durable = durable
			l := newLimiter(b, store, hour, limit.Policy{Name: "day", Quota: 1000, Window: 24 * time.Hour})
			b.ReportAllocs()
			var n atomic.Int64
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					allow(b, l, strconv.FormatInt(n.Add(1)%1000, 10), 1)
				}
			})
		})
	}
}
