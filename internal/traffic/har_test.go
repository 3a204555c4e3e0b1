package traffic

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

// one is a HAR with a single entry whose request and response have these
// members beside method, url, status and header fields.
func one(creator, request, response string) string {
	return `{"log":{"version":"1.2","creator":{"name":"` + creator + `","version":"1"},"pages":[{}],"entries":[{
		"startedDateTime":"2026-11-21T12:00:00.5Z","time":12.5,"_other":{"a":[1,{"b":2}]},
		"request":{"method":"POST","url":"https://api.example/a?b=c#d","httpVersion":"h2","headers":[{"name":":authority","value":"api.example"},{"name":"Content-Length","value":"2"}]` + request + `},
		"response":{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[{"name":"X-B","value":"1"},{"name":"x-b","value":"2"}]` + response + `}}]}}`
}

// read returns all the exchanges and all the errors.
func read(har string) (all []*statute.Exchange, errs []error) {
	for x, err := range HAR(strings.NewReader(har), "a.har") {
		if err != nil {
			errs = append(errs, err)
		} else {
			all = append(all, x)
		}
	}
	return all, errs
}

func TestHAR(t *testing.T) {
	all, errs := read(one("recorder", `,"bodySize":2,"postData":{"mimeType":"application/json","text":"{}"}`, `,"content":{"size":5,"text":"hello"},"bodySize":5`))
	if len(errs) > 0 || len(all) != 1 {
		t.Fatalf("got %d exchanges, errors %v", len(all), errs)
	}
	x := all[0]
	want := statute.Request{
		Method: "POST", Scheme: "https", Authority: "api.example", Target: "/a?b=c", Proto: "HTTP/2",
		Fields: statute.Fields{{Name: "Content-Length", Value: "2"}},
		Body:   statute.Body{Bytes: []byte("{}"), Size: 2},
	}
	if diff := cmp.Diff(want, x.Request); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	answer := statute.Response{
		Status: 200, Reason: "OK", Proto: "HTTP/1.1",
		Fields: statute.Fields{{Name: "X-B", Value: "1"}, {Name: "x-b", Value: "2"}},
		Body:   statute.Body{Bytes: []byte("hello"), Size: 5},
	}
	if diff := cmp.Diff(answer, x.Response); diff != "" {
		t.Errorf("response (-want +got):\n%s", diff)
	}
	if x.Source != (statute.Source{File: "a.har"}) || x.Took.String() != "12.5ms" || x.Start.IsZero() {
		t.Errorf("got source %v, took %v, start %v", x.Source, x.Took, x.Start)
	}
}

// TestHARSeen holds what an entry shows and what it leaves unknown.
func TestHARSeen(t *testing.T) {
	const fields = statute.SeenRequestFields | statute.SeenFields
	for _, test := range []struct {
		name, creator, request, response string
		want                             statute.Seen
		body                             string
		cut                              bool
	}{
		{"all", "recorder", `,"postData":{"text":"{}"}`, `,"content":{"size":2,"text":"ok"}`, fields | statute.SeenRequestBody | statute.SeenBody | statute.SeenWire, "ok", false},
		{"a browser", "WebInspector", `,"postData":{"text":"{}"}`, `,"content":{"size":2,"text":"ok"}`, fields | statute.SeenRequestBody | statute.SeenBody, "ok", false},
		{"no content of the request", "recorder", "", `,"content":{"size":2,"text":"ok"}`, fields | statute.SeenBody | statute.SeenWire, "ok", false},
		{"no content of the response", "recorder", `,"postData":{"text":"{}"}`, `,"content":{"size":2}`, fields | statute.SeenRequestBody | statute.SeenWire, "", true},
		{"an empty response", "recorder", `,"postData":{"text":"{}"}`, `,"content":{"size":0}`, fields | statute.SeenRequestBody | statute.SeenBody | statute.SeenWire, "", false},
		{"base64", "recorder", `,"postData":{"text":"{}"}`, `,"content":{"size":3,"encoding":"base64","text":"AP8B"}`, fields | statute.SeenRequestBody | statute.SeenBody | statute.SeenWire, "\x00\xff\x01", false},
		{"cut", "recorder", `,"postData":{"text":"{}"}`, `,"content":{"size":9,"text":"ok"}`, fields | statute.SeenRequestBody | statute.SeenBody | statute.SeenWire, "ok", true},
		{"interim", "recorder", `,"postData":{"text":"{}"}`, `,"content":{"size":0},"_interim":[{"status":103}]`, statute.SeenAll, "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			all, errs := read(one(test.creator, test.request, test.response))
			if len(all) != 1 {
				t.Fatal(errs)
			}
			x := all[0]
			if x.Seen != test.want {
				t.Errorf("seen: %v, want %v", x.Seen, test.want)
			}
			if string(x.Response.Body.Bytes) != test.body || x.Response.Body.Cut != test.cut {
				t.Errorf("content: %q cut %v, want %q cut %v", x.Response.Body.Bytes, x.Response.Body.Cut, test.body, test.cut)
			}
		})
	}
}

func TestHARForm(t *testing.T) {
	all, _ := read(one("recorder", `,"postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"a","value":"b c"},{"name":"d","value":"é"}]}`, ""))
	if got := string(all[0].Request.Body.Bytes); got != "a=b+c&d=%C3%A9" {
		t.Errorf("got %q", got)
	}
}

func TestHARNoAnswer(t *testing.T) {
	har := strings.Replace(one("recorder", "", `,"_error":"net::ERR_CONNECTION_RESET"`), `"status":200`, `"status":0`, 1)
	all, errs := read(har)
	if len(all) != 1 || all[0].Response.Status != 0 || all[0].Error != "net::ERR_CONNECTION_RESET" || all[0].Seen.Has(statute.SeenBody) {
		t.Errorf("got %+v, %v", all, errs)
	}
}

// A broken entry is named and passed over; the rest is read.
func TestHARBrokenEntries(t *testing.T) {
	good := `{"request":{"method":"GET","url":"http://a/"},"response":{"status":200}}`
	har := `{"log":{"entries":[` + strings.Join([]string{
		good,
		`{"request":{"method":"GET"},"response":{"status":200}}`,
		`{"request":{"method":"GET","url":"http://a/"},"response":{"status":"two hundred"}}`,
		`17`,
		`{"request":{"method":"GET","url":"http://a/"},"response":{"status":200,"content":{"encoding":"base64","text":"%"}}}`,
		good,
	}, ",") + `]}}`
	all, errs := read(har)
	if len(all) != 2 || all[1].Source.Entry != 5 {
		t.Errorf("got %d exchanges", len(all))
	}
	var entries []int
	for _, err := range errs {
		var e *EntryError
		if errors.As(err, &e) {
			entries = append(entries, e.Entry)
		}
	}
	if fmt.Sprint(entries) != "[1 2 3 4]" {
		t.Errorf("broken entries: %v (%v)", entries, errs)
	}
}

func TestHARErrors(t *testing.T) {
	for har, want := range map[string]string{
		"":                      "no HAR: EOF",
		"<html>":                "no HAR: invalid character '<'",
		"[]":                    "no HAR: an object is wanted, not [",
		`{"openapi":"3.1.0"}`:   `no HAR: it has no member "log"`,
		`{"log":{"entries":17}`: "log.entries: an array is wanted, not 17",
		`{"log":{"entries":[{"request":{"method":"GET","url":"http://a/"}},{"request":`: "broken off after 1 entries: unexpected EOF",
	} {
		_, errs := read(har)
		if len(errs) != 1 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%s: got %v, want %q", har, errs, want)
		}
	}
}

func TestHARStops(t *testing.T) {
	for range HAR(strings.NewReader(one("recorder", "", "")), "") {
		break
	}
}

func TestSplit(t *testing.T) {
	for address, want := range map[string]string{
		"http://a":              "http a /",
		"http://a/b?c":          "http a /b?c",
		"http://a?c":            "http a /?c",
		"http://a/%zz":          "http a /%zz",
		"http://u:p@a:1/":       "http a:1 /",
		"http://127.0.0.1:80*":  "http 127.0.0.1:80 *",
		"http://[::1]:80/a@b#c": "http [::1]:80 /a@b",
		"/relative":             "  /relative",
	} {
		scheme, authority, target := split(address)
		if got := scheme + " " + authority + " " + target; got != want {
			t.Errorf("split(%q) = %q, want %q", address, got, want)
		}
	}
}

// TestHARRecorded reads the recordings of real APIs that stand beside the
// repository, where they are.
func TestHARRecorded(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/apis/recorded/*.har")
	if len(files) == 0 {
		t.Skip("no recordings in ../shared/apis/recorded")
	}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for x, err := range HAR(file, name) {
			if err != nil {
				t.Errorf("%s: %v", filepath.Base(name), err)
			} else if x.Source.Entry != n {
				t.Errorf("%s: entry %d comes as %d", filepath.Base(name), n, x.Source.Entry)
			}
			n++
		}
		file.Close()
		if n < 50 {
			t.Errorf("%s: %d entries", filepath.Base(name), n)
		}
	}
}

// FuzzHAR holds the reader to its promise: whatever comes, it ends, and every
// exchange it yields has a method and a target.
func FuzzHAR(f *testing.F) {
	f.Add(one("recorder", `,"postData":{"text":"{}"}`, `,"content":{"size":2,"text":"ok"}`))
	f.Add(`{"log":{"entries":[{},{"request":{"method":"GET","url":"*"}}]}}`)
	f.Add(`{"log":{"creator":[],"entries":[]}}`)
	f.Fuzz(func(t *testing.T, har string) {
		all, errs := read(har)
		for _, x := range all {
			if x.Request.Method == "" || x.Request.Target == "" || len(x.Response.Body.Bytes) > int(x.Response.Body.Size) {
				t.Errorf("got %+v", x)
			}
		}
		for _, err := range errs {
			if err == nil {
				t.Error("an error that is none")
			}
		}
	})
}
