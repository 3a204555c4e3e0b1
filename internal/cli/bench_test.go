//go:build unix

package cli

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/internal/route"
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

// BenchmarkJudge reads and judges a HAR of 20,000 mixed exchanges, as a command
// does: each gets the template of its route first.
func BenchmarkJudge(b *testing.B) {
	const exchanges = 20_000
	var har bytes.Buffer
	if err := traffic.WriteHAR(&har, shopping(exchanges)); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(har.Len()))
	b.ReportAllocs()
	for b.Loop() {
		judge := statute.NewJudge(rules.All)
		var routes route.Table
		for x, err := range traffic.HAR(bytes.NewReader(har.Bytes()), "bench.har") {
			if err != nil {
				b.Fatal(err)
			}
			x.Operation = statute.Operation{Method: x.Request.Method, Path: routes.Template(x.Request.Path(), x.Response.Status != 404)}
			judge.See(x)
		}
		if v := judge.Verdict(); v.Exchanges != exchanges || len(v.Findings) > 0 {
			b.Fatalf("%d exchanges, %d findings", v.Exchanges, len(v.Findings))
		}
	}
	b.ReportMetric(float64(exchanges*b.N)/b.Elapsed().Seconds(), "exchanges/s")
}

// shopping yields n exchanges of a browser with a shop: reading, writing, and
// what goes wrong.
func shopping(n int) iter.Seq[*statute.Exchange] {
	start := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	order := `{"id":17,"item":"saw","qty":2,"note":"for the shed","created":"2026-11-20T08:15:00Z","lines":[{"sku":"A-1","price":12.5},{"sku":"B-2","price":3}]}`
	problem := `{"type":"about:blank","title":"Not Found","status":404,"detail":"no such order"}`
	kinds := []struct {
		method, path string
		status       int
		reason       string
		media        string
		content      string
	}{
		{"GET", "/orders?page=%d", 200, "OK", "application/json", "[" + strings.Repeat(order+",", 4) + order + "]"},
		{"GET", "/orders/%d", 200, "OK", "application/json", order},
		{"PATCH", "/orders/%d", 200, "OK", "application/json", order},
		{"GET", "/orders/%d/notes", 404, "Not Found", "application/problem+json", problem},
		{"DELETE", "/baskets/%d", 204, "No Content", "", ""},
	}
	return func(yield func(*statute.Exchange) bool) {
		for i := range n {
			k := kinds[i%len(kinds)]
			at := start.Add(time.Duration(i) * time.Second)
			x := &statute.Exchange{
				Source: statute.Source{Entry: i}, Seen: statute.SeenAll, Start: at, Took: 12 * time.Millisecond,
				Request: statute.Request{
					Method: k.method, Scheme: "https", Authority: "shop.example", Target: fmt.Sprintf(k.path, i), Proto: "HTTP/1.1",
					Fields: statute.Fields{
						{Name: "Host", Value: "shop.example"},
						{Name: "User-Agent", Value: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"},
						{Name: "Accept", Value: "application/json"},
						{Name: "Accept-Language", Value: "en-US,en;q=0.5"},
						{Name: "Referer", Value: "https://shop.example/"},
					},
				},
				Response: statute.Response{
					Status: k.status, Reason: k.reason, Proto: "HTTP/1.1",
					Fields: statute.Fields{
						{Name: "Date", Value: at.Format(http.TimeFormat)},
						{Name: "Cache-Control", Value: "no-cache"},
					},
					Body: statute.Body{Bytes: []byte(k.content), Size: int64(len(k.content))},
				},
			}
			if k.method == "PATCH" {
				x.Request.Fields = append(x.Request.Fields, statute.Field{Name: "Content-Type", Value: "application/merge-patch+json"})
				x.Request.Body = statute.Body{Bytes: []byte(`{"qty":2}`), Size: 9}
			}
			if k.media != "" {
				x.Response.Fields = append(x.Response.Fields, statute.Field{Name: "Content-Type", Value: k.media})
			}
			if !yield(x) {
				return
			}
		}
	}
}
