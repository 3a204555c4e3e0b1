package statute

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// lines joins lines as they come over the wire.
func lines(all ...string) string { return strings.Join(all, "\r\n") }

func TestReadResponse(t *testing.T) {
	content := func(s string) Body { return Body{Bytes: []byte(s), Size: int64(len(s))} }
	cut := func(s string, size int64) Body { return Body{Bytes: []byte(s), Size: size, Cut: true} }
	for _, tt := range []struct {
		name   string
		in     string
		method string
		want   Response
		rest   string // what is left to read
		err    string // part of the error's text
	}{{
		name: "plain",
		in:   lines("HTTP/1.1 404 Not Found", "content-LENGTH:4", "X:", "x: a b \t", "", "gonemore"),
		want: Response{
			Status: 404, Reason: "Not Found", Proto: "HTTP/1.1",
			Fields: Fields{{"content-LENGTH", "4"}, {"X", ""}, {"x", "a b"}},
			Body:   content("gone"),
		},
		rest: "more",
	}, {
		name: "bare line feeds and empty lines ahead",
		in:   "\n\r\nHTTP/1.1 200 OK\nContent-Length: 2\n\nokmore",
		want: Response{Status: 200, Reason: "OK", Proto: "HTTP/1.1", Fields: Fields{{"Content-Length", "2"}}, Body: content("ok")},
		rest: "more",
	}, {
		name: "no reason, as curl prints HTTP/2",
		in:   lines("HTTP/2 200 ", "content-length: 2", "", "ok"),
		want: Response{Status: 200, Proto: "HTTP/2", Fields: Fields{{"content-length", "2"}}, Body: content("ok")},
	}, {
		name: "odd version, odd status, much space",
		in:   lines("HTTP/1.10  \t099   Well,  well ", "", ""),
		want: Response{Status: 99, Reason: "Well,  well", Proto: "HTTP/1.10"},
	}, {
		name: "until close",
		in:   lines("HTTP/1.0 200 OK", "", "all the rest"),
		want: Response{Status: 200, Reason: "OK", Proto: "HTTP/1.0", Body: content("all the rest")},
	}, {
		name: "odd field lines",
		in:   lines("HTTP/1.1 200", " consumed", "\tconsumed", "A : 1", "no colon", ": no name", "B: 2", "  3", "\t", "\t4 ", "C:", " ", "Content-Length: 0", "", "more"),
		want: Response{Status: 200, Proto: "HTTP/1.1", Fields: Fields{
			{"A", "1"}, {"no colon", ""}, {"", "no name"}, {"B", "2 3  4"}, {"C", ""}, {"Content-Length", "0"},
		}},
		rest: "more",
	}, {
		name: "chunks",
		in: lines("HTTP/1.1 200 OK", "Transfer-Encoding: gzip", "Transfer-Encoding: , Chunked", "Content-Length: 3", "",
			"4;a=b;c=\"d\"", "wiki", "00B ; x", "pedia\r\nin\r\n", "0000", "Expires: never", "", "more"),
		want: Response{
			Status: 200, Reason: "OK", Proto: "HTTP/1.1",
			Fields:  Fields{{"Transfer-Encoding", "gzip"}, {"Transfer-Encoding", ", Chunked"}, {"Content-Length", "3"}},
			Body:    content("wikipedia\r\nin\r\n"),
			Trailer: Fields{{"Expires", "never"}},
		},
		rest: "more",
	}, {
		name: "chunked is not last",
		in:   lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked, gzip", "Content-Length: 1", "", "2\r\n"),
		want: Response{
			Status: 200, Reason: "OK", Proto: "HTTP/1.1",
			Fields: Fields{{"Transfer-Encoding", "chunked, gzip"}, {"Content-Length", "1"}},
			Body:   content("2\r\n"),
		},
	}, {
		name: "transfer coding before HTTP/1.1",
		in:   lines("HTTP/1.0 200 OK", "Transfer-Encoding: chunked", "Content-Length: 3", "", "2\r\nmore"),
		want: Response{
			Status: 200, Reason: "OK", Proto: "HTTP/1.0",
			Fields: Fields{{"Transfer-Encoding", "chunked"}, {"Content-Length", "3"}},
			Body:   content("2\r\n"),
		},
		rest: "more",
	}, {
		name: "no content to HEAD", method: "HEAD",
		in:   lines("HTTP/1.1 200 OK", "Content-Length: 4", "", "more"),
		want: Response{Status: 200, Reason: "OK", Proto: "HTTP/1.1", Fields: Fields{{"Content-Length", "4"}}},
		rest: "more",
	}, {
		name: "no content with 304",
		in:   lines("HTTP/1.1 304 Not Modified", "Transfer-Encoding: chunked", "", "more"),
		want: Response{Status: 304, Reason: "Not Modified", Proto: "HTTP/1.1", Fields: Fields{{"Transfer-Encoding", "chunked"}}},
		rest: "more",
	}, {
		name: "interim",
		in:   lines("HTTP/1.1 103 Early Hints", "Link: </a>", "", "HTTP/1.1 200 OK"),
		want: Response{Status: 103, Reason: "Early Hints", Proto: "HTTP/1.1", Fields: Fields{{"Link", "</a>"}}},
		rest: "HTTP/1.1 200 OK",
	}, {
		name: "tunnel", method: "CONNECT",
		in:   lines("HTTP/1.1 200 OK", "Content-Length: 4", "", "more"),
		want: Response{Status: 200, Reason: "OK", Proto: "HTTP/1.1", Fields: Fields{{"Content-Length", "4"}}},
		rest: "more",
	}, {
		name: "refused tunnel", method: "CONNECT",
		in:   lines("HTTP/1.1 407", "Content-Length: 2", "", "nomore"),
		want: Response{Status: 407, Proto: "HTTP/1.1", Fields: Fields{{"Content-Length", "2"}}, Body: content("no")},
		rest: "more",
	}, {
		name: "repeated length",
		in:   lines("HTTP/1.1 200", "Content-Length: 2, 2", "Content-Length: 02", "", "okmore"),
		want: Response{Status: 200, Proto: "HTTP/1.1", Fields: Fields{{"Content-Length", "2, 2"}, {"Content-Length", "02"}}, Body: content("ok")},
		rest: "more",
	}, {
		name: "conflicting lengths",
		in:   lines("HTTP/1.1 200", "Content-Length: 2", "Content-Length: 3", "", "ok"),
		want: Response{Status: 200, Proto: "HTTP/1.1", Fields: Fields{{"Content-Length", "2"}, {"Content-Length", "3"}}},
		rest: "ok",
		err:  "conflicting Content-Length 2 and 3",
	}, {
		name: "invalid length",
		in:   lines("HTTP/1.1 200", "Content-Length: -1", "", ""),
		want: Response{Status: 200, Proto: "HTTP/1.1", Fields: Fields{{"Content-Length", "-1"}}},
		err:  `invalid Content-Length "-1"`,
	}, {
		name: "length beyond all bounds",
		in:   lines("HTTP/1.1 200", "Content-Length: 9223372036854775808", "", ""),
		want: Response{Status: 200, Proto: "HTTP/1.1", Fields: Fields{{"Content-Length", "9223372036854775808"}}},
		err:  `invalid Content-Length "9223372036854775808"`,
	}, {
		name: "empty length",
		in:   lines("HTTP/1.1 200", "Content-Length: ,", "", ""),
		want: Response{Status: 200, Proto: "HTTP/1.1", Fields: Fields{{"Content-Length", ","}}},
		err:  "empty Content-Length",
	}, {
		name: "over the limit",
		in:   lines("HTTP/1.1 200", "", strings.Repeat("0123456789", 500)),
		want: Response{Status: 200, Proto: "HTTP/1.1", Body: cut("01234567890123456789", 5000)},
	}, {
		name: "chunks over the limit",
		in:   lines("HTTP/1.1 200", "Transfer-Encoding: chunked", "", "f", "0123456789abcde", "F", "0123456789abcde", "0", "", "more"),
		want: Response{
			Status: 200, Proto: "HTTP/1.1", Fields: Fields{{"Transfer-Encoding", "chunked"}},
			Body: cut("0123456789abcde01234", 30),
		},
		rest: "more",
	}, {
		name: "content breaks off",
		in:   lines("HTTP/1.1 200", "Content-Length: 40", "", "hello, world"),
		want: Response{Status: 200, Proto: "HTTP/1.1", Fields: Fields{{"Content-Length", "40"}}, Body: cut("hello, world", 12)},
		err:  "content ended after 12 of 40 bytes: unexpected EOF",
	}, {
		name: "chunk breaks off",
		in:   lines("HTTP/1.1 200", "Transfer-Encoding: chunked", "", "2", "ab", "8", "cde"),
		want: Response{Status: 200, Proto: "HTTP/1.1", Fields: Fields{{"Transfer-Encoding", "chunked"}}, Body: cut("abcde", 5)},
		err:  "content ended after 3 of 8 bytes of a chunk, 5 in all: unexpected EOF",
	}, {
		name: "no last chunk",
		in:   lines("HTTP/1.1 200", "Transfer-Encoding: chunked", "", "2", "ab", ""),
		want: Response{Status: 200, Proto: "HTTP/1.1", Fields: Fields{{"Transfer-Encoding", "chunked"}}, Body: cut("ab", 2)},
		err:  "content ended after 2 bytes, where a chunk size is due: unexpected EOF",
	}, {
		name: "trailer breaks off",
		in:   lines("HTTP/1.1 200", "Transfer-Encoding: chunked", "", "2", "ab", "0", "A: b", ""),
		want: Response{
			Status: 200, Proto: "HTTP/1.1", Fields: Fields{{"Transfer-Encoding", "chunked"}}, Body: cut("ab", 2),
			Trailer: Fields{{"A", "b"}},
		},
		err: "reading trailer section: unexpected EOF",
	}, {
		name: "chunk size is none",
		in:   lines("HTTP/1.1 200", "Transfer-Encoding: chunked", "", `{"not":"chunked"}`, ""),
		want: Response{Status: 200, Proto: "HTTP/1.1", Fields: Fields{{"Transfer-Encoding", "chunked"}}, Body: Body{Cut: true}},
		err:  `chunk size after 0 bytes of content is "{\"not\":\"chunked\"}"`,
	}, {
		name: "chunk longer than it says",
		in:   lines("HTTP/1.1 200", "Transfer-Encoding: chunked", "", "2", "abc", "0", "", ""),
		want: Response{Status: 200, Proto: "HTTP/1.1", Fields: Fields{{"Transfer-Encoding", "chunked"}}, Body: cut("ab", 2)},
		err:  "chunk after 0 bytes of content is longer than its size says",
		rest: lines("0", "", ""),
	}, {
		name: "header section breaks off",
		in:   lines("HTTP/1.1 200", "A: b", "C"),
		want: Response{Status: 200, Proto: "HTTP/1.1", Fields: Fields{{"A", "b"}, {"C", ""}}},
		err:  "reading header section: unexpected EOF",
	}} {
		t.Run(tt.name, func(t *testing.T) {
			r := bufio.NewReader(iotest.OneByteReader(strings.NewReader(tt.in)))
			got, err := ReadResponse(r, tt.method, 20)
			if diff := cmp.Diff(&tt.want, got); diff != "" {
				t.Errorf("response (-want +got):\n%s", diff)
			}
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("error = %v, want %q", err, tt.err)
			}
			if rest, _ := io.ReadAll(r); string(rest) != tt.rest {
				t.Errorf("left to read: %q, want %q", rest, tt.rest)
			}
		})
	}
}

func TestReadResponseRefuses(t *testing.T) {
	for _, tt := range []struct{ name, in, err string }{
		{"nothing", "", "EOF"},
		{"empty lines", "\r\n\n", "EOF"},
		{"another protocol", "SSH-2.0-OpenSSH_9.6\r\n", `reading status line: "SSH-2.0-OpenSSH_9.6" is none`},
		{"a request", "GET / HTTP/1.1\r\n\r\n", `reading status line: "GET / HTTP/1.1" is none`},
		{"two digits", "HTTP/1.1 20 OK\r\n\r\n", `reading status line: "HTTP/1.1 20 OK" is none`},
		{"four digits", "HTTP/1.1 2000\r\n\r\n", `reading status line: "HTTP/1.1 2000" is none`},
		{"a sign", "HTTP/1.1 +20\r\n\r\n", `reading status line: "HTTP/1.1 +20" is none`},
		{"status line breaks off", "HTTP/1.1 200", "reading status line: unexpected EOF"},
		{"status line without end", "HTTP/1.1 200 " + strings.Repeat("x", maxSection), "reading status line: longer than 256 KiB"},
		{"empty lines without end", strings.Repeat("\n", maxSection+1), "longer than 256 KiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ReadResponse(bufio.NewReader(strings.NewReader(tt.in)), "GET", 20)
			if err == nil || err.Error() != tt.err || got != nil {
				t.Errorf("response = %+v, error = %v, want %q", got, err, tt.err)
			}
		})
	}
}

// TestReadBounds feeds sections that never end; what is kept stays small.
func TestReadBounds(t *testing.T) {
	for _, tt := range []struct{ name, head, endless string }{
		{"one line", "HTTP/1.1 200 OK\r\nA: ", "b"},
		{"many lines", "HTTP/1.1 200 OK\r\n", "A: b\r\n"},
		{"folds", "HTTP/1.1 200 OK\r\nA: b\r\n", " c\n"},
		{"trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "A: b\r\n"},
		{"chunk extension", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "a=b;"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := &endless{text: tt.endless}
			got, err := ReadResponse(bufio.NewReader(io.MultiReader(strings.NewReader(tt.head), in)), "GET", 20)
			if !errors.Is(err, errSection) || got == nil {
				t.Fatalf("response = %v, error = %v, want %v", got != nil, err, errSection)
			}
			if in.read > 2*maxSection {
				t.Errorf("%d bytes read", in.read)
			}
		})
	}
}

// endless repeats its text for ever.
type endless struct {
	text string
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.text[e.read%len(e.text)]
		e.read++
	}
	return len(p), nil
}

// TestReadContentUnproved sees that a Content-Length does not make the reader
// ask for memory before content comes.
func TestReadContentUnproved(t *testing.T) {
	in := lines("HTTP/1.1 200 OK", "Content-Length: 9223372036854775807", "", "little")
	got, err := ReadResponse(bufio.NewReader(strings.NewReader(in)), "GET", 1<<40)
	if !errors.Is(err, io.ErrUnexpectedEOF) || string(got.Body.Bytes) != "little" || cap(got.Body.Bytes) > 64<<10 {
		t.Errorf("content = %q in %d bytes, error = %v", got.Body.Bytes, cap(got.Body.Bytes), err)
	}
}

// TestReadTimeout sees that the cause of a broken message can be told.
func TestReadTimeout(t *testing.T) {
	for _, in := range []string{"HTTP", "HTTP/1.1 200 OK\r\nA:", "HTTP/1.1 200 OK\r\n\r\nabc", lines("HTTP/1.1 200 OK", "Content-Length: 4", "", "abc")} {
		r := bufio.NewReader(io.MultiReader(strings.NewReader(in), iotest.ErrReader(os.ErrDeadlineExceeded)))
		if got, err := ReadResponse(r, "GET", 20); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%q: response = %+v, error = %v", in, got, err)
		}
	}
}

func TestReadRequest(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   string
		want *Request
		rest string
		err  string
	}{{
		name: "plain",
		in:   lines("", "GET /orders?limit=2 HTTP/1.1", "Host: shop.example", "", "more"),
		want: &Request{
			Method: "GET", Authority: "shop.example", Target: "/orders?limit=2", Proto: "HTTP/1.1",
			Fields: Fields{{"Host", "shop.example"}},
		},
		rest: "more",
	}, {
		name: "content",
		in:   lines("POST /orders HTTP/1.1", "Host: shop.example", "Content-Length: 2", "", "{}more"),
		want: &Request{
			Method: "POST", Authority: "shop.example", Target: "/orders", Proto: "HTTP/1.1",
			Fields: Fields{{"Host", "shop.example"}, {"Content-Length", "2"}}, Body: Body{Bytes: []byte("{}"), Size: 2},
		},
		rest: "more",
	}, {
		name: "chunks",
		in:   lines("POST /orders HTTP/1.1", "Transfer-Encoding: chunked", "", "2", "{}", "0", "A: b", "", "more"),
		want: &Request{
			Method: "POST", Target: "/orders", Proto: "HTTP/1.1",
			Fields: Fields{{"Transfer-Encoding", "chunked"}}, Body: Body{Bytes: []byte("{}"), Size: 2},
		},
		rest: "more",
	}, {
		name: "absolute-form",
		in:   lines("GET HTTPS://user@shop.example:444?a=b HTTP/1.1", "Host: other.example", "", ""),
		want: &Request{
			Method: "GET", Scheme: "https", Authority: "shop.example:444", Target: "HTTPS://user@shop.example:444?a=b", Proto: "HTTP/1.1",
			Fields: Fields{{"Host", "other.example"}},
		},
	}, {
		name: "authority-form",
		in:   lines("CONNECT shop.example:443 HTTP/1.1", "Host: other.example", "", ""),
		want: &Request{
			Method: "CONNECT", Authority: "shop.example:443", Target: "shop.example:443", Proto: "HTTP/1.1",
			Fields: Fields{{"Host", "other.example"}},
		},
	}, {
		name: "a URL in the query, white space in the target",
		in:   "GET  /go to?u=http://a.example/ \t HTTP/1.1\n\n",
		want: &Request{Method: "GET", Target: "/go to?u=http://a.example/", Proto: "HTTP/1.1"},
	}, {
		name: "length unknown",
		in:   lines("POST / HTTP/1.1", "Transfer-Encoding: gzip", "", "x"),
		want: &Request{Method: "POST", Target: "/", Proto: "HTTP/1.1", Fields: Fields{{"Transfer-Encoding", "gzip"}}},
		rest: "x",
		err:  "Transfer-Encoding does not end with chunked",
	}, {
		name: "conflicting lengths",
		in:   lines("POST / HTTP/1.1", "Content-Length: 1, 2", "", "x"),
		want: &Request{Method: "POST", Target: "/", Proto: "HTTP/1.1", Fields: Fields{{"Content-Length", "1, 2"}}},
		rest: "x",
		err:  "conflicting Content-Length 1 and 2",
	}, {
		name: "content breaks off",
		in:   lines("POST / HTTP/1.1", "Content-Length: 2", "", "x"),
		want: &Request{
			Method: "POST", Target: "/", Proto: "HTTP/1.1",
			Fields: Fields{{"Content-Length", "2"}}, Body: Body{Bytes: []byte("x"), Size: 1, Cut: true},
		},
		err: "content ended after 1 of 2 bytes",
	}, {
		name: "header section breaks off",
		in:   lines("GET / HTTP/1.1", "Host"),
		want: &Request{Method: "GET", Target: "/", Proto: "HTTP/1.1", Fields: Fields{{"Host", ""}}},
		err:  "reading header section: unexpected EOF",
	}, {
		name: "nothing",
		err:  "EOF",
	}, {
		name: "a response",
		in:   "HTTP/1.1 200 OK\r\n\r\n",
		err:  `reading request line: "HTTP/1.1 200 OK" is none`,
		rest: "\r\n",
	}, {
		name: "no version",
		in:   "GET /\r\n",
		err:  `reading request line: "GET /" is none`,
	}, {
		name: "no target",
		in:   "GET HTTP/1.1\r\n",
		err:  `reading request line: "GET HTTP/1.1" is none`,
	}} {
		t.Run(tt.name, func(t *testing.T) {
			r := bufio.NewReader(strings.NewReader(tt.in))
			got, err := ReadRequest(r, 20)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("error = %v, want %q", err, tt.err)
			}
			if rest, _ := io.ReadAll(r); string(rest) != tt.rest {
				t.Errorf("left to read: %q, want %q", rest, tt.rest)
			}
		})
	}
}

func TestKeepsConnection(t *testing.T) {
	for _, tt := range []struct {
		head   string
		method string
		want   bool
	}{
		{"HTTP/1.1 200 OK\nContent-Length: 4", "GET", true},
		{"HTTP/1.1 200 OK\nTransfer-Encoding: chunked", "GET", true},
		{"HTTP/1.1 200 OK", "GET", false},
		{"HTTP/1.1 200 OK", "HEAD", true},
		{"HTTP/1.1 204 No Content", "GET", true},
		{"HTTP/1.1 304 Not Modified", "GET", true},
		{"HTTP/1.1 100 Continue", "GET", true},
		{"HTTP/1.1 101 Switching Protocols\nConnection: upgrade", "GET", false},
		{"HTTP/1.1 200 OK\nContent-Length: 4", "CONNECT", false},
		{"HTTP/1.1 403 Forbidden\nContent-Length: 4", "CONNECT", true},
		{"HTTP/1.1 200 OK\nContent-Length: 4\nConnection: x, Close", "GET", false},
		{"HTTP/1.1 204 No Content\nConnection: close", "GET", false},
		{"HTTP/1.1 200 OK\nTransfer-Encoding: gzip", "GET", false},
		{"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nContent-Length: 4", "GET", false},
		{"HTTP/1.1 200 OK\nContent-Length: 4, 5", "GET", false},
		{"HTTP/1.0 200 OK\nContent-Length: 4", "GET", false},
		{"HTTP/1.0 200 OK\nContent-Length: 4\nConnection: Keep-Alive", "GET", true},
		{"HTTP/1.0 200 OK\nTransfer-Encoding: chunked\nConnection: keep-alive", "GET", false},
	} {
		in := tt.head + "\n\n"
		if strings.Contains(in, "chunked") {
			in += "0\n\n"
		}
		got, _ := ReadResponse(bufio.NewReader(strings.NewReader(in)), tt.method, 0)
		if got == nil || got.KeepsConnection(tt.method) != tt.want {
			t.Errorf("%s after %q: want %v", tt.method, tt.head, tt.want)
		}
	}
}

// seed adds the raw examples of the rules' pages and some odd messages.
func seed(f *testing.F, add func(message string)) {
	pages, err := filepath.Glob("rules/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			f.Fatal(err)
		}
		for example := range strings.SplitSeq(string(text), "\n-- ") {
			_, example, _ = strings.Cut(example, "\n")
			for i := 0; i >= 0 && i < len(example); {
				add(example[i:])
				next := strings.Index(example[i:], "\n\n")
				if next < 0 {
					break
				}
				i += next + 2
			}
		}
	}
	for _, head := range []string{"GET / HTTP/1.1\r\n", "POST http://a@b.example/ HTTP/1.0\r\n", "HTTP/1.1 200 OK\r\n", "HTTP/1.0 404\r\n"} {
		for _, rest := range []string{
			"\r\n", "\n", "abc", "\r\nabc", "A : b\r\n\r\n", "A: b\r\n c\r\n\r\n", "A\r\n\r\n", ":\n\n",
			"Content-Length: 3\r\n\r\nabcdef", "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", "Content-Length: 3, 3\r\n\r\nabc",
			"Content-Length: 99999999999999999999\r\n\r\nabc", "Content-Length: 30\r\n\r\nabc",
			"Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nA: b\r\n\r\n",
			"Transfer-Encoding: chunked\r\nTrailer: A\r\nContent-Length: 1\r\n\r\n3\nabc\n0\n\n",
			"Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\nabc",
			"Connection: close\r\nPragma: no-cache\r\n\r\nabc",
		} {
			add(head + rest)
		}
	}
}

// FuzzReadResponse holds ReadResponse to what net/http understands.
func FuzzReadResponse(f *testing.F) {
	seed(f, func(message string) {
		f.Add([]byte(message), false, int64(1<<20))
		f.Add([]byte(message), true, int64(2))
	})
	f.Fuzz(func(t *testing.T, message []byte, head bool, limit int64) {
		method := "GET"
		if head {
			method = "HEAD"
		}
		got, err := ReadResponse(bufio.NewReader(bytes.NewReader(message)), method, limit)
		if got != nil {
			checkBody(t, got.Body, limit, len(message))
			got.KeepsConnection(method)
		}
		want, wantErr := http.ReadResponse(bufio.NewReader(bytes.NewReader(message)), &http.Request{Method: method})
		if wantErr != nil || strings.HasPrefix(want.Status, "+") || want.Proto == "HTTP/0.0" { // no status, no version
			return
		}
		content, wantErr := io.ReadAll(want.Body)
		if wantErr != nil {
			return
		}
		if err != nil {
			t.Fatalf("net/http reads it, error = %v", err)
		}
		if got.Status != want.StatusCode || got.Proto != want.Proto {
			t.Errorf("%s %d, want %s %d", got.Proto, got.Status, want.Proto, want.StatusCode)
		}
		checkFields(t, got.Fields, want.Header)
		checkFields(t, got.Trailer, want.Trailer)
		if got.Status != 101 {
			checkContent(t, got.Body, content, limit)
		}
	})
}

// FuzzReadRequest holds ReadRequest to what net/http understands.
func FuzzReadRequest(f *testing.F) {
	seed(f, func(message string) { f.Add([]byte(message), int64(1<<20)); f.Add([]byte(message), int64(2)) })
	f.Fuzz(func(t *testing.T, message []byte, limit int64) {
		got, err := ReadRequest(bufio.NewReader(bytes.NewReader(message)), limit)
		if got != nil {
			checkBody(t, got.Body, limit, len(message))
		}
		want, wantErr := http.ReadRequest(bufio.NewReader(bytes.NewReader(message)))
		if wantErr != nil || want.Proto == "HTTP/0.0" {
			return
		}
		content, wantErr := io.ReadAll(want.Body)
		if wantErr != nil {
			return
		}
		if err != nil {
			t.Fatalf("net/http reads it, error = %v", err)
		}
		if got.Method != want.Method || got.Target != want.RequestURI || got.Proto != want.Proto {
			t.Errorf("%s %s %s, want %s %s %s", got.Method, got.Target, got.Proto, want.Method, want.RequestURI, want.Proto)
		}
		checkFields(t, got.Fields, want.Header)
		checkContent(t, got.Body, content, limit)
	})
}

// checkBody sees that no more is kept than allowed, nor more counted than came.
func checkBody(t *testing.T, b Body, limit int64, came int) {
	t.Helper()
	if kept := int64(len(b.Bytes)); kept > max(limit, 0) || kept > b.Size || b.Size > int64(came) {
		t.Errorf("%d bytes kept of %d, the limit is %d, %d came", kept, b.Size, limit, came)
	}
	if !b.Cut && int64(len(b.Bytes)) != b.Size {
		t.Errorf("%d bytes kept of %d, not said to be cut", len(b.Bytes), b.Size)
	}
}

// checkFields sees that got has all that net/http did not take out of want or
// put in. What net/http makes of white space before a colon does not count.
func checkFields(t *testing.T, got Fields, want http.Header) {
	t.Helper()
	all := map[string][]string{}
	for name, values := range want {
		name = strings.ToLower(strings.Trim(name, " \t"))
		if name == "content-length" || name == "cache-control" && got.Has("Pragma") {
			continue
		}
		for _, value := range values {
			all[name] = append(all[name], strings.Trim(value, " \t"))
		}
	}
	for name, values := range all {
		slices.Sort(values)
		if diff := cmp.Diff(values, slices.Sorted(got.Values(name))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func checkContent(t *testing.T, got Body, want []byte, limit int64) {
	t.Helper()
	if got.Size != int64(len(want)) || !bytes.Equal(got.Bytes, want[:min(int64(len(want)), max(limit, 0))]) {
		t.Errorf("content = %q of %d bytes, want %q", got.Bytes, got.Size, want)
	}
}

func BenchmarkReadResponse(b *testing.B) {
	message := []byte(lines("HTTP/1.1 200 OK", "Date: Sat, 21 Nov 2026 12:00:00 GMT", "Server: shop", "Content-Type: application/json",
		"Content-Length: 800", "ETag: \"5f1c0a\"", "Cache-Control: private, max-age=60", "Vary: Accept-Encoding", "", strings.Repeat("x", 800)))
	in := bytes.NewReader(message)
	r := bufio.NewReader(in)
	b.ReportAllocs()
	b.SetBytes(int64(len(message)))
	for b.Loop() {
		in.Reset(message)
		r.Reset(in)
		if _, err := ReadResponse(r, "GET", 1<<20); err != nil {
			b.Fatal(err)
		}
	}
}
