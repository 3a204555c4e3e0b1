// Command clients sends requests through clients that try again, to servers that
// fail in the ways of production, and prints what became of them as a Markdown
// table. It takes a minute: the waits are real.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	log.SetOutput(io.Discard)
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "clients:", err)
		os.Exit(2)
	}
}

// run tries all clients side by side and writes the table.
func run(w io.Writer) error {
	cells := make([][]string, len(clients))
	right := make([]int, len(clients))
	var group sync.WaitGroup
	for i, c := range clients {
		group.Go(func() {
			for _, k := range cases {
				cell, ok := try(c, k)
				if ok {
					right[i]++
				} else {
					cell = "**" + cell + "**"
				}
				cells[i] = append(cells[i], cell)
			}
		})
	}
	group.Wait()
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "| case | wanted |")
	for _, c := range clients {
		fmt.Fprintf(out, " %s |", c.name)
	}
	fmt.Fprintf(out, "\n|---|---|%s\n", strings.Repeat("---|", len(clients)))
	for k, c := range cases {
		fmt.Fprintf(out, "| %s | %s |", c.name, c.wanted)
		for i := range clients {
			fmt.Fprintf(out, " %s |", cells[i][k])
		}
		fmt.Fprintln(out)
	}
	fmt.Fprint(out, "| **as wanted** | |")
	for _, n := range right {
		fmt.Fprintf(out, " **%d of %d** |", n, len(cases))
	}
	fmt.Fprintln(out)
	return out.Flush()
}

// patience is how long a request may take that says nothing of it.
const patience = 8 * time.Second

// result is what became of a request.
type result struct {
	hits    int // requests that the server saw
	took    time.Duration
	code    int // 0 if the client does not tell
	content bool
	failed  bool // the client returned an error
}

// String returns "2 tries, 1.0 s, 200".
func (r result) String() string {
	tries := "1 try"
	if r.hits != 1 {
		tries = fmt.Sprintf("%d tries", r.hits)
	}
	end := "no answer"
	if r.code != 0 {
		end = fmt.Sprint(r.code)
	}
	if r.failed {
		end += ", error"
	}
	return fmt.Sprintf("%s, %.1f s, %s", tries, r.took.Seconds(), end)
}

// try sends the request of a case through a client.
func try(c client, k failure) (cell string, ok bool) {
	var hits atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k.answer(w, int(hits.Add(1)))
	}))
	defer s.Close()
	patience := patience
	if k.patience != 0 {
		patience = k.patience
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	start := time.Now()
	code, content, err := c.send(ctx, k.method, s.URL)
	r := result{int(hits.Load()), time.Since(start), code, strings.Contains(content, "why"), err != nil}
	return r.String(), k.right(r)
}

// failure is a row of the table.
type failure struct {
	name, wanted string
	method       string
	patience     time.Duration
	answer       func(w http.ResponseWriter, try int)
	right        func(result) bool
}

// once fails at first and not again.
func once(code int, retryAfter func() string) func(http.ResponseWriter, int) {
	return func(w http.ResponseWriter, try int) {
		if try > 1 {
			return
		}
		if retryAfter != nil {
			w.Header().Set("Retry-After", retryAfter())
		}
		always(code)(w, try)
	}
}

func always(code int) func(http.ResponseWriter, int) {
	return func(w http.ResponseWriter, _ int) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, `{"title":"why"}`)
	}
}

// dated writes a time two to three seconds from now.
func dated(layout string) func() string {
	return func() string { return time.Now().Add(3 * time.Second).UTC().Format(layout) }
}

// after returns whether there was success by a second try between these times.
func after(least, most time.Duration) func(result) bool {
	return func(r result) bool { return r.code == 200 && r.hits == 2 && r.took >= least && r.took <= most }
}

func single(r result) bool { return r.hits == 1 }

var cases = []failure{
	{"503, `Retry-After: 1`", "waits 1 s", "GET", 0, once(503, func() string { return "1" }), after(time.Second, 2*time.Second)},
	{"429, IMF-fixdate", "waits until then", "GET", 0, once(429, dated(http.TimeFormat)), after(1900*time.Millisecond, 4*time.Second)},
	{"429, date as in RFC 850", "waits until then", "GET", 0, once(429, dated("Monday, 02-Jan-06 15:04:05 GMT")), after(1900*time.Millisecond, 4*time.Second)},
	{"429, date as asctime writes it", "waits until then", "GET", 0, once(429, dated(time.ANSIC)), after(1900*time.Millisecond, 4*time.Second)},
	{"429 without Retry-After", "waits a little", "GET", 0, once(429, nil), after(10*time.Millisecond, 3*time.Second)},
	{
		"503, `Retry-After: 3600`, 2 s to live", "tells at once", "GET", 2 * time.Second,
		func(w http.ResponseWriter, try int) {
			w.Header().Set("Retry-After", "3600")
			always(503)(w, try)
		},
		func(r result) bool { return r.hits == 1 && r.code == 503 && r.took < time.Second },
	},
	{"POST, 503", "once", "POST", 0, once(503, nil), single},
	{"POST, 500", "once", "POST", 0, once(500, nil), single},
	{"POST, connection dropped", "once", "POST", 0, func(http.ResponseWriter, int) { panic(http.ErrAbortHandler) }, single},
	{"503 for ever", "the last answer is kept", "GET", 20 * time.Second, always(503), func(r result) bool { return r.code == 503 && r.content && r.hits > 1 }},
	{"404", "an error that tells 404", "GET", 0, always(404), func(r result) bool { return r.failed && r.code == 404 && r.hits == 1 }},
	{"408 once", "tries again", "GET", 0, once(408, nil), after(0, 3*time.Second)},
	{"425 once", "tries again", "GET", 0, once(425, nil), after(0, 3*time.Second)},
	{"501", "once", "GET", 0, always(501), single},
}
