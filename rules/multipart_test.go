package rules

import (
	"net/textproto"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

func TestEachPart(t *testing.T) {
	const two = "--x\nContent-Range: bytes 0-2/9\n\nSaw\n--x\nContent-Range: bytes 4-4/9\n\n1\n--x--\n"
	tests := []struct {
		name, contentType, content string
		want                       []string
	}{
		{"LF", "multipart/byteranges; boundary=x", two, []string{"bytes 0-2/9", "bytes 4-4/9"}},
		{"CRLF", `Multipart/ByteRanges; boundary="x"`, strings.ReplaceAll(two, "\n", "\r\n"), []string{"bytes 0-2/9", "bytes 4-4/9"}},
		{"without the field", "multipart/byteranges; boundary=x", "--x\nContent-Type: text/plain\n\nSaw\n--x--\n", []string{""}},
		{"cut in a header section", "multipart/byteranges; boundary=x", two[:50], []string{"bytes 0-2/9"}},
		{"no boundary", "multipart/byteranges", two, nil},
		{"other boundary", "multipart/byteranges; boundary=y", two, nil},
		{"none", "", two, nil},
		{"empty", "multipart/byteranges; boundary=x", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := statute.Response{
				Fields: statute.Fields{{Name: "Content-Type", Value: tt.contentType}},
				Body:   statute.Body{Bytes: []byte(tt.content), Size: int64(len(tt.content))},
			}
			var got []string
			eachPart(&r, func(header textproto.MIMEHeader) bool {
				got = append(got, header.Get("Content-Range"))
				return true
			})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
