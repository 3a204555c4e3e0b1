package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/didip/tollbooth/v7"
	"github.com/go-chi/httprate"
	"github.com/sethvargo/go-limiter/memorystore"
	ulule "github.com/ulule/limiter/v3"
	"github.com/ulule/limiter/v3/drivers/store/memory"
	"golang.org/x/time/rate"

	"github.com/statute-http/statute/limit"
)

// BenchmarkLimit measures a decision with a million keys that have been seen
// before, 100 requests a minute for each.
func BenchmarkLimit(b *testing.B) {
	const n = 1_000_000
	text := make([]byte, 0, n*16) // one text, so that reading a key costs as little as in a request
	for _, i := range rand.Perm(n) {
		text = fmt.Appendf(text, "principal:%06d", i)
	}
	keys := make([]string, n)
	for i, all := 0, string(text); i < n; i++ {
		keys[i] = all[i*16 : i*16+16]
	}
	ctx := context.Background()
	for _, l := range []struct {
		name string
		make func(b *testing.B) func(key string)
	}{
		{"statute", func(b *testing.B) func(string) {
			l, err := limit.New(limit.Options{Store: limit.NewMemory(n)}, limit.Policy{Name: "minute", Quota: 100, Window: time.Minute})
			if err != nil {
				b.Fatal(err)
			}
			return func(key string) { _, _ = l.Allow(ctx, key, 1) }
		}},
		{"x-time-rate", func(*testing.B) func(string) {
			var mu sync.Mutex // as in the many examples with a map by address
			limiters := map[string]*rate.Limiter{}
			return func(key string) {
				mu.Lock()
				l, ok := limiters[key]
				if !ok {
					l = rate.NewLimiter(rate.Every(time.Minute/100), 100)
					limiters[key] = l
				}
				mu.Unlock()
				l.Allow()
			}
		}},
		{"httprate", func(*testing.B) func(string) {
			l := httprate.NewRateLimiter(100, time.Minute)
			return func(key string) { // what its Handler does, but for the fields
				if allowed, _, err := l.Status(key); allowed && err == nil {
					_ = l.Counter().Increment(key, time.Now().UTC().Truncate(time.Minute))
				}
			}
		}},
		{"ulule", func(*testing.B) func(string) {
			l := ulule.New(memory.NewStore(), ulule.Rate{Period: time.Minute, Limit: 100})
			return func(key string) { _, _ = l.Get(ctx, key) }
		}},
		{"tollbooth", func(*testing.B) func(string) {
			l := tollbooth.NewLimiter(100.0/60, nil).SetBurst(100)
			return func(key string) { l.LimitReached(key) }
		}},
		{"sethvargo", func(b *testing.B) func(string) {
			s, err := memorystore.New(&memorystore.Config{Tokens: 100, Interval: time.Minute})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = s.Close(ctx) })
			return func(key string) { _, _, _, _, _ = s.Take(ctx, key) }
		}},
	} {
		allow := l.make(b)
		for _, key := range keys {
			allow(key)
		}
		b.Run("callers=1/of="+l.name, func(b *testing.B) {
			b.ReportAllocs()
			defer cpu(b)()
			i := 0
			for b.Loop() {
				allow(keys[i%n])
				i++
			}
		})
		b.Run("callers=many/of="+l.name, func(b *testing.B) {
			b.ReportAllocs()
			defer cpu(b)()
			var callers atomic.Int64
			b.RunParallel(func(pb *testing.PB) {
				for i := int(callers.Add(1)) * n / 16; pb.Next(); i++ {
					allow(keys[i%n])
				}
			})
		})
	}
}
