package client

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 500e6, time.UTC)
	for _, test := range []struct {
		name, value, date string
		want              time.Duration
		ok                bool
	}{
		{"seconds", "120", "", 2 * time.Minute, true},
		{"none", "0", "", 0, true},
		{"spaces", " 7 ", "", 7 * time.Second, true},
		{"absent", "", "", 0, false},
		{"negative", "-1", "", 0, false},
		{"fraction", "1.5", "", 0, false},
		{"signed", "+1", "", 0, false},
		{"word", "soon", "", 0, false},
		{"RFC 3339", "2026-11-21T12:00:30Z", "", 0, false},
		{"zone", "Sat, 21 Nov 2026 12:00:30 UTC", "", 0, false},
		{"IMF-fixdate", "Sat, 21 Nov 2026 12:00:30 GMT", "", 29500 * time.Millisecond, true},
		{"RFC 850", "Saturday, 21-Nov-26 12:00:30 GMT", "", 29500 * time.Millisecond, true},
		{"asctime", "Sat Nov 21 12:00:30 2026", "", 29500 * time.Millisecond, true},
		{"passed", "Sat, 21 Nov 2026 11:00:00 GMT", "", 0, true},
		{"by the server's clock", "Sat, 21 Nov 2026 15:00:30 GMT", "Sat, 21 Nov 2026 15:00:00 GMT", 30 * time.Second, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := http.Header{}
			h.Set("Retry-After", test.value)
			if test.date != "" {
				h.Set("Date", test.date)
			}
			got, ok := RetryAfter(h, now)
			if got != test.want || ok != test.ok {
				t.Errorf("got %v, %v, want %v, %v", got, ok, test.want, test.ok)
			}
		})
	}
	if got, ok := parseSeconds(strings.Repeat("9", 1000)); !ok || got < 100*365*24*time.Hour/10 {
		t.Errorf("a very large number: got %v, %v", got, ok)
	}
}

func TestProblem(t *testing.T) {
	base := &url.URL{Scheme: "https", Host: "api.example", Path: "/orders/17"}
	for _, test := range []struct {
		name, mediaType, content string
		want                     *Problem
	}{
		{"whole", "application/problem+json; charset=utf-8", `{"type":"/problems/stock","title":"Out of stock","status":409,"detail":"d","instance":"#1","item":3}`, &Problem{
			Type: "https://api.example/problems/stock", Title: "Out of stock", Status: 409, Detail: "d",
			Instance: "https://api.example/orders/17#1", Members: map[string]json.RawMessage{"item": json.RawMessage("3")},
		}},
		{"empty", "application/problem+json", `{}`, &Problem{Type: "about:blank", Members: map[string]json.RawMessage{}}},
		{"wrong types", "application/problem+json", `{"type":1,"title":["x"],"status":"409","detail":"d"}`, &Problem{
			Type: "about:blank", Detail: "d", Members: map[string]json.RawMessage{},
		}},
		{"another media type", "application/json", `{"title":"x"}`, nil},
		{"no JSON", "application/problem+json", `<html>`, nil},
		{"no object", "application/problem+json", `null`, nil},
		{"cut off", "application/problem+json", `{"title":`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := parseProblem(http.Header{"Content-Type": {test.mediaType}}, []byte(test.content), base)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	u, err := url.Parse("https://user:password@api.example/orders?token=secret#f")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		code int
		h    http.Header
		body string
		want string
	}{
		{"success", 204, nil, "", ""},
		{"plain", 404, nil, "not here", "GET https://api.example/orders: 404 Not Found"},
		{"not modified", 304, nil, "", "GET https://api.example/orders: 304 Not Modified"},
		{"unknown", 599, nil, "", "GET https://api.example/orders: 599"},
		{"problem", 503, http.Header{"Content-Type": {"application/problem+json"}, "Retry-After": {"30"}}, `{"title":"Closed","detail":"a\nb"}`, `GET https://api.example/orders: 503 Service Unavailable: "Closed": "a\nb" (retry after 30s)`},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := test.h
			if h == nil {
				h = http.Header{}
			}
			got := ""
			err := Check(&http.Response{
				StatusCode: test.code, Header: h, Body: io.NopCloser(strings.NewReader(test.body)),
				Request: &http.Request{Method: "GET", URL: u},
			})
			if err != nil {
				got = err.Error()
				var e *Error
				if !errors.As(err, &e) || string(e.Content) != test.body || e.Code != test.code {
					t.Errorf("got %+v", e)
				}
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
	long := Check(&http.Response{StatusCode: 500, Body: io.NopCloser(strings.NewReader(strings.Repeat("x", 1<<20)))})
	var e *Error
	if !errors.As(long, &e) || len(e.Content) != maxContent {
		t.Errorf("%d bytes were read, want %d", len(e.Content), maxContent)
	}
}

// TestRedirects holds which redirects are followed, and that the others say why
// not.
func TestRedirects(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/end", func(w http.ResponseWriter, r *http.Request) {
		content, _ := io.ReadAll(r.Body)
		io.WriteString(w, r.Method+" "+string(content))
	})
	for _, code := range []int{301, 302, 303, 307, 308} {
		mux.Handle("/"+strconv.Itoa(code), http.RedirectHandler("/end", code))
	}
	mux.Handle("/loop", http.RedirectHandler("/loop", http.StatusTemporaryRedirect))
	mux.Handle("/down", http.RedirectHandler("http://127.0.0.1:1/", http.StatusTemporaryRedirect))
	mux.HandleFunc("/nowhere", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(302) })
	server := httptest.NewTLSServer(mux)
	defer server.Close()
	client := (&Transport{Base: server.Client().Transport}).Client()
	for _, test := range []struct {
		method, path string
		once         bool // content that cannot be read again
		want         string
		wantReason   string
	}{
		{"GET", "/301", false, "GET ", ""},
		{"GET", "/302", false, "GET ", ""},
		{"POST", "/301", false, "", "it would turn POST into GET"},
		{"PUT", "/302", false, "", "it would turn PUT into GET"},
		{"POST", "/303", false, "GET ", ""},
		{"POST", "/307", false, "POST content", ""},
		{"PUT", "/308", false, "PUT content", ""},
		{"PUT", "/308", true, "", "the content cannot be sent a second time"},
		{"GET", "/loop", false, "", "too many redirects"},
		{"GET", "/down", false, "", "it leads from https to http"},
		{"POST", "/nowhere", false, "", "no Location"},
	} {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			var body io.Reader
			if test.method != "GET" {
				body = strings.NewReader("content")
			}
			if test.once {
				body = io.NopCloser(body)
			}
			request, err := http.NewRequestWithContext(t.Context(), test.method, server.URL+test.path, body)
			if err != nil {
				t.Fatal(err)
			}
			got, reason := "", ""
			response, err := Do(client, request)
			if e, ok := errors.AsType[*Error](err); ok {
				reason = e.Reason
			} else if err != nil {
				t.Fatal(err)
			} else {
				defer response.Body.Close()
				content, err := io.ReadAll(response.Body)
				if err != nil {
					t.Fatal(err)
				}
				got = string(content)
			}
			if got != test.want || !strings.HasPrefix(reason, test.wantReason) || test.wantReason == "" && reason != "" {
				t.Errorf("got %q, %q, want %q, %q", got, reason, test.want, test.wantReason)
			}
		})
	}
}

func TestParseQuotas(t *testing.T) {
	for _, test := range []struct {
		policy, state string
		want          []quota
	}{
		{`"burst";q=100;w=60, "day";q=1000`, `"burst";r=50;t=30,"day";r=1;t=7;pk=:AA==:`, []quota{{50, 30 * time.Second, 100}, {1, 7 * time.Second, 1000}}},
		{``, `burst;r=0;t=1`, []quota{{0, time.Second, 0}}},
		{``, `"a;b,c\"";x;r=0;y="; r=9";t=1`, []quota{{0, time.Second, 0}}},
		{`nonsense;;;`, `"a";r=0;t=1`, []quota{{0, time.Second, 0}}},
		{``, `"a";r=99999999999999999999;t=1`, nil},
		{``, `"a";r=-1;t=1`, nil},
		{``, `"a";r=1.5;t=1`, nil},
		{``, `"a";r=5`, nil},
		{``, `"a";t=5`, nil},
		{``, `limit=100, remaining=50, reset=30`, nil},
		{``, `"a;r=1;t=1`, nil},
		{``, `"a" r=1`, nil},
		{``, `"a";r=;t=1`, nil},
		{``, ``, nil},
	} {
		t.Run(test.state, func(t *testing.T) {
			h := http.Header{"Ratelimit": {test.state}, "Ratelimit-Policy": {test.policy}}
			got := parseQuotas(h, time.Now())
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(quota{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzFields holds that no field of a response leads to a wait below zero or a pace
// that never ends.
func FuzzFields(f *testing.F) {
	f.Add("120", `"burst";q=100;w=60`, `"burst";r=50;t=30`)
	f.Add("Sat, 21 Nov 2026 12:00:30 GMT", `a;x;q=:=:`, `"\";r=1`)
	f.Fuzz(func(t *testing.T, after, policy, state string) {
		h := http.Header{"Retry-After": {after}, "Ratelimit-Policy": {policy}, "Ratelimit": {state}}
		now := time.Now()
		if wait, _ := RetryAfter(h, now); wait < 0 {
			t.Errorf("a wait of %v", wait)
		}
		var p pace
		quotas := parseQuotas(h, now)
		for _, q := range quotas {
			if q.remaining < 0 || q.within < 0 || q.whole < 0 {
				t.Errorf("got %+v", q)
			}
		}
		p.learn("h", quotas, now)
		for range 3 {
			if wait := p.wait("h", now); wait < 0 || wait > maxNumber*time.Second {
				t.Errorf("a pace of %v", wait)
			}
		}
	})
}
