package traffic

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/statute-http/statute"
)

// TestWriteHAR writes exchanges of every sort and reads them as they were.
func TestWriteHAR(t *testing.T) {
	exchanges := append(slices.Collect(mixed(4)),
		&statute.Exchange{
			Source: statute.Source{Entry: 4}, Seen: statute.SeenFields | statute.SeenInterim, Took: 1234567,
			Start:   time.Date(2026, 11, 21, 12, 0, 0, 500, time.UTC),
			Request: statute.Request{Method: "OPTIONS", Scheme: "http", Authority: "[::1]:80", Target: "*", Proto: "HTTP/2"},
			Interim: []statute.Response{{Status: 103, Reason: "Early Hints", Proto: "HTTP/2", Fields: statute.Fields{{Name: "Link", Value: "</a>"}}}},
			Response: statute.Response{
				Status: 200, Proto: "HTTP/2", Trailer: statute.Fields{{Name: "Digest", Value: "a"}},
				Body: statute.Body{Bytes: []byte("\x00\xff<&>\u2028"), Size: 99, Cut: true},
			},
		},
		&statute.Exchange{
			Source: statute.Source{Entry: 5}, Error: "connection reset",
			Request: statute.Request{Method: "PUT", Target: "/a?b&c=d", Body: statute.Body{Bytes: []byte{0xff}, Size: 1}},
		},
		&statute.Exchange{Source: statute.Source{Entry: 6}, Response: statute.Response{Status: 500, Body: statute.Body{Size: 12, Cut: true}}},
	)
	var har bytes.Buffer
	if err := WriteHAR(&har, slices.Values(exchanges)); err != nil {
		t.Fatal(err)
	}
	got, errs := read(har.String())
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	for _, x := range got {
		if x.Source.Line != x.Source.Entry+2 {
			t.Errorf("entry %d begins on line %d", x.Source.Entry, x.Source.Line)
		}
		x.Source = statute.Source{Entry: x.Source.Entry}
	}
	if diff := cmp.Diff(exchanges, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestWriteHARMembers sees that no member is missing that the standard demands.
func TestWriteHARMembers(t *testing.T) {
	var har bytes.Buffer
	if err := WriteHAR(&har, mixed(1)); err != nil {
		t.Fatal(err)
	}
	var file struct {
		Log struct {
			Version string
			Creator struct{ Name, Version string }
			Entries []map[string]any
		}
	}
	if err := json.Unmarshal(har.Bytes(), &file); err != nil {
		t.Fatal(err)
	}
	if file.Log.Version != "1.2" || file.Log.Creator.Name != "statute" || file.Log.Creator.Version == "" || len(file.Log.Entries) != 1 {
		t.Errorf("got %+v", file.Log)
	}
	entry := file.Log.Entries[0]
	for of, names := range map[string][]string{
		"":         {"startedDateTime", "time", "request", "response", "cache", "timings"},
		"request":  {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"},
		"response": {"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize"},
		"timings":  {"send", "wait", "receive"},
	} {
		members := entry
		if of != "" {
			members, _ = entry[of].(map[string]any)
		}
		for _, name := range names {
			if members[name] == nil {
				t.Errorf("%s has no %s", of, name)
			}
		}
	}
}

// full is a writer that takes nothing more.
type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteHARFails(t *testing.T) {
	if err := WriteHAR(full{}, mixed(100)); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}
