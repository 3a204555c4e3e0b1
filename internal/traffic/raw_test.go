package traffic

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

func TestRaw(t *testing.T) {
	const get = "GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n"
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{
			"one after another",
			get + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" +
				"POST /a HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\n\r\na=b" + "HTTP/1.1 204 No Content\r\n\r\n",
			[]string{`GET http://a.example/a 200 1 fields "{}" seen wire`, `POST http://a.example/a "a=b" 204 0 fields seen wire`},
		},
		{
			"by hand",
			"\n\nGET /a HTTP/1.1\nHost: a.example\n\n\nHTTP/1.1 200 OK\nContent-Type: text/plain\n\none\n\ntwo\n\n\nGET /b HTTP/1.1\n\nHTTP/1.1 404 Not Found\n",
			[]string{`GET http://a.example/a 200 1 fields "one\n\ntwo" seen wire`, "GET /b 404 0 fields seen wire"},
		},
		{"responses alone", "HTTP/1.1 302 Found\nLocation: /b\n\nHTTP/2 200\ncontent-type: a/b\n\n{}\n", []string{"302 1 fields", `200 1 fields "{}\n" seen`}},
		{"to HEAD", "HEAD /a HTTP/1.1\n\nHTTP/1.1 200 OK\nContent-Length: 12\n\n", []string{"HEAD /a 200 1 fields seen wire"}},
		{"to HEAD or not", "HTTP/1.1 200 OK\nContent-Length: 12\n\n", []string{"200 1 fields"}},
		{"content after HEAD", "HEAD /a HTTP/1.1\n\nHTTP/1.1 200 OK\nContent-Length: 2\n\n{}", []string{`HEAD /a 200 1 fields "{}" seen wire`}},
		{"content after 204", get + "HTTP/1.1 204 No Content\n\n{}", []string{`GET http://a.example/a 204 0 fields "{}" seen wire`}},
		{"empty line after 204", get + "HTTP/1.1 204 No Content\n\n\n", []string{"GET http://a.example/a 204 0 fields seen wire"}},
		{"interim", get + "HTTP/1.1 103 Early Hints\nLink: </a>\n\nHTTP/1.1 200 OK\n\n", []string{"GET http://a.example/a 103 200 0 fields seen wire"}},
		{"a new protocol", get + "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\n\n", []string{"GET http://a.example/a 101 1 fields seen wire"}},
		{"in chunks", get + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nA: b\r\n\r\n" + get, []string{`GET http://a.example/a 200 1 fields "{}" A: b seen wire`, "GET http://a.example/a 0 0 fields no answer recorded"}},
		{"no longer in chunks", get + "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n{}\n", []string{`GET http://a.example/a 200 1 fields "{}\n" seen`}},
		{"digits that are no chunk", get + "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n17\n18\n", []string{`GET http://a.example/a 200 1 fields "17\n18\n" seen`}},
		{"a broken chunk", get + "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\n{}\nxyz\n" + get + "HTTP/1.1 204 No\n\n", []string{
			`GET http://a.example/a 200 1 fields "{}" of 2 chunk size after 2 bytes of content is "xyz" seen`, "GET http://a.example/a 204 0 fields seen wire",
		}},
		{"content left out", get + "HTTP/1.1 200 OK\nContent-Length: 99\n\n" + get + "HTTP/1.1 204 No\n\n", []string{"GET http://a.example/a 200 1 fields of 99", "GET http://a.example/a 204 0 fields seen wire"}},
		{"content cut short", get + "HTTP/1.1 200 OK\nContent-Length: 99\n\n{...}\n" + get + "HTTP/1.1 204 No\n\n", []string{`GET http://a.example/a 200 1 fields "{...}" of 99 seen`, "GET http://a.example/a 204 0 fields seen wire"}},
		{"decompressed", get + "HTTP/1.1 200 OK\nContent-Length: 1\n\n{}\n", []string{`GET http://a.example/a 200 1 fields "{}\n" seen`}},
		{"messages within content", get + "HTTP/1.1 200 OK\nContent-Length: 17\n\nGET /b HTTP/1.1\n\n\n" + get + "HTTP/1.1 204 No\n\n", []string{`GET http://a.example/a 200 1 fields "GET /b HTTP/1.1\n\n" seen wire`, "GET http://a.example/a 204 0 fields seen wire"}},
		{"prose within content", get + "HTTP/1.1 200 OK\n\nGET it by HTTP/1.1\nHTTP/1.1 is old\n", []string{`GET http://a.example/a 200 0 fields "GET it by HTTP/1.1\nHTTP/1.1 is old\n" seen wire`}},
		{"no answers", get + get, []string{"GET http://a.example/a 0 0 fields no answer recorded", "GET http://a.example/a 0 0 fields no answer recorded"}},
		{"interim alone", get + "HTTP/1.1 100 Continue\n\n", []string{"GET http://a.example/a 100 0 0 fields no answer recorded"}},
		{"content of the request left out", "PUT /a HTTP/1.1\nContent-Length: 99\n\nHTTP/1.1 204 No\n\n", []string{`PUT /a "" 204 0 fields seen wire`}},
		{"a tunnel", "CONNECT a.example:443 HTTP/1.1\n\nHTTP/1.1 200 OK\n\nHTTP/1.1 200 OK\n\n{}", []string{`200 0 fields "{}" seen`}},
		{"a tunnel, for curl -i", "HTTP/1.0 200 Connection established\n\nHTTP/1.1 200 OK\n\n{}", []string{`200 0 fields "{}" seen`}},
		{"the last chunk alone", get + "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\nA: b\n\n", []string{"GET http://a.example/a 200 1 fields A: b seen wire"}},
		{"HTTP/2 as text", "GET /a HTTP/2\nHost: a.example\n\nHTTP/2 200\n\n{}", []string{`GET http://a.example/a 200 0 fields "{}" seen`}},
		{"absolute-form", "GET http://a.example/a HTTP/1.1\n\nHTTP/1.1 204 No\n\n", []string{"GET http://a.example/a 204 0 fields seen wire"}},
		{"rubbish after a message", get + "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\n\nrubbish", []string{"GET http://a.example/a 200 1 fields seen wire", `message 3: "rubbish" begins none`}},
		{"a length beyond all bounds", get + "HTTP/1.1 200 OK\nContent-Length: 4611686018427387903\n\n{}", []string{`GET http://a.example/a 200 1 fields "{}" seen`}},
		{"a long header section", "GET /a HTTP/1.1\nA: " + strings.Repeat("a", lookahead), []string{"message 1: header section is longer than 512 KiB"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, lines(test.text)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(lines(test.text), bytewise(test.text)); diff != "" {
				t.Errorf("byte by byte (-at once +by bytes):\n%s", diff)
			}
		})
	}
}

// TestLines sees on which lines of a recording its entries begin.
func TestLines(t *testing.T) {
	entry := `{"request":{"method":"GET","url":"http://a/"},"response":{"status":200,"content":{"text":"` + strings.Repeat("a", 40<<10) + `"}}}`
	for name, test := range map[string]struct {
		text string
		want string
	}{
		"HAR":   {"{\n \"log\": {\n  \"entries\": [\n" + entry + ",\n\n" + entry + "\n,{\n}," + entry + "]}}", "[4 6 8]"},
		"raw":   {"\n\r\nGET /a HTTP/1.1\nHost: a\n\n\nHTTP/1.1 200 OK\n\n" + strings.Repeat("a\n", 5000) + "\nGET /b HTTP/1.1\n\nHTTP/1.1 204 No\n\n", "[3 5010]"},
		"curl":  {"* Trying\n> GET /a HTTP/1.1\n> Host: a\n>\n< HTTP/1.1 200 OK\n<\n" + strings.Repeat("a", 200<<10) + "\n* done\n> GET /b HTTP/1.1\n>\n< HTTP/1.1 204 No\n<\n", "[2 9]"},
		"alone": {"HTTP/1.1 200 OK\nContent-Length: 3\n\na\nb\nHTTP/1.1 404 Not Found\n\n", "[1 6]"},
	} {
		t.Run(name, func(t *testing.T) {
			for how, r := range map[string]io.Reader{"at once": strings.NewReader(test.text), "by bytes": iotest.OneByteReader(strings.NewReader(test.text))} {
				var got []int
				for x, err := range Read(r, "") {
					if err == nil {
						got = append(got, x.Source.Line)
					}
				}
				if fmt.Sprint(got) != test.want {
					t.Errorf("%s: got %v, want %s", how, got, test.want)
				}
			}
		})
	}
}

// TestDecoded sees that content in a coding is read as what was coded, and that
// its size stays that on the wire.
func TestDecoded(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, `{"success":false}`)
	w.Close()
	zipped := b.String()
	head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n", len(zipped))
	const get = "GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n"
	for name, text := range map[string]string{
		"raw":             get + head + zipped,
		"curl -i":         head + zipped,
		"curl -v":         "> GET /a HTTP/1.1\r\n> \r\n< " + strings.ReplaceAll(strings.TrimSuffix(head, "\r\n"), "\r\n", "\r\n< ") + "\r\n" + zipped,
		"decoded by curl": head + `{"success":false}`,
	} {
		t.Run(name, func(t *testing.T) {
			for x, err := range Read(strings.NewReader(text), "") {
				if err != nil {
					t.Fatal(err)
				}
				if got := x.Response.Body; string(got.Bytes) != `{"success":false}` || got.Cut || name == "raw" && got.Size != int64(len(zipped)) {
					t.Errorf("got %q of %d, cut: %v", got.Bytes, got.Size, got.Cut)
				}
			}
		})
	}
}

// bytewise sums up a recording that comes byte by byte.
func bytewise(text string) (all []string) {
	for x, err := range Read(iotest.OneByteReader(strings.NewReader(text)), "") {
		if err != nil {
			all = append(all, err.Error())
		} else {
			all = append(all, line(x))
		}
	}
	return all
}

// TestRawLong holds content of any length to what is kept of it.
func TestRawLong(t *testing.T) {
	long := strings.Repeat("0123456789abcde\n", lookahead/16+1)
	for name, head := range map[string]string{"with its length": fmt.Sprintf("Content-Length: %d\n", len(long)), "without": ""} {
		next := "GET /a HTTP/1.1\n\nHTTP/1.1 204 No\n\n"
		var all []*statute.Exchange
		for x, err := range Raw(strings.NewReader("GET /a HTTP/1.1\n\nHTTP/1.1 200 OK\n"+head+"\n"+long+next), "") {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, x)
		}
		if len(all) != 2 {
			t.Fatalf("%s: got %d exchanges", name, len(all))
		}
		if b := all[0].Response.Body; b.Size != int64(len(long)) || len(b.Bytes) != maxContent || !b.Cut {
			t.Errorf("%s: got %d of %d bytes, cut: %v", name, len(b.Bytes), b.Size, b.Cut)
		}
	}
}

// TestRead sees that the right reader is taken, and says what is none's.
func TestRead(t *testing.T) {
	const response = "HTTP/1.1 204 No Content\n\n"
	var compressed bytes.Buffer
	w := gzip.NewWriter(&compressed)
	io.WriteString(w, response)
	w.Close()
	var twice bytes.Buffer
	w = gzip.NewWriter(&twice)
	w.Write(compressed.Bytes())
	w.Close()
	for _, test := range []struct{ name, text, want string }{
		{"HAR", ` {"log":{"entries":[{"request":{"method":"GET","url":"http://a.example/"},"response":{"status":204}}]}}`, "GET http://a.example/ 204 0 fields"},
		{"HAR after a byte order mark", "\xef\xbb\xbf" + `{"log":{"entries":[{"request":{"method":"GET","url":"http://a.example/"},"response":{"status":204}}]}}`, "GET http://a.example/ 204 0 fields"},
		{"messages", "\r\n" + response, "204 0 fields"},
		{"compressed", compressed.String(), "204 0 fields"},
		{"compressed twice", twice.String(), "gzip within gzip: unpack it once"},
		{"compressed, cut", compressed.String()[:20], "unexpected EOF"},
		{"compressed, broken", "\x1f\x8b\x00", "unexpected EOF"},
		{"curl -v", "> GET / HTTP/1.1\n> \n< HTTP/1.1 204 No\n< \n", "GET / 204 0 fields seen"},
		{"nothing", "", "no recording: it is empty"},
		{"UTF-16", "\xff\xfe{\x00", "it is encoded in UTF-16: store it in UTF-8"},
		{"UTF-16 without a mark", "{\x00\"\x00", "it is encoded in UTF-16: store it in UTF-8"},
		{"zeros", "\x00\x00\x00", `no recording: it begins with "\x00\x00\x00", not as a HAR, HTTP messages or what curl -i or -v prints does`},
		{"a description", "openapi: 3.1.0\ninfo:\n", `no recording: it begins with "openapi: 3.1.0\ninfo:\n", not as a HAR, HTTP messages or what curl -i or -v prints does`},
		{"prose", "GET it by HTTP/1.1", `no recording: it begins with "GET it by HTTP/1.1", not as a HAR, HTTP messages or what curl -i or -v prints does`},
	} {
		if diff := cmp.Diff([]string{test.want}, lines(test.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
	for x, err := range Read(iotest.ErrReader(io.ErrClosedPipe), "") {
		if x != nil || err != io.ErrClosedPipe {
			t.Errorf("got %v, %v", x, err)
		}
	}
}

// FuzzRaw sees that whatever comes, the reader ends, and that exchanges written
// down as they were read are read as they were.
func FuzzRaw(f *testing.F) {
	for _, text := range []string{
		"GET /a HTTP/1.1\r\nHost: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
		"PUT /a HTTP/1.1\nContent-Length: 9\n\n{}\nHTTP/1.1 103 Early Hints\n\nHTTP/1.1 204 No Content\n\n",
		"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\na\n0\n\n", "HTTP/2 200\n\n{}", "HTTP/1.1 200 OK\nContent-Length: 4\n\n\n\n\n\nHTTP/1.1 200 OK",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := 0
		for x, err := range Raw(strings.NewReader(text), "") {
			if err != nil {
				continue
			}
			if x.Source.Entry != n {
				t.Errorf("entry %d comes as %d", n, x.Source.Entry)
			}
			sound(t, x)
			if x.Seen.Has(statute.SeenWire) && x.Error == "" {
				again(t, x)
			}
			n++
		}
		if most := strings.Count(text, "HTTP/"); n > most {
			t.Errorf("%d exchanges, and %d messages at most", n, most)
		}
	})
}

// again writes an exchange whose bytes are those of the wire, and reads it.
func again(t *testing.T, x *statute.Exchange) {
	t.Helper()
	q := &x.Request
	if q.Fields.Has("Transfer-Encoding") || x.Response.Fields.Has("Transfer-Encoding") || q.Body.Size != int64(len(q.Body.Bytes)) || !q.Body.Empty() && length(q.Fields) != q.Body.Size {
		return // written in another way
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s %s\r\n", q.Method, q.Target, q.Proto)
	for _, f := range q.Fields {
		fmt.Fprintf(&b, "%s: %s\r\n", f.Name, f.Value)
	}
	b.WriteString("\r\n")
	b.Write(q.Body.Bytes)
	for _, p := range append(x.Interim, x.Response) {
		fmt.Fprintf(&b, "%s %03d %s\r\n", p.Proto, p.Status, p.Reason)
		for _, f := range p.Fields {
			fmt.Fprintf(&b, "%s: %s\r\n", f.Name, f.Value)
		}
		b.WriteString("\r\n")
	}
	b.Write(x.Response.Body.Bytes)
	for y, err := range Raw(&b, "") {
		if err != nil {
			t.Fatalf("%v in\n%s", err, b.Bytes())
		}
		if diff := cmp.Diff(x.Response.Status, y.Response.Status); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		return
	}
}
