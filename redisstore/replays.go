package redisstore

import (
	"context"
	"errors"
	"fmt"
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

	reserve, save, release *redis.Script
}

// The scripts say nothing of a key that has a value of another. A try that was
// carried out but not heard of may be made once more.
const (
	reserve = `
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then
  return held
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return false`

	save = `
local held = redis.call('GET', KEYS[1])
if not held or held == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
return 1`

	release = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
return 1`
)

// NewReplays returns a store that keeps its keys under names with that prefix. The
// client is as in [NewQuotas].
func NewReplays(client redis.UniversalClient, prefix string) (*Replays, error) {
	if err := check(client); err != nil {
		return nil, fmt.Errorf("making a store of replays: %w", err)
	}
	return &Replays{
		client: client, prefix: prefix,
		reserve: redis.NewScript(reserve), save: redis.NewScript(save), release: redis.NewScript(release),
	}, nil
}

// Reserve stores a claim under a key that has no value, for some time, and returns
// nil; or it returns the value that is there.
func (s *Replays) Reserve(ctx context.Context, key string, claim []byte, keep time.Duration) ([]byte, error) {
	ctx, cancel := within(ctx, s.Timeout)
	defer cancel()
	held, err := s.reserve.Run(ctx, s.client, []string{s.prefix + key}, claim, milliseconds(keep)).Text()
	switch {
	case errors.Is(err, redis.Nil):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reserving in Redis: %w", err)
	}
	return []byte(held), nil
}

// Save stores a value under a key that has the claim, or no value any more, for
// some time.
func (s *Replays) Save(ctx context.Context, key string, claim, value []byte, keep time.Duration) error {
	ctx, cancel := within(ctx, s.Timeout)
	defer cancel()
	if err := s.save.Run(ctx, s.client, []string{s.prefix + key}, claim, value, milliseconds(keep)).Err(); err != nil {
		return fmt.Errorf("saving to Redis: %w", err)
	}
	return nil
}

// Release forgets a key that has the claim.
func (s *Replays) Release(ctx context.Context, key string, claim []byte) error {
	ctx, cancel := within(ctx, s.Timeout)
	defer cancel()
	if err := s.release.Run(ctx, s.client, []string{s.prefix + key}, claim).Err(); err != nil {
		return fmt.Errorf("releasing in Redis: %w", err)
	}
	return nil
}

// milliseconds returns a time in whole ones, rounded up, as Redis counts.
func milliseconds(d time.Duration) int64 {
	return int64((d + time.Millisecond - 1) / time.Millisecond)
}
