package traffic

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

// line sums up an exchange: what was asked for, what came, what was seen.
func line(x *statute.Exchange) string {
	q, p := &x.Request, &x.Response
	var b strings.Builder
	if q.Method != "" {
		fmt.Fprintf(&b, "%s %s ", q.Method, q.URL())
	}
	if !q.Body.Empty() {
		fmt.Fprintf(&b, "%q ", q.Body.Bytes)
	}
	for _, i := range x.Interim {
		fmt.Fprintf(&b, "%d ", i.Status)
	}
	fmt.Fprintf(&b, "%d %d fields", p.Status, len(p.Fields))
	if len(p.Body.Bytes) > 0 {
		fmt.Fprintf(&b, " %q", p.Body.Bytes)
	}
	if p.Body.Cut {
		fmt.Fprintf(&b, " of %d", p.Body.Size)
	}
	for _, f := range p.Trailer {
		fmt.Fprintf(&b, " %s: %s", f.Name, f.Value)
	}
	if x.Error != "" {
		b.WriteString(" " + x.Error)
	}
	if x.Seen.Has(statute.SeenBody) {
		b.WriteString(" seen")
	}
	if x.Seen.Has(statute.SeenWire) {
		b.WriteString(" wire")
	}
	return b.String()
}

// lines sums up a recording, with its errors.
func lines(recording string) (all []string) {
	for x, err := range Read(strings.NewReader(recording), "") {
		if err != nil {
			all = append(all, err.Error())
		} else {
			all = append(all, line(x))
		}
	}
	return all
}

// TestCurl reads what curl 7.88 printed.
func TestCurl(t *testing.T) {
	const (
		items = `"[{\"id\":1},\n{\"id\":2}]" seen`
		get   = `GET http://shop.example/items 200 3 fields `
	)
	for name, want := range map[string][]string{
		"head_location": {"302 4 fields", "200 3 fields"},
		"head_v":        {"HEAD http://shop.example/items 200 3 fields seen"},
		"i_chunked":     {`200 3 fields "{\"a\":1}\n" seen`},
		"i_early":       {`103 401 4 fields "{\"status\":401}" seen`},
		"i_location":    {"302 4 fields", "200 3 fields " + items},
		"iv_continue":   {"POST http://shop.example/items 100 201 4 fields " + items},
		"iv_location":   {"GET http://shop.example/old 302 4 fields of 5", get + items},
		"iv_terminal":   {"GET http://shop.example/old 302 4 fields of 5", get + items},
		"v_204":         {"GET http://shop.example/gone 204 1 fields seen", get + items},
		"v_chunked":     {`GET http://shop.example/chunked 200 3 fields "{\"a\":1}\n" seen`},
		"v_meter":       {get + items},
		"v_post":        {"POST http://shop.example/items 201 4 fields " + items},
		"v_two":         {get + items, `GET http://shop.example/chunked 200 3 fields "{\"a\":1}\n" seen`},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", "curl_"+name+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, lines(string(text))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestCurlForms holds what curl prints in other situations.
func TestCurlForms(t *testing.T) {
	const get = "> GET /a HTTP/1.1\n> Host: a.example\n>\n"
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{
			"over HTTP/2 and TLS",
			"*   Trying 192.0.2.1:443...\n* SSL connection using TLSv1.3 / AEAD-AES256-GCM-SHA384\n* using HTTP/2\n* [HTTP/2] [1] [:method: GET]\n" +
				"> GET /a HTTP/2\n> Host: a.example\n> \n< HTTP/2 200 \n< content-length: 2\n< \n{}* Connection #0 to host a.example left intact\n",
			[]string{`GET https://a.example/a 200 1 fields "{}" seen`},
		},
		{
			"through a proxy",
			"> CONNECT a.example:443 HTTP/1.1\n> Host: a.example:443\n>\n< HTTP/1.1 200 Connection established\n<\n* CONNECT phase completed\n" +
				"* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n" + get + "< HTTP/1.1 204 No Content\n<\n",
			[]string{"GET https://a.example/a 204 0 fields seen"},
		},
		{
			"the proxy refuses",
			"> CONNECT a.example:443 HTTP/1.1\n> Host: a.example:443\n>\n< HTTP/1.1 407 Proxy Authentication Required\n< Content-Length: 0\n<\n",
			[]string{"CONNECT http://a.example:443/a.example:443 407 1 fields seen"},
		},
		{
			"a note after content that ends in no line feed",
			"* SSL connection using TLSv1.3\n" + get + "< HTTP/1.1 200 OK\n< Content-Length: 2\n<\n{}*   Trying 192.0.2.1:80...\n" + get + "< HTTP/1.1 200 OK\n<\n{}*   Trying 192.0.2.1:80...\n",
			[]string{`GET https://a.example/a 200 1 fields "{}" seen`, `GET http://a.example/a 200 0 fields "{}" seen`},
		},
		{"standard output went elsewhere", get + "< HTTP/1.1 200 OK\n< Content-Length: 2\n<\n{ [2 bytes data]\n", []string{"GET http://a.example/a 200 1 fields of 2"}},
		{
			"the content of two comes last",
			get + "< HTTP/1.1 200 OK\n<\n{ [2 bytes data]\n" + get + "< HTTP/1.1 200 OK\n<\n{ [2 bytes data]\naabb",
			[]string{"GET http://a.example/a 200 0 fields", "GET http://a.example/a 200 0 fields"},
		},
		{"empty content", get + "< HTTP/1.1 200 OK\n< Content-Length: 0\n<\n", []string{"GET http://a.example/a 200 1 fields seen"}},
		{"a trailer", get + "< HTTP/1.1 200 OK\n< Transfer-Encoding: chunked\n<\n{}\n< Digest: a=b\n", []string{`GET http://a.example/a 200 1 fields "{}\n" Digest: a=b seen`}},
		{"decompressed", get + "< HTTP/1.1 200 OK\n< Content-Encoding: gzip\n< Content-Length: 20\n<\n{}\n", []string{`GET http://a.example/a 200 2 fields "{}\n" seen`}},
		{"content like notes", get + "< HTTP/1.1 200 OK\n< Content-Length: 12\n<\n* one\n* two\n", []string{"GET http://a.example/a 200 1 fields of 12"}},
		{"content like messages", get + "< HTTP/1.1 200 OK\n<\n> quoted\n< b > c\n", []string{`GET http://a.example/a 200 0 fields "> quoted\n< b > c\n" seen`}},
		{"no answer", get + "* Empty reply from server\n* Closing connection 0\ncurl: (52) Empty reply from server\n", []string{"GET http://a.example/a 0 0 fields curl: (52) Empty reply from server"}},
		{"cut off in a request", "> GET /a HTTP/1.1\n> Ho", []string{"GET /a 0 0 fields no answer recorded"}},
		{"no exchange", "* Could not resolve host: a.example\n", []string{`no request (a line that begins with "> GET /") in what curl printed`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, lines(test.text)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzCurl sees that whatever comes, each exchange has a request, and what is
// kept of it is bounded.
func FuzzCurl(f *testing.F) {
	files, _ := filepath.Glob("testdata/curl_*v_*.txt")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := 0
		for x, err := range Curl(strings.NewReader(text), "") {
			if err != nil {
				continue
			}
			if x.Request.Method == "" || x.Source.Entry != n {
				t.Errorf("got %+v", x)
			}
			sound(t, x)
			n++
		}
		if most := strings.Count(text, "> "); n > most {
			t.Errorf("%d exchanges, and %d requests at most", n, most)
		}
	})
}

// sound holds an exchange to what is true of all, whatever they were read from.
func sound(t *testing.T, x *statute.Exchange) {
	t.Helper()
	for _, b := range []statute.Body{x.Request.Body, x.Response.Body} {
		kept := int64(len(b.Bytes))
		other := x.Response.Fields.Has("Content-Encoding") || whole(b.Bytes) || len(x.Source.File) > 0 // sizes of another form
		if kept > maxContent || b.Size < 0 || b.Size < kept && !other || b.Size > kept && !b.Cut && !other {
			t.Errorf("content of %d bytes, %d in all, cut: %v", len(b.Bytes), b.Size, b.Cut)
		}
	}
	switch p := &x.Response; {
	case p.Status < 0 || p.Status > 999, p.Status == 0 && x.Error == "":
		t.Errorf("status %d, error %q", p.Status, x.Error)
	case p.Status == 0 && x.Seen.Has(statute.SeenFields), x.Request.Method == "" && x.Seen.Has(statute.SeenRequestFields):
		t.Errorf("seen: %v, though that part is missing", x.Seen)
	}
}
