package redisstore

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/statute-http/statute/limit"
)

//go:embed quotas.lua
var source string

// Quotas is a [limit.Store] that many processes share. It is safe for concurrent
// use. Set its fields before the first use.
type Quotas struct {
	// Timeout is how long a decision may take with all tries; 0 is 250 ms.
	Timeout time.Duration

	// Durable says that Redis never forgets: each write is on disk before it is
	// answered (appendonly yes, appendfsync always). What is found after a restart
	// is then taken as it is. If it is false, the user must be allowed the command
	// INFO, which tells of restarts and is about a third of what a decision costs.
	Durable bool

	client redis.Scripter
	prefix string
	script *redis.Script
	first  atomic.Pointer[contact]
}

// contact is what the first answer told: which run of which server it came from,
// and when, by Redis's clock in microseconds.
type contact struct {
	run string
	at  int64
}

// NewQuotas returns a store that keeps its keys under names with that prefix, one
// prefix for each limiter. The client is a [*redis.Client] or a
// [*redis.ClusterClient] with ContextTimeoutEnabled: another would make requests
// wait for longer than they may, or forget quotas when a server is missing.
func NewQuotas(client redis.UniversalClient, prefix string) (*Quotas, error) {
	if err := check(client); err != nil {
		return nil, fmt.Errorf("making a store of quotas: %w", err)
	}
	return &Quotas{client: client, prefix: prefix, script: redis.NewScript(source)}, nil
}

// Take implements [limit.Store].
func (q *Quotas) Take(ctx context.Context, key string, cost int64, policies []limit.Policy) (limit.State, error) {
	ctx, cancel := within(ctx, q.Timeout)
	defer cancel()

	args := make([]any, 0, 4+3*limit.MaxPolicies)
	args = append(args, cost)
	switch first := q.first.Load(); {
	case q.Durable:
		args = append(args, "durable", "", 0)
	case first == nil:
		args = append(args, "new", "", 0)
	default:
		args = append(args, "known", first.run, first.at)
	}
	for i := range policies {
		p := &policies[i]
		args = append(args, p.Name, int64(p.Interval()), int64(p.Whole()))
	}
	reply, err := q.script.Run(ctx, q.client, []string{q.prefix + key}, args...).Slice()
	if err != nil {
		return limit.State{}, fmt.Errorf("taking quota from Redis: %w", err)
	}
	state, answered, ok := parse(reply, len(policies))
	if !ok {
		return limit.State{}, fmt.Errorf("taking quota from Redis: unexpected answer of %d elements", len(reply))
	}
	if answered.run == "" && !q.Durable {
		return limit.State{}, errors.New("taking quota from Redis: the user may not call INFO, which tells of restarts: allow it, or make Redis durable and say so")
	}
	q.first.CompareAndSwap(nil, &answered)
	return state, nil
}

// parse reads the answer of the script: whether the key was charged, the run of
// the server, its time, and a debt for each policy.
func parse(reply []any, policies int) (state limit.State, answered contact, ok bool) {
	if len(reply) != 3+policies {
		return state, answered, false
	}
	taken, isTaken := reply[0].(int64)
	run, isRun := reply[1].(string)
	at, isTime := reply[2].(int64)
	ok = isTaken && isRun && isTime
	for i, element := range reply[3:] {
		debt, isDebt := element.(int64)
		ok = ok && isDebt
		state.Debts[i] = time.Duration(debt)
	}
	state.Taken = taken == 1
	return state, contact{run, at}, ok
}
