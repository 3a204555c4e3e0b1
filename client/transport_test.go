package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// script is a base transport that gives one answer after the other, the last one
// for ever.
type script struct {
	answers []answer
	sent    []time.Duration // when, from the first on
	bodies  []string
	begun   time.Time
}

type answer struct {
	code   int
	header map[string]string
	body   string
	err    error
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.begun.IsZero() {
		s.begun = time.Now()
	}
	body := ""
	if r.Body != nil {
		content, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body.Close()
		body = string(content)
	}
	s.sent = append(s.sent, time.Since(s.begun))
	s.bodies = append(s.bodies, body)
	a := s.answers[min(len(s.sent), len(s.answers))-1]
	if a.err != nil {
		return nil, a.err
	}
	h := http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}}
	for name, value := range a.header {
		if after, err := time.ParseDuration(strings.TrimPrefix(value, "+")); err == nil && value[0] == '+' {
			value = time.Now().Add(after).UTC().Format(a.header["layout"])
		}
		h.Set(name, value)
	}
	return &http.Response{
		StatusCode: a.code, Header: h, Request: r, ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(strings.NewReader(a.body)),
	}, nil
}

// dropped is a connection that ended in the middle of a request, refused one that
// never began.
var (
	dropped = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	refused = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
)

// TestTries holds which requests are sent again, and when. There is no jitter:
// what remains is half of each backoff.
func TestTries(t *testing.T) {
	const (
		rfc850  = "Monday, 02-Jan-06 15:04:05 GMT"
		asctime = time.ANSIC
	)
	seconds := func(all ...float64) []time.Duration {
		var times []time.Duration
		for _, s := range all {
			times = append(times, time.Duration(s*1e9))
		}
		return times
	}
	ok := answer{code: 200, body: "done"}
	after := func(code int, wait string) answer {
		return answer{code: code, header: map[string]string{"Retry-After": wait}}
	}
	at := func(layout string) answer {
		return answer{code: 429, header: map[string]string{"Retry-After": "+3s", "layout": layout}}
	}
	for _, test := range []struct {
		name     string
		method   string
		header   string // Idempotency-Key
		timeout  time.Duration
		answers  []answer
		wantSent []time.Duration
		wantCode int // 0: an error
	}{
		// The twelve cases that clients are compared by.
		{"503 Retry-After 1", "GET", "", 0, []answer{after(503, "1"), ok}, seconds(0, 1), 200},
		{"429 date IMF-fixdate", "GET", "", 0, []answer{at(http.TimeFormat), ok}, seconds(0, 3), 200},
		{"429 date RFC 850", "GET", "", 0, []answer{at(rfc850), ok}, seconds(0, 3), 200},
		{"429 date asctime", "GET", "", 0, []answer{at(asctime), ok}, seconds(0, 3), 200},
		{"429 without Retry-After", "GET", "", 0, []answer{{code: 429}, ok}, seconds(0, .1), 200},
		{"Retry-After beyond the deadline", "GET", "", 2 * time.Second, []answer{after(503, "3600")}, seconds(0), 503},
		{"POST 503", "POST", "", 0, []answer{after(503, "1"), ok}, seconds(0), 503},
		{"POST 500", "POST", "", 0, []answer{{code: 500}, ok}, seconds(0), 500},
		{"POST dropped", "POST", "", 0, []answer{{err: dropped}, ok}, seconds(0), 0},
		{"503 for ever", "GET", "", 0, []answer{{code: 503}}, seconds(0, .1, .3, .7), 503},
		{"404", "GET", "", 0, []answer{{code: 404}, ok}, seconds(0), 404},
		{"408", "GET", "", 0, []answer{{code: 408}, ok}, seconds(0, .1), 200},
		{"425", "GET", "", 0, []answer{{code: 425}, ok}, seconds(0, .1), 200},
		{"429, several quotas", "GET", "", time.Second, []answer{{code: 429, header: map[string]string{"RateLimit": `"a";r=0;t=0, "b";r=0;t=2, "c";r=0;t=1`}}, ok}, seconds(0), 429},
		{"413 Retry-After", "PUT", "", 0, []answer{after(413, "2"), ok}, seconds(0, 2), 200},
		{"501", "GET", "", 0, []answer{{code: 501}, ok}, seconds(0), 501},

		{"502 and 504", "DELETE", "", 0, []answer{{code: 502}, {code: 504}, ok}, seconds(0, .1, .3), 200},
		{"500", "GET", "", 0, []answer{{code: 500}, ok}, seconds(0), 500},
		{"413 for good", "PUT", "", 0, []answer{{code: 413}, ok}, seconds(0), 413},
		{"POST with Idempotency-Key", "POST", "k", 0, []answer{after(503, "1"), {err: dropped}, ok}, seconds(0, 1, 1.2), 200},
		{"PATCH 429", "PATCH", "", 0, []answer{after(429, "1"), ok}, seconds(0), 429},
		{"POST refused", "POST", "", 0, []answer{{err: refused}, ok}, seconds(0, .1), 200},
		{"POST to no such host", "POST", "", 0, []answer{{err: &net.DNSError{IsNotFound: true}}, ok}, seconds(0), 0},
		{"POST too early", "POST", "", 0, []answer{{code: 425}, ok}, seconds(0, .1), 200},
		{"GET dropped", "GET", "", 0, []answer{{err: dropped}, ok}, seconds(0, .1), 200},
		{"GET cut off", "GET", "", 0, []answer{{err: io.ErrUnexpectedEOF}, ok}, seconds(0, .1), 200},
		{"GET without trust", "GET", "", 0, []answer{{err: &net.OpError{Op: "remote error", Err: errors.New("tls: bad certificate")}}, ok}, seconds(0), 0},
		{"dropped for ever", "GET", "", 0, []answer{{err: dropped}}, seconds(0, .1, .3, .7), 0},
		{"budget", "GET", "", 0, []answer{after(503, "40"), after(503, "40")}, seconds(0, 40), 503},
		{"absurd Retry-After", "GET", "", 0, []answer{after(503, "99999999999999999999999")}, seconds(0), 503},
		{"malformed Retry-After", "GET", "", 0, []answer{after(503, "1.5"), ok}, seconds(0, .1), 200},
		{"a date that has passed", "GET", "", 0, []answer{after(503, "Sun, 06 Nov 1994 08:49:37 GMT"), ok}, seconds(0, 0), 200},
		{"RateLimit instead", "GET", "", 0, []answer{{code: 429, header: map[string]string{"RateLimit": `"a";r=0;t=7`}}, ok}, seconds(0, 7), 200},
		{"Retry-After before RateLimit", "GET", "", 0, []answer{{code: 429, header: map[string]string{"RateLimit": `"a";r=0;t=7`, "Retry-After": "2"}}, ok}, seconds(0, 2), 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				base := &script{answers: test.answers}
				client := (&Transport{Base: base, Jitter: func() float64 { return 0 }}).Client()
				client.Timeout = test.timeout
				var body io.Reader
				if test.method != "GET" {
					body = strings.NewReader("content")
				}
				request, err := http.NewRequestWithContext(t.Context(), test.method, "http://api.example/orders", body)
				if err != nil {
					t.Fatal(err)
				}
				if test.header != "" {
					request.Header.Set("Idempotency-Key", test.header)
				}
				response, err := client.Do(request)
				code := 0
				if err == nil {
					code = response.StatusCode
					response.Body.Close()
				}
				if code != test.wantCode {
					t.Errorf("code %d, want %d (%v)", code, test.wantCode, err)
				}
				if diff := cmp.Diff(test.wantSent, base.sent); diff != "" {
					t.Errorf("sent (-want +got):\n%s", diff)
				}
				for _, sent := range base.bodies {
					if body != nil && sent != "content" {
						t.Errorf("sent %q", sent)
					}
				}
			})
		})
	}
}

// TestJitter holds that half of a backoff is jitter, and that it only adds to a wait
// that was told.
func TestJitter(t *testing.T) {
	for _, test := range []struct {
		name   string
		header map[string]string
		want   []time.Duration
	}{
		{"backoff", nil, []time.Duration{0, 150 * time.Millisecond, 450 * time.Millisecond}},
		{"Retry-After", map[string]string{"Retry-After": "1"}, []time.Duration{0, 1100 * time.Millisecond, 2200 * time.Millisecond}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				base := &script{answers: []answer{{code: 503, header: test.header}}}
				request, err := http.NewRequestWithContext(t.Context(), "GET", "http://api.example/", nil)
				if err != nil {
					t.Fatal(err)
				}
				transport := &Transport{Base: base, Tries: 3, Jitter: func() float64 { return .5 }}
				if _, err := transport.RoundTrip(request); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, base.sent); diff != "" {
					t.Errorf("sent (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestLastResponse holds that what the server said last is there at the end.
func TestLastResponse(t *testing.T) {
	problem := answer{code: 503, header: map[string]string{"Content-Type": "application/problem+json", "Retry-After": "1"}, body: `{"title":"Resting"}`}
	for _, test := range []struct {
		name    string
		answers []answer
		cancel  time.Duration
		want    error
	}{
		{"503 for ever", []answer{problem}, 0, nil},
		{"an error after it", []answer{problem, {err: dropped}}, 0, syscall.ECONNRESET},
		{"cancelled in the wait", []answer{problem}, 500 * time.Millisecond, context.Canceled},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if test.cancel > 0 {
					time.AfterFunc(test.cancel, cancel)
				}
				client := (&Transport{Base: &script{answers: test.answers}}).Client()
				request, err := http.NewRequestWithContext(ctx, "GET", "http://api.example/?secret", nil)
				if err != nil {
					t.Fatal(err)
				}
				_, err = Do(client, request)
				var last *Error
				if !errors.As(err, &last) {
					t.Fatalf("no response in %v", err)
				}
				if last.Code != 503 || last.Problem == nil || last.Problem.Title != "Resting" || last.Wait != time.Second {
					t.Errorf("got %+v", last)
				}
				if test.want != nil && !errors.Is(err, test.want) {
					t.Errorf("got %v, want %v in it", err, test.want)
				}
				if strings.Contains(err.Error(), "secret") {
					t.Errorf("the error tells of the query: %v", err)
				}
			})
		})
	}
}

// TestUnreadableBody holds that content which cannot be read a second time is sent
// once.
func TestUnreadableBody(t *testing.T) {
	base := &script{answers: []answer{{code: 503}, {code: 200}}}
	request, err := http.NewRequestWithContext(t.Context(), "PUT", "http://api.example/", io.NopCloser(strings.NewReader("x")))
	if err != nil {
		t.Fatal(err)
	}
	response, err := (&Transport{Base: base}).RoundTrip(request)
	if err != nil || response.StatusCode != 503 || len(base.sent) != 1 {
		t.Errorf("%v, %v, %d tries", response, err, len(base.sent))
	}
}

// TestEndlessContent holds that a failure whose content never ends does not keep
// the next try waiting beyond the budget.
func TestEndlessContent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reader, writer := io.Pipe()
		defer writer.Close()
		base := roundTripper(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 503, Header: http.Header{}, Body: reader, Request: r}, nil
		})
		request, err := http.NewRequestWithContext(t.Context(), "GET", "http://api.example/", nil)
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		if response, err := (&Transport{Base: base}).RoundTrip(request); err == nil {
			response.Body.Close()
		}
		if took := time.Since(begun); took > 2*time.Minute {
			t.Errorf("took %v", took)
		}
	})
}

// TestSlowContent holds that the content of a failure is not read for longer than
// the wait, and that no try begins after the budget.
func TestSlowContent(t *testing.T) {
	for _, test := range []struct {
		name       string
		after      string
		budget     time.Duration
		tries      int
		took       time.Duration
		incomplete bool
	}{
		{"within the wait", "3", time.Minute, 2, 3 * time.Second, false},
		{"beyond the wait", "0", time.Minute, 2, time.Second, false},
		{"beyond the budget", "0", 900 * time.Millisecond, 1, 900 * time.Millisecond, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tries := 0
				base := roundTripper(func(r *http.Request) (*http.Response, error) {
					if tries++; tries > 1 {
						return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
					}
					reader, writer := io.Pipe()
					go func() { _, _ = io.WriteString(writer, "busy") }() // and no end
					return &http.Response{StatusCode: 503, Header: http.Header{"Retry-After": {test.after}}, Body: reader, Request: r}, nil
				})
				request, err := http.NewRequestWithContext(t.Context(), "GET", "http://api.example/", nil)
				if err != nil {
					t.Fatal(err)
				}
				begun := time.Now()
				transport := &Transport{Base: base, Budget: test.budget, Jitter: func() float64 { return 0 }}
				response, err := transport.RoundTrip(request)
				if err != nil {
					t.Fatal(err)
				}
				content, err := io.ReadAll(response.Body)
				if took := time.Since(begun); tries != test.tries || took != test.took || (err != nil) != test.incomplete {
					t.Errorf("%d tries in %v, content %q, %v", tries, took, content, err)
				}
				if test.tries == 1 && string(content) != "busy" {
					t.Errorf("got the content %q", content)
				}
			})
		})
	}
}

// TestTimeoutAfterResponse holds that a deadline is known as one, whatever came
// before it.
func TestTimeoutAfterResponse(t *testing.T) {
	base := &script{answers: []answer{{code: 503}, {err: context.DeadlineExceeded}}}
	client := &http.Client{Transport: &Transport{Base: base, Backoff: 1}}
	request, err := http.NewRequestWithContext(t.Context(), "GET", "http://api.example/", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Do(client, request)
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("%v is no timeout", err)
	}
	var last *Error
	if !errors.As(err, &last) || last.StatusCode() != 503 {
		t.Errorf("no response in %v", err)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestPace holds how requests are spread as a quota runs out.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left := 20
		var sent []time.Duration
		begun := time.Now()
		base := roundTripper(func(r *http.Request) (*http.Response, error) {
			sent = append(sent, time.Since(begun))
			left--
			h := http.Header{}
			h.Set("RateLimit-Policy", `"minute";q=20;w=60`)
			h.Set("RateLimit", fmt.Sprintf(`"minute";r=%d;t=%d`, left, 60-int(time.Since(begun)/time.Second)))
			return &http.Response{StatusCode: 204, Header: h, Body: http.NoBody, Request: r}, nil
		})
		transport := &Transport{Base: base}
		send := func(url string) {
			request, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := transport.RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
		}
		for range 21 {
			send("http://api.example/")
		}
		for i := 1; i < 11; i++ {
			if sent[i] != 0 {
				t.Errorf("request %d waited until %v, though half of the quota was left", i, sent[i])
			}
		}
		for i := 12; i < 20; i++ {
			if sent[i]-sent[i-1] <= sent[i-1]-sent[i-2] && i < 18 {
				t.Errorf("request %d: the pace does not slow: %v", i, sent)
			}
		}
		if got := sent[19]; got >= time.Minute {
			t.Errorf("the last of the quota went out at %v", got)
		}
		if got := sent[20]; got < time.Minute || got > 61*time.Second {
			t.Errorf("the first beyond the quota went out at %v, want the time of its renewal", got)
		}
		now := time.Since(begun)
		send("http://other.example/")
		if got := sent[len(sent)-1]; got != now {
			t.Errorf("another host waited until %v", got)
		}
	})
}

// TestPaceOfMany holds the places of requests that come at the same time.
func TestPaceOfMany(t *testing.T) {
	now := time.Now()
	var p pace
	quotas := []quota{{remaining: 3, within: 20 * time.Second, whole: 8}, {remaining: 900, within: time.Hour, whole: 1000}}
	p.learn("h", quotas, now)
	var got []time.Duration
	for i := range 18 {
		if i == 2 { // a response comes: the places that were taken stay taken
			p.learn("h", quotas, now)
		}
		got = append(got, p.wait("h", now).Round(time.Millisecond))
	}
	const interval = 1250 * time.Millisecond // a quarter of 20 s / 4
	want := make([]time.Duration, 18)
	for i := range want {
		want[i] = min(time.Duration(i+1)*interval, 20*time.Second)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
	p.learn("h", []quota{{remaining: 4, within: 20 * time.Second, whole: 8}}, now)
	if got := p.wait("h", now); got != 0 {
		t.Errorf("half of the quota is left again: a wait of %v", got)
	}
}

// TestPaceGivesWay holds that a request which cannot wait for its pace is sent: the
// server answers it.
func TestPaceGivesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := &script{answers: []answer{{code: 204, header: map[string]string{"RateLimit": `"day";r=0;t=86400`}}}}
		transport := &Transport{Base: base}
		for range 2 {
			request, err := http.NewRequestWithContext(t.Context(), "GET", "http://api.example/", nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := transport.RoundTrip(request); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]time.Duration{0, 0}, base.sent); diff != "" {
			t.Errorf("sent (-want +got):\n%s", diff)
		}
	})
}

// TestLog holds what the log hears of each try.
func TestLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		transport := &Transport{
			Base:   &script{answers: []answer{{code: 503, header: map[string]string{"Retry-After": "1"}}, {err: dropped}, {code: 200}}},
			Jitter: func() float64 { return 0 },
			Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			}})),
		}
		request, err := http.NewRequestWithContext(t.Context(), "GET", "http://user:password@api.example/orders?token=secret", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := transport.RoundTrip(request); err != nil {
			t.Fatal(err)
		}
		want := `level=WARN msg="request tried" method=GET url=http://api.example/orders try=1 took=0s status=503 again_in=1s
level=WARN msg="request tried" method=GET url=http://api.example/orders try=2 took=0s error="read tcp: connection reset by peer" again_in=200ms
level=DEBUG msg="request tried" method=GET url=http://api.example/orders try=3 took=0s status=200
`
		if diff := cmp.Diff(want, log.String()); diff != "" {
			t.Errorf("log (-want +got):\n%s", diff)
		}
	})
}

// TestClock holds that the fields of the clock are used.
func TestClock(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	var slept []time.Duration
	transport := &Transport{
		Base:   &script{answers: []answer{{code: 503, header: map[string]string{"Retry-After": "30"}}}},
		Jitter: func() float64 { return 0 },
		Now:    func() time.Time { return now },
		Sleep: func(_ context.Context, d time.Duration) error {
			slept = append(slept, d)
			now = now.Add(d)
			return nil
		},
	}
	request, err := http.NewRequestWithContext(t.Context(), "GET", "http://api.example/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := transport.RoundTrip(request); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Duration{30 * time.Second}, slept); diff != "" {
		t.Errorf("slept (-want +got):\n%s", diff)
	}
}

// TestRealServer sends over TCP: dropped connections, content that is sent again,
// and a server that is not there.
func TestRealServer(t *testing.T) {
	var hits atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := hits.Add(1)
		content, _ := io.ReadAll(r.Body)
		switch {
		case n == 1:
			panic(http.ErrAbortHandler)
		case n == 2:
			w.WriteHeader(http.StatusBadGateway)
		default:
			w.Write(content)
		}
	}))
	defer server.Close()
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	client := (&Transport{Backoff: time.Millisecond}).Client()
	send := func(method, url string) (string, error) {
		request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader("content"))
		if err != nil {
			t.Fatal(err)
		}
		response, err := Do(client, request)
		if err != nil {
			return "", err
		}
		defer response.Body.Close()
		content, err := io.ReadAll(response.Body)
		return string(content), err
	}
	if got, err := send("PUT", server.URL); got != "content" || err != nil || hits.Load() != 3 {
		t.Errorf("PUT: %q, %v after %d tries", got, err, hits.Load())
	}
	hits.Store(0)
	if _, err := send("POST", server.URL); err == nil || hits.Load() != 1 {
		t.Errorf("POST: %v after %d tries, want an error after 1", err, hits.Load())
	}
	url := server.URL
	server.Close()
	if _, err := send("POST", url); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("POST to nobody: %v", err)
	}
}

func BenchmarkRoundTrip(b *testing.B) {
	base := roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 204, Header: http.Header{"Ratelimit": {`"a";r=99;t=60`}}, Body: http.NoBody, Request: r}, nil
	})
	request, err := http.NewRequestWithContext(b.Context(), "GET", "http://api.example/", nil)
	if err != nil {
		b.Fatal(err)
	}
	transport := &Transport{Base: base}
	b.ReportAllocs()
	for b.Loop() {
		response, err := transport.RoundTrip(request)
		if err != nil {
			b.Fatal(err)
		}
		response.Body.Close()
	}
}
