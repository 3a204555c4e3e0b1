package limit

import (
	"context"
	"hash/maphash"
	"math/bits"
	"sync"
	"sync/atomic"
	"time"
)

// Memory is a [Store] in the memory of one process, for one limiter. It holds a limited number of
// keys. When it is full, the key whose quotas are whole again makes room; only if
// there is none, the one that is next to be so, and what it owes is forgotten.
//
// Of a key it holds a digest of 64 bits, seeded at random: neither long keys nor
// secrets are kept. That any two of a million keys share a quota has a chance of
// one in thirty million.
type Memory struct {
	// Now is the clock, [time.Now] if nil. Set it before the first use.
	Now func() time.Time

	start  time.Time
	seed   maphash.Seed
	shards []shard // a power of two
	taken  atomic.Bool
}

// Keys spread evenly over few large shards, not over many small ones.
const (
	keysPerShard = 1 << 10
	maxShards    = 1 << 8
)

// NewMemory returns a store for that many keys, at least one, and a few more. Each
// takes about 50 bytes from the time when it is first seen, with several policies
// about 100.
func NewMemory(keys int) *Memory {
	keys = max(keys, 1)
	n := max(1, min(keys/keysPerShard, maxShards))
	n = 1 << (bits.Len(uint(n)) - 1)
	m := &Memory{start: time.Now(), seed: maphash.MakeSeed(), shards: make([]shard, n)}
	for i := range m.shards {
		m.shards[i].max = (keys + n - 1) / n
		if n > 1 { // keys do not spread quite evenly
			m.shards[i].max += m.shards[i].max / 8
		}
	}
	return m
}

// Take implements [Store]. It returns no error.
func (m *Memory) Take(_ context.Context, key string, cost int64, policies []Policy) (State, error) {
	var now time.Duration
	if m.Now == nil {
		now = time.Since(m.start)
	} else {
		now = m.Now().Sub(m.start)
	}
	id := max(1, maphash.String(m.seed, key))
	s := &m.shards[id&uint64(len(m.shards)-1)]
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.take(now, id, cost, policies), nil
}

// Len returns how many keys are held.
func (m *Memory) Len() int {
	n := 0
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		n += s.keys.used
		s.mu.Unlock()
	}
	return n
}

// shard is a part of the keys under one lock. Times are counted from the start
// of the store.
//
// The heap finds the key that is next to be whole. Its times are those of when
// they were last looked at: a charge does not touch the heap. As a charge only
// ever puts the time off, they are too early at worst, and setting the first one
// right until it stays the first gives the true minimum.
type shard struct {
	mu   sync.Mutex
	max  int
	keys table
	heap []due
}

// due says when a key was to be whole when it was last looked at.
type due struct {
	at time.Duration
	id uint64
}

func (s *shard) take(now time.Duration, id uint64, cost int64, policies []Policy) State {
	var state State
	var after [MaxPolicies]time.Duration
	state.Taken = true
	at, known := s.keys.find(id)
	for i := range policies {
		interval := policies[i].Interval()
		whole := time.Duration(policies[i].Quota) * interval
		if known {
			state.Debts[i] = min(max(s.keys.whole(at, i)-now, 0), whole)
		}
		after[i] = state.Debts[i] + time.Duration(cost)*interval
		if after[i] > whole {
			state.Taken = false
		}
	}
	if !state.Taken || cost == 0 {
		return state
	}
	state.Debts = after
	if !known {
		if s.keys.used >= s.max {
			s.drop()
		}
		at = s.keys.add(id)
	}
	for i := range policies {
		s.keys.set(at, i, now+after[i])
	}
	if !known {
		s.push(due{s.keys.due(at), id})
	}
	return state
}

// drop forgets the key that is the next to be whole, or was the first to be.
func (s *shard) drop() {
	for {
		first := &s.heap[0]
		at, _ := s.keys.find(first.id)
		whole := s.keys.due(at)
		if whole == first.at {
			break
		}
		first.at = whole
		s.sink()
	}
	s.keys.remove(s.heap[0].id)
	last := len(s.heap) - 1
	s.heap[0] = s.heap[last]
	s.heap = s.heap[:last]
	s.sink()
}

// push adds to the heap.
func (s *shard) push(d due) {
	s.heap = append(s.heap, d)
	for i := len(s.heap) - 1; i > 0; {
		parent := (i - 1) / 2
		if s.heap[parent].at <= s.heap[i].at {
			break
		}
		s.heap[parent], s.heap[i] = s.heap[i], s.heap[parent]
		i = parent
	}
}

// sink moves the first of the heap to where it belongs.
func (s *shard) sink() {
	for i := 0; ; {
		child := 2*i + 1
		if child >= len(s.heap) {
			return
		}
		if right := child + 1; right < len(s.heap) && s.heap[right].at < s.heap[child].at {
			child = right
		}
		if s.heap[i].at <= s.heap[child].at {
			return
		}
		s.heap[i], s.heap[child] = s.heap[child], s.heap[i]
		i = child
	}
}
