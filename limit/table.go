package limit

import "time"

// table maps digests of keys to what they owe. Arrays without pointers, probed
// linearly, cost a decision one miss of the cache; a map costs several.
type table struct {
	cells []cell // a power of two, at most three quarters in use
	more  []more // beside the cells; nil as long as one policy is all there is
	used  int
}

// cell holds when the quota of the first policy is whole again. Its id is 0 if it
// is unused.
type cell struct {
	id    uint64
	whole time.Duration
}

// more holds the same for the other policies. It is kept apart because most
// limiters have one policy, and small cells are more often in the cache.
type more [MaxPolicies - 1]time.Duration

const leastCells = 8

// find returns the place of an id, and whether it has one. It is valid until the
// next change.
func (t *table) find(id uint64) (at int, ok bool) {
	if t.used == 0 {
		return 0, false
	}
	at = t.probe(id)
	return at, t.cells[at].id == id
}

// whole returns when the quota of a policy is whole again.
func (t *table) whole(at, policy int) time.Duration {
	switch {
	case policy == 0:
		return t.cells[at].whole
	case t.more == nil:
		return 0
	}
	return t.more[at][policy-1]
}

// set sets when the quota of a policy is whole again.
func (t *table) set(at, policy int, whole time.Duration) {
	if policy == 0 {
		t.cells[at].whole = whole
		return
	}
	if t.more == nil {
		t.more = make([]more, len(t.cells))
	}
	t.more[at][policy-1] = whole
}

// due returns when all quotas of an id that has a place are whole again.
func (t *table) due(at int) time.Duration {
	due := t.cells[at].whole
	if t.more != nil {
		m := &t.more[at]
		due = max(due, m[0], m[1], m[2])
	}
	return due
}

// add returns the place of an id that has none yet.
func (t *table) add(id uint64) (at int) {
	if t.used >= len(t.cells)/4*3 {
		t.grow()
	}
	t.used++
	at = t.probe(id)
	t.cells[at].id = id
	return at
}

func (t *table) grow() {
	old := *t
	t.cells = make([]cell, max(leastCells, 2*len(old.cells)))
	if old.more != nil {
		t.more = make([]more, len(t.cells))
	}
	for i, c := range old.cells {
		if c.id != 0 {
			at := t.probe(c.id)
			t.cells[at] = c
			if old.more != nil {
				t.more[at] = old.more[i]
			}
		}
	}
}

// remove takes out an id that has a place, and moves up those that probed past it.
func (t *table) remove(id uint64) {
	t.used--
	mask := len(t.cells) - 1
	gap := t.probe(id)
	for i := (gap + 1) & mask; t.cells[i].id != 0; i = (i + 1) & mask {
		if home := t.home(t.cells[i].id); (i-home)&mask >= (i-gap)&mask {
			t.cells[gap] = t.cells[i]
			if t.more != nil {
				t.more[gap] = t.more[i]
			}
			gap = i
		}
	}
	t.cells[gap] = cell{}
	if t.more != nil {
		t.more[gap] = more{}
	}
}

// probe returns where an id is, or where it would be.
func (t *table) probe(id uint64) int {
	mask := len(t.cells) - 1
	i := t.home(id)
	for t.cells[i].id != id && t.cells[i].id != 0 {
		i = (i + 1) & mask
	}
	return i
}

// home returns where probing begins: at the upper bits, because the lower ones
// have chosen the shard.
func (t *table) home(id uint64) int { return int(id>>32) & (len(t.cells) - 1) }
