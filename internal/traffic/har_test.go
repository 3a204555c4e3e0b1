package traffic

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

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
	if x.Source != (statute.Source{File: "a.har", Line: 1}) || x.Took.String() != "12.5ms" || x.Start.IsZero() {
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
		`{"request":{"method":"GET" "url":["}","]"]},"response":{"status":204}}`,
		`@,{"request":{"method":"GET","url":"http://a/\q"},"response":{"status":204}}`,
		`{"request":{"method":"GET","url":"http://a/"},"response":{"status":1e9}}`,
		`{"request":{"method":"GET","url":"http://a/"},"response":{"status":200,"content":{"encoding":"base64","text":"%"}}}`,
		good,
	}, ",") + `]}}`
	all, errs := read(har)
	if len(all) != 2 || all[1].Source.Entry != 9 {
		t.Errorf("got %d exchanges", len(all))
	}
	var entries []int
	for _, err := range errs {
		var e *EntryError
		if errors.As(err, &e) {
			entries = append(entries, e.Entry)
		}
	}
	if fmt.Sprint(entries) != "[1 2 3 4 5 6 7 8]" {
		t.Errorf("broken entries: %v (%v)", entries, errs)
	}
}

func TestHARErrors(t *testing.T) {
	const entry = `{"request":{"method":"GET","url":"http://a/"},"response":{"status":204}}`
	for har, want := range map[string]string{
		"":                      "no HAR: byte 0: unexpected EOF",
		"<html>":                "no HAR: byte 0: an object is wanted",
		"[]":                    "no HAR: byte 0: an object is wanted",
		`{"openapi":"3.1.0"}`:   `no HAR: it has no member "log"`,
		`{"log":{"entries":17}`: "no HAR: byte 18: an array is wanted",
		`{"log":{"entries":[` + entry + `,{"request":`: "broken off after 1 entries: byte 103: unexpected EOF",
		`{"log":{"entries":[` + entry + ` ` + entry:    "broken off after 1 entries: byte 92: a comma or ']' is wanted",
		`{"log":{"entries":[` + entry + `]`:            "broken off after 1 entries: byte 92: unexpected EOF",
		`{"log":{"entries":[` + entry + "]}}\n {":      "bytes after the HAR at byte 96",
	} {
		all, errs := read(har)
		if len(errs) != 1 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%s: got %v, want %q", har, errs, want)
		}
		if strings.Contains(want, " after ") != (len(all) == 1) {
			t.Errorf("%s: got %d exchanges", har, len(all))
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

// TestHARFlavours holds what recorders write differently, in entries of the one
// that is named.
func TestHARFlavours(t *testing.T) {
	for _, test := range []struct{ name, recorder, entry, want string }{
		{"null members", "Charles Proxy", `{"request":{"method":"GET","url":"http://a/","headers":null,"postData":null},"response":{"status":200,"statusText":null,"headers":[null,{"name":"A","value":null}],"content":null,"bodySize":-1,"_error":null},"time":null,"cache":{"afterRequest":null}}`, "GET http://a/ 200 1 fields wire"},
		{"numbers in quotes", "Insomnia", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":"200","content":{"size":"2","text":"ok"}},"time":"12"}`, `GET http://a/ 200 0 fields "ok" seen`},
		{"a size that is not known", "Firefox", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":200,"content":{"size":-1}}}`, "GET http://a/ 200 0 fields"},
		{"content left out, as empty text", "mitmproxy", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":200,"content":{"size":12,"text":""}}}`, "GET http://a/ 200 0 fields of 12"},
		{"content beside the file", "Playwright", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":200,"content":{"size":12,"_file":"a.json"}}}`, "GET http://a/ 200 0 fields of 12"},
		{"no content recorded", "WebInspector", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":304,"headers":[],"bodySize":0}}`, "GET http://a/ 304 0 fields"},
		{"no content, says a browser", "WebInspector", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":302,"content":{"size":0}}}`, "GET http://a/ 302 0 fields"},
		{"no content, says a browser and the server", "WebInspector", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":302,"headers":[{"name":"content-length","value":"0"}],"content":{"size":0}}}`, "GET http://a/ 302 1 fields seen"},
		{"joined lines", "Puppeteer", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":200,"headers":[{"name":"Set-Cookie","value":"a=b\nc=d"}]}}`, "GET http://a/ 200 2 fields"},
		{"from Chrome's cache", "WebInspector", `{"_fromCache":"disk","request":{"method":"GET","url":"http://a/"},"response":{"status":200}}`, ""},
		{"from Safari's cache", "WebKit Web Inspector", `{"_fetchType":"Memory Cache","request":{"method":"GET","url":"http://a/"},"response":{"status":200}}`, ""},
		{"from the network, says Safari", "WebKit Web Inspector", `{"_fetchType":"Network Load","request":{"method":"GET","url":"http://a/"},"response":{"status":200}}`, "GET http://a/ 200 0 fields"},
		{"from Firefox's cache", "Firefox", `{"cache":{"afterRequest":null},"request":{"method":"GET","url":"http://a/"},"response":{"status":200}}`, ""},
		{"Chrome's own redirect", "WebInspector", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":307,"statusText":"Internal Redirect","headers":[{"name":"Non-Authoritative-Reason","value":"HSTS"}]}}`, ""},
		{"a server's redirect", "WebInspector", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":307,"headers":[{"name":"Location","value":"/b"}]}}`, "GET http://a/ 307 1 fields"},
		{"failed, says Playwright", "Playwright", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":-1}}`, "GET http://a/ 0 0 fields no answer recorded"},
		{"answered by the test", "Playwright", `{"_wasFulfilled":true,"request":{"method":"GET","url":"http://a/"},"response":{"status":200}}`, ""},
		{"overridden in Safari", "WebKit Web Inspector", `{"_fetchType":"Inspector Override","request":{"method":"GET","url":"http://a/"},"response":{"status":200}}`, ""},
		{"another size than that of the text", "Charles Proxy", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":200,"content":{"size":30,"text":"{\"message\":\"expired\"}"}}}`, `GET http://a/ 200 0 fields "{\"message\":\"expired\"}" seen`},
		{"by a service worker", "WebInspector", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":200,"_fetchedViaServiceWorker":true}}`, ""},
		{"without a service worker", "WebInspector", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":200,"_fetchedViaServiceWorker":false}}`, "GET http://a/ 200 0 fields"},
		{"data", "WebInspector", `{"request":{"method":"GET","url":"data:text/plain,a://b"},"response":{"status":200}}`, ""},
		{"an extension", "WebInspector", `{"request":{"method":"GET","url":"chrome-extension://abc/a.js"},"response":{"status":200}}`, ""},
		{"WebSocket", "WebInspector", `{"request":{"method":"GET","url":"wss://a/b"},"response":{"status":101}}`, "GET https://a/b 101 0 fields"},
		{"WebSocket without TLS", "WebInspector", `{"request":{"method":"GET","url":"ws://a/b"},"response":{"status":101}}`, "GET http://a/b 101 0 fields"},
		{"an unknown recorder", "", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":200,"headers":[{"name":"A","value":"b"}]}}`, "GET http://a/ 200 1 fields"},
		{"no response", "mitmproxy", `{"request":{"method":"GET","url":"http://a/"},"response":null}`, "GET http://a/ 0 0 fields no answer recorded"},
		{"a request that is not known", "statute", `{"request":{"method":"","url":""},"response":{"status":200}}`, "200 0 fields"},
		{"base64 in lines, without padding", "Burp", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":200,"content":{"text":"aGVs\r\nbG8","encoding":"base64"}}}`, `GET http://a/ 200 0 fields "hello" seen`},
		{"pairs of surrogates", "k6", `{"request":{"method":"GET","url":"http://a/"},"response":{"status":200,"content":{"size":4,"text":"\ud83d\ude00"}}}`, `GET http://a/ 200 0 fields "😀" seen`},
	} {
		t.Run(test.name, func(t *testing.T) {
			all, errs := read(`{"log":{"creator":{"name":"` + test.recorder + `"},"entries":[` + test.entry + `]}}`)
			got := ""
			for _, x := range all {
				got = line(x)
			}
			if len(errs) > 0 || got != test.want {
				t.Errorf("got %q, want %q (%v)", got, test.want, errs)
			}
		})
	}
}

// TestHARHiddenFields holds which requests of a browser count as seen.
func TestHARHiddenFields(t *testing.T) {
	entry := func(status int, headers string) string {
		return fmt.Sprintf(`{"request":{"method":"GET","url":"http://a/","headers":[%s{"name":"Accept","value":"*/*"}]},"response":{"status":%d}}`, headers, status)
	}
	const (
		host      = `{"name":"Host","value":"a"},`
		authority = `{"name":":authority","value":"a"},`
		condition = `{"name":"If-None-Match","value":"\"a\""},`
		cookie    = `{"name":"Cookie","value":"a=b"},`
	)
	for _, test := range []struct {
		name, recorder string
		entries        []string
		want           bool // of the last
	}{
		{"what the page set", "WebInspector", []string{entry(200, "")}, false},
		{"what was sent", "WebInspector", []string{entry(200, host)}, true},
		{"what was sent, HTTP/2", "WebInspector", []string{entry(200, authority)}, true},
		{"no host, by a client", "Insomnia", []string{entry(200, "")}, true},
		{"304 without the cache's condition", "Firefox", []string{entry(304, host)}, false},
		{"304 with the cache's condition", "Firefox", []string{entry(304, host+condition)}, true},
		{"304 without a condition, by a client", "Insomnia", []string{entry(304, host)}, true},
		{"403, credentials taken out", "WebInspector", []string{entry(403, host)}, false},
		{"403, with credentials", "WebInspector", []string{entry(403, host+cookie)}, true},
		{"403, credentials elsewhere", "WebInspector", []string{entry(200, host+cookie), entry(403, host)}, true},
		{"403, what the page set", "WebInspector", []string{entry(200, host+cookie), entry(403, "")}, false},
		{"403 in Firefox, which takes nothing out", "Firefox", []string{entry(403, host)}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			all, errs := read(`{"log":{"creator":{"name":"` + test.recorder + `"},"entries":[` + strings.Join(test.entries, ",") + `]}}`)
			if len(all) != len(test.entries) {
				t.Fatal(errs)
			}
			if got := all[len(all)-1].Seen.Has(statute.SeenRequestFields); got != test.want {
				t.Errorf("seen: %v, want %v", got, test.want)
			}
		})
	}
}

// TestHARLong holds content of any length to what is kept of it.
func TestHARLong(t *testing.T) {
	for _, test := range []struct {
		name, content string
		size          int64
	}{
		{"plain", `{"text":"` + strings.Repeat("abcdefgh", maxContent/4) + `"}`, maxContent * 2},
		{"escapes", `{"text":"` + strings.Repeat(`abc\n\"\u00e9\/`, maxContent/4) + `"}`, maxContent * 2},
		{"base64", `{"encoding":"base64","text":"` + strings.Repeat("AAECAwQF", maxContent) + `"}`, maxContent * 6},
	} {
		t.Run(test.name, func(t *testing.T) {
			all, errs := read(one("recorder", "", `,"content":`+test.content))
			if len(all) != 1 {
				t.Fatal(errs)
			}
			b := all[0].Response.Body
			if n := len(b.Bytes); n > maxContent || n < maxContent-8 || b.Size != test.size || !b.Cut {
				t.Errorf("got %d of %d bytes, cut: %v; want %d of %d", n, b.Size, b.Cut, maxContent, test.size)
			}
		})
	}
}

func TestChars(t *testing.T) {
	for _, test := range []struct {
		text  string
		limit int
		want  string
		size  int64
	}{
		{`"abc"`, 9, "abc", 3},
		{`"abc"`, 2, "ab", 3},
		{`"a\tb\/\u00e9"`, 9, "a\tb/é", 6},
		{`"a\u00e9b"`, 2, "a", 4}, // no half characters, and nothing after what is left out
		{`"\ud83d\ude00\ud83d\u0041"`, 9, "😀\ufffdA", 8},
		{`null`, 9, "", 0},
	} {
		s := newScanner(strings.NewReader(test.text + " "))
		if got, size := s.chars(test.limit); string(got) != test.want || size != test.size || s.mistake != nil || s.err != nil {
			t.Errorf("%s: got %q of %d (%v, %v), want %q of %d", test.text, got, size, s.mistake, s.err, test.want, test.size)
		}
	}
}

// TestScannerEnds sees that the end of the input is one error, wherever it comes.
func TestScannerEnds(t *testing.T) {
	const whole = `{"a":["b\n\u00e9\ud83d\ude00",-1.5e3,null,{"c":"\\"}],"d":{"e":"\""}}`
	for i := range len(whole) {
		for name, read := range map[string]func(*scanner){"read": func(s *scanner) { value(s) }, "skipped": (*scanner).skip} {
			s := newScanner(strings.NewReader(whole[:i]))
			if read(s); !errors.Is(s.err, io.ErrUnexpectedEOF) {
				t.Errorf("%s is %s: %v", whole[:i], name, s.err)
			}
		}
	}
}

// FuzzHAR sees that whatever comes, the reader ends, and that exchanges written
// down as they were read are read as they were.
func FuzzHAR(f *testing.F) {
	f.Add(one("recorder", `,"postData":{"text":"{}"}`, `,"content":{"size":2,"text":"ok"}`))
	f.Add(one("WebInspector", `,"bodySize":7`, `,"content":{"size":9,"text":"AP8B","encoding":"base64"},"_interim":[{"status":103}],"_error":"a"`))
	f.Add(`{"log":{"entries":[{},{"request":{"method":"GET","url":"*"}}]}}`)
	f.Add(`{"log":{"creator":[],"entries":[{"request":{"url":"http://a*","method":"OPTIONS"},"response":{"status":"200"},"time":1.5,"startedDateTime":"2026-11-21T12:00:00+0100"}]}}`)
	f.Fuzz(func(t *testing.T, har string) {
		all, errs := read(har)
		for _, x := range all {
			sound(t, x)
		}
		for i, err := range errs {
			var e *EntryError
			if i < len(errs)-1 && !errors.As(err, &e) {
				t.Errorf("the reader goes on after: %v", err)
			}
		}
		var written strings.Builder
		if err := WriteHAR(&written, slices.Values(all)); err != nil {
			t.Fatal(err)
		}
		again, errs := read(written.String())
		if len(errs) > 0 {
			t.Fatalf("%v\n%s", errs, written.String())
		}
		if !utf8.ValidString(har) {
			return // what is no UTF-8 cannot be written but as content
		}
		for _, x := range all {
			writable(x)
		}
		if diff := cmp.Diff(all, again, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(statute.Source{}, "Entry", "Line")); diff != "" {
			t.Errorf("written and read again (-first +again):\n%s", diff)
		}
	})
}

// writable makes of an exchange what an archive can say of it.
func writable(x *statute.Exchange) {
	if x.Request.Scheme == "" && x.Request.Authority != "" {
		x.Request.Scheme = "http"
	}
}

// FuzzScanner sees that the scanner reads what encoding/json reads as that does.
func FuzzScanner(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,2.5e3,"b",null,true,{"c":"\u00e9\ud83d\ude00\ud83d\n"}],"d":{}}`, `[]`, `["]}",{"\"":[[["{"]]]}]`, `{"a":1,"a":2}`, `"\ud800\u0041"`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !json.Valid([]byte(text)) || !utf8.ValidString(text) || len(text) > maxName { // names and numbers may not be longer
			return
		}
		var want any
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&want); err != nil {
			t.Fatal(err)
		}
		s := newScanner(iotest.HalfReader(strings.NewReader(text + " ")))
		got := value(s)
		if s.err != nil || s.mistake != nil {
			t.Fatalf("%s: %v, %v", text, s.err, s.mistake)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
		s = newScanner(strings.NewReader(`{"a":` + text + `,"b":17}`))
		for name := range s.members() {
			if string(name) == "a" {
				s.skip()
			} else if n, ok := s.number(); !ok || n != 17 {
				t.Errorf("after skipping %s: %v, %v, %v", text, n, s.err, s.mistake)
			}
		}
	})
}

// value reads any value as encoding/json does.
func value(s *scanner) any {
	switch c := s.next(); c {
	case '{':
		members := map[string]any{}
		for name := range s.members() {
			key := string(name)
			members[key] = value(s)
		}
		return members
	case '[':
		elements := []any{}
		for range s.elements() {
			elements = append(elements, value(s))
		}
		return elements
	case '"':
		text, _ := s.chars(maxText)
		return string(text)
	default:
		switch word := string(s.word()); word {
		case "true", "false":
			return word == "true"
		case "null":
			return nil
		default:
			return json.Number(word)
		}
	}
}
