package shop

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute/internal/openapi"
)

// TestDescription holds the description to the routes: the same operations, with
// the same codes.
func TestDescription(t *testing.T) {
	s := open(t, Config{})
	var routes struct {
		Paths map[string]map[string]struct{ Responses map[string]any }
	}
	if err := json.Unmarshal(s.mux.OpenAPI(), &routes); err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{}
	for path, operations := range routes.Paths {
		for method, o := range operations {
			want[strings.ToUpper(method)+" "+path] = slices.Sorted(maps.Keys(o.Responses))
		}
	}
	d, err := openapi.Parse([]byte(description), "openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range d.Problems {
		t.Errorf("line %d: %s", p.Line, p.Message)
	}
	got := map[string][]string{}
	for _, o := range d.Operations {
		var codes []string
		for _, response := range o.Responses {
			if _, err := strconv.Atoi(response.Code); err == nil {
				codes = append(codes, response.Code)
			}
		}
		slices.Sort(codes)
		got[o.String()] = codes
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("codes (-routes +description):\n%s", diff)
	}
}

// open returns a shop that is filled, in memory unless the configuration says
// otherwise.
func open(t *testing.T, c Config) *Shop {
	t.Helper()
	if c.Store == nil {
		c.Store = new(Memory)
	}
	if err := Fill(t.Context(), c.Store); err != nil {
		t.Fatal(err)
	}
	c.Accounts = Demo()
	s, err := New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}
