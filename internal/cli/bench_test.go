//go:build unix

package cli

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/internal/traffic"
	"github.com/statute-http/statute/rules"
)

// BenchmarkCheck checks an API whose handler does nothing, and reports the CPU
// time for one request: that of the server in the same process is in it.
func BenchmarkCheck(b *testing.B) {
	file, err := os.ReadFile("../sample/openapi.yaml")
	if err != nil {
		b.Fatal(err)
	}
	description, err := openapi.Parse(file, "openapi.yaml")
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	base, err := url.Parse(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	requests, start := 0, cpu(b)
	for b.Loop() {
		judge := statute.NewJudge(rules.All)
		result, err := check.Run(context.Background(), check.Config{Description: description, Base: base, Write: true}, judge.See)
		if err != nil {
			b.Fatal(err)
		}
		requests += result.Requests
	}
	b.ReportMetric(float64((cpu(b)-start).Microseconds())/float64(requests), "cpu-µs/request")
}

// cpu returns the CPU time that this process has used.
func cpu(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkJudge reads and judges a HAR of mixed exchanges.
func BenchmarkJudge(b *testing.B) {
	var entries bytes.Buffer
	for i := range 1000 {
		if i > 0 {
			entries.WriteByte(',')
		}
		entries.WriteString([]string{
			`{"request":{"method":"GET","url":"https://shop.example/orders/17","headers":[{"name":"Accept","value":"application/json"}]},"response":{"status":200,"headers":[{"name":"Date","value":"Sat, 21 Nov 2026 12:00:00 GMT"},{"name":"Content-Type","value":"application/json"},{"name":"Content-Length","value":"30"}],"content":{"size":30,"text":"{\"id\":17,\"item\":\"saw\",\"qty\":1}"}}}`,
			`{"request":{"method":"GET","url":"https://shop.example/orders/99","headers":[{"name":"Accept","value":"application/json"}]},"response":{"status":404,"headers":[{"name":"Date","value":"Sat, 21 Nov 2026 12:00:00 GMT"},{"name":"Content-Type","value":"application/problem+json"}],"content":{"size":34,"text":"{\"title\":\"Not Found\",\"status\":404}"}}}`,
			`{"request":{"method":"DELETE","url":"https://shop.example/orders/17","headers":[]},"response":{"status":204,"headers":[{"name":"Date","value":"Sat, 21 Nov 2026 12:00:00 GMT"}],"content":{"size":0}}}`,
		}[i%3])
	}
	har := []byte(`{"log":{"entries":[` + entries.String() + `]}}`)
	b.SetBytes(int64(len(har)))
	b.ReportAllocs()
	for b.Loop() {
		judge := statute.NewJudge(rules.All)
		for x, err := range traffic.HAR(bytes.NewReader(har), "bench.har") {
			if err != nil {
				b.Fatal(err)
			}
			judge.See(x)
		}
	}
}
