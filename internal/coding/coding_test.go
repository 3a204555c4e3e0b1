package coding

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

func pack(t *testing.T, text string, to func(io.Writer) io.WriteCloser) string {
	t.Helper()
	var b bytes.Buffer
	w := to(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func toGzip(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
func toZlib(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }
func toFlate(w io.Writer) io.WriteCloser {
	packed, _ := flate.NewWriter(w, flate.BestCompression) // a level that there is
	return packed
}

func TestDecode(t *testing.T) {
	const said = `{"success":false,"message":"no such order"}`
	zipped := pack(t, said, toGzip)
	long := pack(t, strings.Repeat(said, 100), toGzip)
	tests := []struct {
		name   string
		coding string
		sent   string
		cut    bool
		want   string // "" means as it was sent
		partly bool   // want is cut
	}{
		{name: "gzip", coding: "gzip", sent: zipped, want: said},
		{name: "another spelling", coding: "X-GZip", sent: zipped, want: said},
		{name: "deflate", coding: "deflate", sent: pack(t, said, toZlib), want: said},
		{name: "deflate without its frame", coding: "deflate", sent: pack(t, said, toFlate), want: said},
		{name: "two codings", coding: "deflate, gzip", sent: pack(t, pack(t, said, toZlib), toGzip), want: said},
		{name: "none", coding: "identity", sent: said, want: said},
		{name: "something behind it", coding: "gzip", sent: zipped + "\r\n", want: said},
		{name: "longer than the limit", coding: "gzip", sent: long, want: strings.Repeat(said, 10)[:256], partly: true},
		{name: "the beginning", coding: "gzip", sent: zipped[:len(zipped)-8], cut: true, want: said, partly: true},

		{name: "taken off already", coding: "gzip", sent: said},
		{name: "deflate taken off already", coding: "deflate", sent: said},
		{name: "not named", sent: zipped},
		{name: "unknown", coding: "br", sent: "\x0b\x02\x80hello\x03"},
		{name: "unknown below", coding: "br, gzip", sent: zipped},
		{name: "broken off", coding: "gzip", sent: zipped[:len(zipped)-8]},
		{name: "false sum", coding: "gzip", sent: zipped[:len(zipped)-8] + "\x00\x00\x00\x00" + zipped[len(zipped)-4:]},
		{name: "too many", coding: "gzip, gzip, gzip", sent: pack(t, pack(t, zipped, toGzip), toGzip)},
		{name: "nothing", coding: "gzip"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var fields statute.Fields
			if test.coding != "" {
				fields = statute.Fields{{Name: "content-encoding", Value: test.coding}}
			}
			sent := statute.Body{Bytes: []byte(test.sent), Size: int64(len(test.sent)), Cut: test.cut}
			want := sent
			if test.want != "" {
				want.Bytes, want.Cut = []byte(test.want), test.partly
			}
			if diff := cmp.Diff(want, Decode(sent, fields, 256)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
