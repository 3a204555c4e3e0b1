// Package sqlite keeps the shop in a file, by SQLite.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/statute-http/statute/examples/shop/shop"
)

// Store is a [shop.Store] in a file: one table for each kind.
type Store struct {
	db      *sql.DB
	writing sync.Mutex // SQLite lets one write; to queue here is cheaper than to be told that it is busy
}

// table is the table of a kind. AUTOINCREMENT gives no id twice, not even that of
// a row which is gone.
const table = `CREATE TABLE IF NOT EXISTS %s (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	owner    INTEGER NOT NULL,
	name     TEXT UNIQUE,
	version  INTEGER NOT NULL,
	changed  INTEGER NOT NULL, -- microseconds since 1970
	document BLOB NOT NULL
) STRICT`

// Open opens the file, or makes it. What was answered is on the disk: every
// transaction is synchronised.
func Open(ctx context.Context, path string) (*Store, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	for _, kind := range shop.Kinds() {
		_, err := db.ExecContext(ctx, fmt.Sprintf(table, kind))
		if err == nil {
			_, err = db.ExecContext(ctx, fmt.Sprintf("CREATE INDEX IF NOT EXISTS %s_of_owner ON %[1]s (owner, id)", kind))
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("opening %s: making the table %s: %w", path, kind, err), db.Close())
		}
	}
	return &Store{db: db}, nil
}

// Close closes the file.
func (s *Store) Close() error { return s.db.Close() }

const columns = "id, owner, coalesce(name, ''), version, changed, document"

// scan returns the row that a query found.
func scan(found interface{ Scan(...any) error }) (shop.Row, error) {
	var (
		row     shop.Row
		changed int64
	)
	err := found.Scan(&row.ID, &row.Owner, &row.Name, &row.Version, &changed, &row.Document)
	row.Changed = time.UnixMicro(changed)
	return row, means(err)
}

// means returns an error in the words of the shop, if it has some for it.
func means(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return shop.ErrNotFound
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE:
			return shop.ErrTaken
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return fmt.Errorf("%w: %w", shop.ErrBusy, err)
		}
	}
	return err
}

// Get implements [shop.Store].
func (s *Store) Get(ctx context.Context, kind string, id int64) (shop.Row, error) {
	return scan(s.db.QueryRowContext(ctx, "SELECT "+columns+" FROM "+kind+" WHERE id = ?", id))
}

// Find implements [shop.Store].
func (s *Store) Find(ctx context.Context, kind, name string) (shop.Row, error) {
	return scan(s.db.QueryRowContext(ctx, "SELECT "+columns+" FROM "+kind+" WHERE name = ?", name))
}

// List implements [shop.Store].
func (s *Store) List(ctx context.Context, kind string, owner, after int64, limit int) ([]shop.Row, error) {
	query, args := "SELECT "+columns+" FROM "+kind+" WHERE id > ?", []any{after}
	if owner != 0 {
		query, args = query+" AND owner = ?", append(args, owner)
	}
	found, err := s.db.QueryContext(ctx, query+" ORDER BY id LIMIT ?", append(args, limit)...)
	if err != nil {
		return nil, means(err)
	}
	defer found.Close()
	var list []shop.Row
	for found.Next() {
		row, err := scan(found)
		if err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, means(found.Err())
}

// Add implements [shop.Store].
func (s *Store) Add(ctx context.Context, kind string, row shop.Row) (shop.Row, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	row.Version, row.Changed = 1, time.Now().Truncate(time.Microsecond)
	result, err := s.db.ExecContext(ctx,
		"INSERT INTO "+kind+" (owner, name, version, changed, document) VALUES (?, nullif(?, ''), ?, ?, ?)",
		row.Owner, row.Name, row.Version, row.Changed.UnixMicro(), row.Document)
	if err == nil {
		row.ID, err = result.LastInsertId()
	}
	return row, means(err)
}

// Change implements [shop.Store].
func (s *Store) Change(ctx context.Context, kind string, id int64, change func(*shop.Row) error) (shop.Row, error) {
	var row shop.Row
	err := s.write(ctx, func(tx *sql.Tx) error {
		var err error
		if row, err = scan(tx.QueryRowContext(ctx, "SELECT "+columns+" FROM "+kind+" WHERE id = ?", id)); err != nil {
			return err
		}
		if err := change(&row); err != nil {
			return err
		}
		row.Version, row.Changed = row.Version+1, time.Now().Truncate(time.Microsecond)
		_, err = tx.ExecContext(ctx,
			"UPDATE "+kind+" SET owner = ?, name = nullif(?, ''), version = ?, changed = ?, document = ? WHERE id = ?",
			row.Owner, row.Name, row.Version, row.Changed.UnixMicro(), row.Document, id)
		return err
	})
	return row, err
}

// Remove implements [shop.Store].
func (s *Store) Remove(ctx context.Context, kind string, id int64, allow func(shop.Row) error) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		row, err := scan(tx.QueryRowContext(ctx, "SELECT "+columns+" FROM "+kind+" WHERE id = ?", id))
		if err != nil {
			return err
		}
		if err := allow(row); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM "+kind+" WHERE id = ?", id)
		return err
	})
}

// write runs f in a transaction, which is rolled back if f returns an error.
func (s *Store) write(ctx context.Context, f func(*sql.Tx) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return means(err)
	}
	defer tx.Rollback() // of no effect after Commit
	if err := f(tx); err != nil {
		return means(err)
	}
	return means(tx.Commit())
}
