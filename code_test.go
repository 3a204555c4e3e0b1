package statute

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCodesAgainstRegistry holds the table against a copy of the facts of
// IANA's registry, both ways: nothing is missing, nothing is invented.
func TestCodesAgainstRegistry(t *testing.T) {
	type row struct{ Name, Reference string }
	file, err := os.Open("testdata/http-status-codes.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := map[int]row{}
	for _, record := range records[1:] {
		if record[1] == "Unassigned" {
			first, last, ranged := strings.Cut(record[0], "-")
			if !ranged {
				last = first
			}
			for n := number(t, first); n <= number(t, last); n++ {
				if c, ok := LookupCode(n); ok {
					t.Errorf("%v is unassigned", c)
				}
			}
			continue
		}
		name, _, _ := strings.Cut(record[1], " (") // (TEMPORARY - ...), (OBSOLETED)
		reference, _, _ := strings.Cut(strings.TrimPrefix(record[2], "["), "]")
		if strings.HasPrefix(reference, "draft-") {
			reference = reference[:strings.LastIndexByte(reference, '-')] // its version
		}
		if reference == "RFC2518" || reference == "RFC2774" { // obsolete, historic: the table cites the registry itself
			reference = "IANA"
		}
		want[number(t, record[0])] = row{name, reference}
	}
	got := map[int]row{}
	for c := range Codes() {
		reference := strings.Replace(c.Cite.Doc, "RFC ", "RFC", 1)
		if r := want[c.Number].Reference; strings.Contains(r, ", Section ") {
			reference += ", Section " + c.Cite.Number
		}
		got[c.Number] = row{c.Name, reference}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("codes (-registry +table):\n%s", diff)
	}
}

// number reads a number of the registry.
func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCodesTable(t *testing.T) {
	var cacheable, unstored, bare []int
	last := 99
	for c := range Codes() {
		if c.Number <= last {
			t.Errorf("%v stands after %d", c, last)
		}
		last = c.Number
		if found, ok := LookupCode(c.Number); !ok || found.Name != c.Name {
			t.Errorf("LookupCode(%d) = %v, %v", c.Number, found, ok)
		}
		if c.Meaning == "" || strings.HasSuffix(c.Meaning, ".") || len(c.Meaning) > 80 {
			t.Errorf("%v: meaning %q is no short line", c, c.Meaning)
		}
		if c.Class() == "" || c.Repeat.String() == "" || c.Caching.String() == "" || c.Cite.URL() == "" {
			t.Errorf("%v: class %q, repeat %q, caching %q, address %q", c, c.Class(), c.Repeat, c.Caching, c.Cite.URL())
		}
		var names []string
		for _, name := range slices.Concat(c.Must, c.As200, c.Should, c.May) {
			if slices.Contains(names, name) {
				t.Errorf("%v: %s twice", c, name)
			}
			names = append(names, name)
		}
		switch c.Caching {
		case CacheByDefault:
			cacheable = append(cacheable, c.Number)
		case CacheNever:
			unstored = append(unstored, c.Number)
		}
		if !c.Content {
			bare = append(bare, c.Number)
		}
	}
	// RFC 9110, 15.1; RFC 7725, 3 for 451.
	if diff := cmp.Diff([]int{200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 451, 501}, cacheable); diff != "" {
		t.Errorf("cacheable (-want +got):\n%s", diff)
	}
	// RFC 9111, 3, which wants a final response, and 4.3.4 for 304; RFC 6585, 3 to 6.
	if diff := cmp.Diff([]int{100, 101, 102, 103, 104, 304, 428, 429, 431, 511}, unstored); diff != "" {
		t.Errorf("never stored (-want +got):\n%s", diff)
	}
	// RFC 9110, 15.2, 15.3.5, 15.3.6 and 15.4.5.
	if diff := cmp.Diff([]int{100, 101, 102, 103, 104, 204, 205, 304}, bare); diff != "" {
		t.Errorf("without content (-want +got):\n%s", diff)
	}
}

func TestLookupCode(t *testing.T) {
	for _, n := range []int{-1, 0, 99, 105, 299, 420, 509, 599, 600, 999, 1 << 30} {
		if c, ok := LookupCode(n); ok || c.Number != 0 {
			t.Errorf("LookupCode(%d) = %v, %v", n, c, ok)
		}
	}
	for _, tt := range []struct {
		number       int
		text, class  string
		repeat       Repeat
		must, should []string
	}{
		{101, "101 Switching Protocols", "Informational", RepeatNever, []string{"Upgrade", "Connection"}, nil},
		{201, "201 Created", "Successful", RepeatNever, nil, []string{"Location"}},
		{308, "308 Permanent Redirect", "Redirection", RepeatChanged, nil, []string{"Location"}},
		{401, "401 Unauthorized", "Client Error", RepeatChanged, []string{"WWW-Authenticate"}, nil},
		{405, "405 Method Not Allowed", "Client Error", RepeatChanged, []string{"Allow"}, nil},
		{407, "407 Proxy Authentication Required", "Client Error", RepeatChanged, []string{"Proxy-Authenticate"}, nil},
		{416, "416 Range Not Satisfiable", "Client Error", RepeatChanged, nil, []string{"Content-Range"}},
		{421, "421 Misdirected Request", "Client Error", RepeatAtOnce, nil, nil},
		{503, "503 Service Unavailable", "Server Error", RepeatLater, nil, []string{"Retry-After"}},
	} {
		c, ok := LookupCode(tt.number)
		if !ok || c.String() != tt.text || c.Class() != tt.class || c.Repeat != tt.repeat ||
			!slices.Equal(c.Must, tt.must) || !slices.Equal(c.Should, tt.should) {
			t.Errorf("LookupCode(%d) = %+v, %v", tt.number, c, ok)
		}
	}
	if got := (Code{Number: 700}).Class(); got != "" {
		t.Errorf("class of 700 = %q", got)
	}
	if got := Repeat(9).String() + Caching(9).String(); got != "Repeat(9)Caching(9)" {
		t.Errorf("Repeat(9) and Caching(9) = %q", got)
	}
}

func BenchmarkLookupCode(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := LookupCode(404); !ok {
			b.Fatal("404 is unknown")
		}
	}
}
