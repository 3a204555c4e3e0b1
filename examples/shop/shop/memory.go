package shop

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// Memory is a [Store] that is gone with the process. Its zero value is empty and
// ready.
type Memory struct {
	mu    sync.Mutex
	kinds map[string]*rows
}

// rows are those of one kind.
type rows struct {
	byID []Row // ascending
	last int64 // id
}

// kind returns the rows of a kind. The lock must be held.
func (m *Memory) kind(name string) *rows {
	if m.kinds == nil {
		m.kinds = map[string]*rows{}
	}
	if m.kinds[name] == nil {
		m.kinds[name] = &rows{}
	}
	return m.kinds[name]
}

// index returns where the row is, or would be.
func (r *rows) index(id int64) (int, bool) {
	return slices.BinarySearchFunc(r.byID, id, func(row Row, id int64) int { return cmp.Compare(row.ID, id) })
}

// named returns where the row with that name is, -1 if nowhere.
func (r *rows) named(name string) int {
	if name == "" {
		return -1
	}
	return slices.IndexFunc(r.byID, func(row Row) bool { return row.Name == name })
}

// Get implements [Store].
func (m *Memory) Get(_ context.Context, kind string, id int64) (Row, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.kind(kind)
	i, ok := r.index(id)
	if !ok {
		return Row{}, ErrNotFound
	}
	return r.byID[i], nil
}

// Find implements [Store].
func (m *Memory) Find(_ context.Context, kind, name string) (Row, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.kind(kind)
	i := r.named(name)
	if i < 0 {
		return Row{}, ErrNotFound
	}
	return r.byID[i], nil
}

// List implements [Store].
func (m *Memory) List(_ context.Context, kind string, owner, after int64, limit int) ([]Row, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.kind(kind)
	i, found := r.index(after)
	if found {
		i++
	}
	var list []Row
	for _, row := range r.byID[i:] {
		if len(list) == limit {
			break
		}
		if owner == 0 || row.Owner == owner {
			list = append(list, row)
		}
	}
	return list, nil
}

// Add implements [Store].
func (m *Memory) Add(_ context.Context, kind string, row Row) (Row, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.kind(kind)
	if r.named(row.Name) >= 0 {
		return Row{}, ErrTaken
	}
	r.last++
	row.ID, row.Version, row.Changed = r.last, 1, time.Now()
	r.byID = append(r.byID, row)
	return row, nil
}

// Change implements [Store].
func (m *Memory) Change(_ context.Context, kind string, id int64, change func(*Row) error) (Row, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.kind(kind)
	i, ok := r.index(id)
	if !ok {
		return Row{}, ErrNotFound
	}
	row := r.byID[i]
	if err := change(&row); err != nil {
		return Row{}, err
	}
	if other := r.named(row.Name); other >= 0 && other != i {
		return Row{}, ErrTaken
	}
	row.Version, row.Changed = row.Version+1, time.Now()
	r.byID[i] = row
	return row, nil
}

// Remove implements [Store].
func (m *Memory) Remove(_ context.Context, kind string, id int64, allow func(Row) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.kind(kind)
	i, ok := r.index(id)
	if !ok {
		return ErrNotFound
	}
	if err := allow(r.byID[i]); err != nil {
		return err
	}
	r.byID = slices.Delete(r.byID, i, i+1)
	return nil
}
