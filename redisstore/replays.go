package redisstore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Replays keeps the answers to requests with an Idempotency-Key: it is a
// respond.ReplayStore that many processes share. It is safe for concurrent use.
// What a Redis forgets when it is killed can run twice: keep it durable
// (appendonly yes, appendfsync always).
type Replays struct {
	// Timeout is how long a call may take with all tries; 0 is 250 ms. Set it
	// before the first use.
	Timeout time.Duration

	client redis.UniversalClient
	prefix string
	script *redis.Script
}

// reserve sets a value where there is none, or returns the one that is there.
const reserve = `
local held = redis.call('GET', KEYS[1])
if not held then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return held`

// NewReplays returns a store that keeps its keys under names with that prefix. The
// client is as in [NewQuotas].
func NewReplays(client redis.UniversalClient, prefix string) (*Replays, error) {
	if err := check(client); err != nil {
		return nil, fmt.Errorf("making a store of replays: %w", err)
	}
	return &Replays{client: client, prefix: prefix, script: redis.NewScript(reserve)}, nil
}

// A value in Redis begins with a mark of who wrote it, so that a caller whose first
// try was carried out but not heard of knows its own value again.
const markLength = 26

// Reserve stores a value under a key that has none, for some time, and returns
// nil; or it returns the value that is there.
func (s *Replays) Reserve(ctx context.Context, key string, value []byte, keep time.Duration) ([]byte, error) {
	ctx, cancel := within(ctx, s.Timeout)
	defer cancel()
	mark := rand.Text()
	held, err := s.script.Run(ctx, s.client, []string{s.prefix + key}, mark+string(value), milliseconds(keep)).Text()
	switch {
	case errors.Is(err, redis.Nil):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reserving in Redis: %w", err)
	case strings.HasPrefix(held, mark):
		return nil, nil
	case len(held) < markLength:
		return nil, errors.New("reserving in Redis: the value there is none of ours")
	}
	return []byte(held[markLength:]), nil
}

// Save replaces the value of a key, for some time.
func (s *Replays) Save(ctx context.Context, key string, value []byte, keep time.Duration) error {
	ctx, cancel := within(ctx, s.Timeout)
	defer cancel()
	if err := s.client.Set(ctx, s.prefix+key, rand.Text()+string(value), keep).Err(); err != nil {
		return fmt.Errorf("saving to Redis: %w", err)
	}
	return nil
}

// Release forgets a key.
func (s *Replays) Release(ctx context.Context, key string) error {
	ctx, cancel := within(ctx, s.Timeout)
	defer cancel()
	if err := s.client.Del(ctx, s.prefix+key).Err(); err != nil {
		return fmt.Errorf("releasing in Redis: %w", err)
	}
	return nil
}

// milliseconds returns a time in whole ones, rounded up, as Redis counts.
func milliseconds(d time.Duration) int64 {
	return int64((d + time.Millisecond - 1) / time.Millisecond)
}
