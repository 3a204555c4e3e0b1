package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/statute-http/statute/examples/shop/shop"
)

// TestStores holds the stores to what [shop.Store] says.
func TestStores(t *testing.T) {
	open := map[string]func(*testing.T) shop.Store{
		"memory": func(*testing.T) shop.Store { return new(shop.Memory) },
		"sqlite": func(t *testing.T) shop.Store { return openFile(t, filepath.Join(t.TempDir(), "a b?c.db")) },
	}
	tests := []struct {
		name string
		test func(ctx context.Context, t *testing.T, s shop.Store)
	}{
		{"an id is never given again", func(ctx context.Context, t *testing.T, s shop.Store) {
			for want := range int64(3) {
				row, err := s.Add(ctx, "orders", shop.Row{Document: []byte("{}")})
				if err != nil || row.ID != want+1 || row.Version != 1 || row.Changed.IsZero() {
					t.Fatalf("got %+v, %v", row, err)
				}
				if err := s.Remove(ctx, "orders", row.ID, func(shop.Row) error { return nil }); err != nil {
					t.Fatal(err)
				}
			}
		}},
		{"what is not there", func(ctx context.Context, t *testing.T, s shop.Store) {
			_, get := s.Get(ctx, "orders", 1)
			_, find := s.Find(ctx, "orders", "")
			_, change := s.Change(ctx, "orders", 1, func(*shop.Row) error { return nil })
			remove := s.Remove(ctx, "orders", 1, func(shop.Row) error { return nil })
			for name, err := range map[string]error{"Get": get, "Find": find, "Change": change, "Remove": remove} {
				if !errors.Is(err, shop.ErrNotFound) {
					t.Errorf("%s: got %v", name, err)
				}
			}
		}},
		{"names", func(ctx context.Context, t *testing.T, s shop.Store) {
			ada := add(ctx, t, s, shop.Row{Name: "ada"})
			add(ctx, t, s, shop.Row{})
			other := add(ctx, t, s, shop.Row{}) // none is no name
			if _, err := s.Add(ctx, "orders", shop.Row{Name: "ada", Document: []byte("{}")}); !errors.Is(err, shop.ErrTaken) {
				t.Errorf("Add: got %v", err)
			}
			rename := func(row *shop.Row) error {
				row.Name = "ada"
				return nil
			}
			if _, err := s.Change(ctx, "orders", other.ID, rename); !errors.Is(err, shop.ErrTaken) {
				t.Errorf("Change: got %v", err)
			}
			if _, err := s.Change(ctx, "orders", ada.ID, rename); err != nil {
				t.Errorf("Change to its own name: %v", err)
			}
			if got, err := s.Find(ctx, "orders", "ada"); err != nil || got.ID != ada.ID {
				t.Errorf("Find: got %+v, %v", got, err)
			}
		}},
		{"lists", func(ctx context.Context, t *testing.T, s shop.Store) {
			for owner := range int64(6) {
				add(ctx, t, s, shop.Row{Owner: owner % 2})
			}
			for _, list := range []struct {
				owner, after int64
				limit        int
				want         []int64
			}{
				{0, 0, 10, []int64{1, 2, 3, 4, 5, 6}},
				{0, 2, 3, []int64{3, 4, 5}},
				{1, 0, 2, []int64{2, 4}},
				{1, 4, 2, []int64{6}},
				{1, 6, 2, nil},
			} {
				rows, err := s.List(ctx, "orders", list.owner, list.after, list.limit)
				if err != nil {
					t.Fatal(err)
				}
				var got []int64
				for _, row := range rows {
					got = append(got, row.ID)
				}
				if diff := cmp.Diff(list.want, got); diff != "" {
					t.Errorf("%+v (-want +got):\n%s", list, diff)
				}
			}
		}},
		{"a change that is refused", func(ctx context.Context, t *testing.T, s shop.Store) {
			row := add(ctx, t, s, shop.Row{Owner: 1})
			no := errors.New("no")
			_, err := s.Change(ctx, "orders", row.ID, func(row *shop.Row) error {
				row.Owner = 2
				return no
			})
			if !errors.Is(err, no) {
				t.Errorf("Change: got %v", err)
			}
			if err := s.Remove(ctx, "orders", row.ID, func(shop.Row) error { return no }); !errors.Is(err, no) {
				t.Errorf("Remove: got %v", err)
			}
			got, err := s.Get(ctx, "orders", row.ID)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row, got, cmpopts.EquateApproxTime(time.Microsecond)); diff != "" {
				t.Errorf("(-before +after):\n%s", diff)
			}
		}},
		{"changes do not overlap", func(ctx context.Context, t *testing.T, s shop.Store) {
			row := add(ctx, t, s, shop.Row{})
			var changing sync.WaitGroup
			for range 20 {
				changing.Go(func() {
					if _, err := s.Change(ctx, "orders", row.ID, func(row *shop.Row) error {
						row.Owner++
						return nil
					}); err != nil {
						t.Error(err)
					}
				})
			}
			changing.Wait()
			if got, err := s.Get(ctx, "orders", row.ID); err != nil || got.Owner != 20 || got.Version != 21 {
				t.Errorf("got %+v, %v", got, err)
			}
		}},
	}
	for name, open := range open {
		for _, test := range tests {
			t.Run(name+"/"+test.name, func(t *testing.T) { test.test(t.Context(), t, open(t)) })
		}
	}
}

// TestOpenAgain holds the store to keep what it has.
func TestOpenAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	first := openFile(t, path)
	want := add(t.Context(), t, first, shop.Row{Owner: 1, Name: "a", Document: []byte(`{"a":1}`)})
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := openFile(t, path).Get(t.Context(), "orders", want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApproxTime(0)); diff != "" {
		t.Errorf("(-kept +got):\n%s", diff)
	}
}

// TestOpenFails holds Open to say what it cannot open.
func TestOpenFails(t *testing.T) {
	if s, err := Open(t.Context(), t.TempDir()); err == nil {
		s.Close()
		t.Error("a folder was opened")
	}
}

func openFile(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func add(ctx context.Context, t *testing.T, s shop.Store, row shop.Row) shop.Row {
	t.Helper()
	if row.Document == nil {
		row.Document = []byte("{}")
	}
	row, err := s.Add(ctx, "orders", row)
	if err != nil {
		t.Fatal(err)
	}
	return row
}
