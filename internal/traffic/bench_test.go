package traffic

import (
	"bytes"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/statute-http/statute"
)

// BenchmarkHAR reads a HAR of mixed entries.
func BenchmarkHAR(b *testing.B) {
	var har bytes.Buffer
	if err := WriteHAR(&har, mixed(2000)); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(har.Len()))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range HAR(bytes.NewReader(har.Bytes()), "bench.har") {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// mixed yields n exchanges as a client and an API have them.
func mixed(n int) iter.Seq[*statute.Exchange] {
	return func(yield func(*statute.Exchange) bool) {
		start := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
		order := `{"id":17,"item":"saw","note":"for the \"new\" shed","lines":[1,2,3]}`
		for i := range n {
			x := &statute.Exchange{
				Source: statute.Source{Entry: i}, Seen: statute.SeenAll, Start: start.Add(time.Duration(i) * time.Second), Took: 12 * time.Millisecond,
				Request: statute.Request{
					Method: "GET", Scheme: "https", Authority: "shop.example", Target: fmt.Sprintf("/orders/%d?page=2", i%100), Proto: "HTTP/1.1",
					Fields: statute.Fields{{Name: "Host", Value: "shop.example"}, {Name: "User-Agent", Value: "curl/8.5.0"}, {Name: "Accept", Value: "application/json"}},
				},
				Response: statute.Response{
					Status: 200, Reason: "OK", Proto: "HTTP/1.1",
					Fields: statute.Fields{{Name: "Date", Value: start.Add(time.Duration(i) * time.Second).Format(time.RFC1123)}, {Name: "Content-Type", Value: "application/json"}, {Name: "ETag", Value: fmt.Sprintf(`"%x"`, i)}},
				},
			}
			content := order
			switch i % 4 {
			case 1:
				content = `{"type":"about:blank","title":"Not Found","status":404}`
				x.Response.Status, x.Response.Reason = 404, "Not Found"
				x.Response.Fields[1].Value = "application/problem+json"
			case 2:
				x.Request.Method, x.Request.Body = "PUT", statute.Body{Bytes: []byte(order), Size: int64(len(order))}
			case 3:
				x.Request.Method, content = "DELETE", ""
				x.Response.Status, x.Response.Reason = 204, "No Content"
			}
			x.Response.Body = statute.Body{Bytes: []byte(content), Size: int64(len(content))}
			if !yield(x) {
				return
			}
		}
	}
}
