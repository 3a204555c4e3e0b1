package shop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/statute-http/statute/respond"
)

// What a store says when it cannot do as it was asked.
var (
	ErrNotFound = errors.New("there is no such row")
	ErrTaken    = errors.New("another row has this name")
	ErrBusy     = errors.New("the store is busy")
)

// Store keeps rows by kind. What it has answered without an error is there to
// stay. It must be safe for concurrent use.
type Store interface {
	// Get returns a row, or ErrNotFound.
	Get(ctx context.Context, kind string, id int64) (Row, error)

	// Find returns the row with that name, or ErrNotFound.
	Find(ctx context.Context, kind, name string) (Row, error)

	// List returns up to limit rows by id, from the one after that id on; with an
	// owner other than 0 only theirs.
	List(ctx context.Context, kind string, owner, after int64, limit int) ([]Row, error)

	// Add gives the row an id that no row of that kind ever had, version 1 and
	// the time, or returns ErrTaken.
	Add(ctx context.Context, kind string, row Row) (Row, error)

	// Change gives the row to change, and keeps what that makes of it as the next
	// version, all in one step; no other change comes between. If change returns
	// an error, nothing is changed and the error is returned as it is.
	Change(ctx context.Context, kind string, id int64, change func(*Row) error) (Row, error)

	// Remove removes a row that allow has no error for, all in one step.
	Remove(ctx context.Context, kind string, id int64, allow func(Row) error) error
}

// Row is a document and what a store has to know of it.
type Row struct {
	ID       int64
	Owner    int64  // the customer it belongs to; 0 for the shop's own
	Name     string // no two of a kind have the same; "" for none
	Version  int64
	Changed  time.Time
	Document []byte // JSON
}

// Kinds are the kinds of rows that the shop has.
func Kinds() []string {
	return []string{"customers", "items", "jobs", "orders", "sessions", "uploads"}
}

// Head is what all resources of the shop have.
type Head struct {
	ID      int64     `json:"id"`
	Version int64     `json:"-"`
	Changed time.Time `json:"-"`
}

func (h *Head) head() *Head { return h }

// version returns what conditions are evaluated against.
func (h Head) version() respond.Version {
	return respond.Version{ETag: strconv.FormatInt(h.Version, 10), Modified: h.Changed}
}

// resource is a pointer to a struct with a [Head] that is kept in a store.
type resource[T any] interface {
	*T
	head() *Head
	keys() (owner int64, name string) // see [Row]
}

// table is the resources of one kind.
type table[T any, P resource[T]] struct {
	store Store
	kind  string
}

func (t table[T, P]) get(ctx context.Context, id int64) (T, error) {
	row, err := t.store.Get(ctx, t.kind, id)
	return t.decode(row, err)
}

func (t table[T, P]) find(ctx context.Context, name string) (T, error) {
	row, err := t.store.Find(ctx, t.kind, name)
	return t.decode(row, err)
}

// all yields the resources after that id, with an owner other than 0 only
// theirs. It reads them page by page; the error, if there is one, comes last.
func (t table[T, P]) all(ctx context.Context, owner, after int64) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		const page = 100
		for {
			rows, err := t.store.List(ctx, t.kind, owner, after, page)
			if err != nil {
				yield(t.decode(Row{}, err))
				return
			}
			for _, row := range rows {
				value, err := t.decode(row, nil)
				if !yield(value, err) || err != nil {
					return
				}
				after = row.ID
			}
			if len(rows) < page {
				return
			}
		}
	}
}

func (t table[T, P]) add(ctx context.Context, value T) (T, error) {
	var row Row
	if err := t.encode(value, &row); err != nil {
		return value, err
	}
	row, err := t.store.Add(ctx, t.kind, row)
	return t.decode(row, err)
}

// change changes a resource, if its version is the one that the request demands.
func (t table[T, P]) change(ctx context.Context, id int64, change func(*T) error) (T, error) {
	row, err := t.store.Change(ctx, t.kind, id, func(row *Row) error {
		value, err := t.decode(*row, nil)
		if err == nil {
			err = change(&value)
		}
		if err == nil {
			err = respond.Check(ctx, P(&value).head().version())
		}
		if err != nil {
			return err
		}
		return t.encode(value, row)
	})
	return t.decode(row, err)
}

// remove removes a resource, if allow has nothing against it and its version is
// the one that the request demands.
func (t table[T, P]) remove(ctx context.Context, id int64, allow func(T) error) error {
	return t.store.Remove(ctx, t.kind, id, func(row Row) error {
		value, err := t.decode(row, nil)
		if err == nil {
			err = allow(value)
		}
		if err == nil {
			err = respond.Check(ctx, P(&value).head().version())
		}
		return err
	})
}

func (t table[T, P]) encode(value T, row *Row) error {
	document, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encoding one of the %s: %w", t.kind, err)
	}
	row.Owner, row.Name = P(&value).keys()
	row.Document = document
	return nil
}

func (t table[T, P]) decode(row Row, err error) (T, error) {
	var value T
	if err != nil {
		return value, err
	}
	if err := json.Unmarshal(row.Document, &value); err != nil {
		return value, fmt.Errorf("decoding %s %d: %w", t.kind, row.ID, err)
	}
	*P(&value).head() = Head{row.ID, row.Version, row.Changed}
	return value, nil
}
