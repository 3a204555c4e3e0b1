// Package examples holds the code of the README, which compiles here.
package examples

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/client"
	"github.com/statute-http/statute/limit"
	"github.com/statute-http/statute/respond"
	"github.com/statute-http/statute/rules"
	"github.com/statute-http/statute/statutetest"
)

type newOrder struct {
	Item string `json:"item"`
	Qty  int    `json:"qty"`
}

func create(_ context.Context, in newOrder) (respond.Outcome, error) {
	if in.Qty < 1 {
		return respond.Outcome{}, respond.Field("/qty", "must be at least 1") // 422
	}
	return respond.Created("/orders/17", in), nil // 201 with Location
}

func handler(limiter *limit.Limiter) http.Handler {
	mux := new(respond.API).NewMux() // 404, 405 with Allow, 415, 413, 400 and 500 come of themselves
	mux.Handle("POST /orders", respond.In(create), respond.Limit(respond.Quota{Limiter: limiter, Key: limit.ByAddress()}))
	return mux
}

func order(ctx context.Context, url string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		return nil, err
	}
	return client.Do((&client.Transport{}).Client(), request) // a *client.Error for 4xx and 5xx
}

// api serves one order.
func api() http.Handler {
	mux := new(respond.API).NewMux()
	mux.Handle("GET /orders/17", respond.In(func(context.Context, struct{}) (respond.Outcome, error) {
		return respond.OK(newOrder{"saw", 1}), nil
	}))
	return mux
}

func TestAPI(t *testing.T) {
	server := statutetest.Judge(t, api())
	response, err := server.Client().Get(server.URL + "/orders/17")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close() // the test fails if the answer breaks a rule
}

func faults(x *statute.Exchange) []*statute.Finding {
	judge := statute.NewJudge(rules.All)
	judge.See(x)
	return judge.Verdict().Findings
}

// TestHandler sees that the handler answers as the README says.
func TestHandler(t *testing.T) {
	limiter, err := limit.New(limit.Options{}, limit.Policy{Name: "minute", Quota: 60, Window: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	h := handler(limiter)
	for _, tt := range []struct {
		method, target, media, content string
		code                           int
	}{
		{"POST", "/orders", "application/json", `{"item":"saw","qty":1}`, 201},
		{"POST", "/orders", "application/json", `{"item":"saw","qty":0}`, 422},
		{"POST", "/orders", "application/json", `{"item":`, 400},
		{"POST", "/orders", "text/plain", "saw", 415},
		{"DELETE", "/orders", "", "", 405},
		{"GET", "/nothing", "", "", 404},
	} {
		r := httptest.NewRequest(tt.method, tt.target, strings.NewReader(tt.content))
		r.Header.Set("Content-Type", tt.media)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != tt.code {
			t.Errorf("%s %s %s: %d, want %d", tt.method, tt.target, tt.content, w.Code, tt.code)
		}
	}
}

// TestOrder sees that an error comes as one.
func TestOrder(t *testing.T) {
	server := httptest.NewServer(api())
	defer server.Close()
	response, err := order(t.Context(), server.URL+"/orders/17")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if _, err := order(t.Context(), server.URL+"/orders/18"); err == nil {
		t.Error("a 404 is no error")
	}
}

// TestFaults sees that the judge finds what there is.
func TestFaults(t *testing.T) {
	x := &statute.Exchange{
		Seen: statute.SeenFields, Request: statute.Request{Method: "GET", Target: "/"}, Response: statute.Response{Status: 401},
	}
	found := faults(x)
	if len(found) == 0 || found[0].Rule.ID != "401-without-challenge" {
		t.Errorf("found %v", found)
	}
}

// TestReadme holds that all Go code of the README is in this file.
func TestReadme(t *testing.T) {
	page, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("readme_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(page), "```go\n")[1:]
	for _, block := range blocks {
		block, _, _ = strings.Cut(block, "```")
		if !strings.Contains(string(code), block) {
			t.Errorf("this is not compiled:\n%s", block)
		}
	}
	if len(blocks) < 4 {
		t.Errorf("%d blocks of Go found, there are more", len(blocks))
	}
}
