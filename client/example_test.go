package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/statute-http/statute/client"
)

func Example() {
	tries := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tries++; tries == 1 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		io.WriteString(w, "order 17")
	}))
	defer server.Close()

	c := (&client.Transport{}).Client()
	request, err := http.NewRequestWithContext(context.Background(), "GET", server.URL+"/orders/17", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	response, err := client.Do(c, request)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	fmt.Println(string(content), err, "after", tries, "tries")
	// Output: order 17 <nil> after 2 tries
}

// An error tells all that the response told.
func ExampleError() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusConflict)
		io.WriteString(w, `{"type": "https://shop.example/problems/out-of-stock", "title": "Out of stock", "left": 2}`)
	}))
	defer server.Close()

	_, err := client.Do(nil, must(http.NewRequest("POST", server.URL, nil)))
	var e *client.Error
	if errors.As(err, &e) && e.Problem != nil {
		fmt.Println(e.Code, e.Problem.Type)
		fmt.Println(e.Problem.Title, string(e.Problem.Members["left"]))
	}
	// Output:
	// 409 https://shop.example/problems/out-of-stock
	// Out of stock 2
}

// A wait beyond the deadline is not begun: the response is there at once.
func ExampleError_wait() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer server.Close()

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	c := (&client.Transport{}).Client()
	_, err := client.Do(c, must(http.NewRequestWithContext(ctx, "GET", server.URL, nil)))
	var e *client.Error
	if errors.As(err, &e) {
		fmt.Println(e.Code, "come back in", e.Wait)
	}
	// Output: 503 come back in 1h0m0s
}

// A redirect that would lose the method is not followed.
func ExampleRedirect() {
	server := httptest.NewServer(http.RedirectHandler("/elsewhere", http.StatusFound))
	defer server.Close()

	c := &http.Client{CheckRedirect: client.Redirect}
	_, err := client.Do(c, must(http.NewRequest("POST", server.URL, nil)))
	var e *client.Error
	if errors.As(err, &e) {
		fmt.Println(e.Code, e.Reason)
	}
	// Output: 302 it would turn POST into GET; 303 says so on purpose, 307 and 308 keep the method
}

func ExampleRetryAfter() {
	h := http.Header{
		"Date":        {"Sat, 21 Nov 2026 12:00:00 GMT"},
		"Retry-After": {"Saturday, 21-Nov-26 12:02:00 GMT"},
	}
	fmt.Println(client.RetryAfter(h, time.Now()))
	// Output: 2m0s true
}

func must(r *http.Request, err error) *http.Request {
	if err != nil {
		panic(err)
	}
	return r
}
