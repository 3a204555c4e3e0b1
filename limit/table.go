package limit

import "time"

// table maps digests of keys to what they owe. One array without pointers, probed
// linearly, costs a decision one miss of the cache; a map costs several.
type table struct {
	cells []cell // a power of two, at most three quarters in use
	used  int
}

// cell holds for each policy when its quota is whole again. Its id is 0 if it is
// unused.
type cell struct {
	id    uint64
	whole [MaxPolicies]time.Duration
}

// due returns when all quotas are whole again.
func (c *cell) due() time.Duration {
	return max(c.whole[0], c.whole[1], c.whole[2], c.whole[3])
}

const leastCells = 8

// find returns the cell of an id, or nil. It is valid until the next change.
func (t *table) find(id uint64) *cell {
	if t.used == 0 {
		return nil
	}
	if c := &t.cells[t.probe(id)]; c.id == id {
		return c
	}
	return nil
}

// add returns the cell of an id that has none yet.
func (t *table) add(id uint64) *cell {
	if t.used >= len(t.cells)/4*3 {
		old := t.cells
		t.cells = make([]cell, max(leastCells, 2*len(old)))
		for i := range old {
			if old[i].id != 0 {
				t.cells[t.probe(old[i].id)] = old[i]
			}
		}
	}
	t.used++
	c := &t.cells[t.probe(id)]
	c.id = id
	return c
}

// remove takes out an id that has a cell, and moves up those that probed past it.
func (t *table) remove(id uint64) {
	t.used--
	mask := len(t.cells) - 1
	gap := t.probe(id)
	for i := (gap + 1) & mask; t.cells[i].id != 0; i = (i + 1) & mask {
		if home := t.home(t.cells[i].id); (i-home)&mask >= (i-gap)&mask {
			t.cells[gap] = t.cells[i]
			gap = i
		}
	}
	t.cells[gap] = cell{}
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
