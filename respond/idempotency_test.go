package respond_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/limit"
	"github.com/statute-http/statute/respond"
)

func TestIdempotencyInFlight(t *testing.T) {
	s := newItems(t)
	w := serve(t, s.routes(s.api(t.Output())))
	request := raw("POST /orders", `{"name":"slow","qty":1}`, "Idempotency-Key: k2")
	first := w.dial()
	if _, err := io.WriteString(first, request); err != nil {
		t.Fatal(err)
	}
	<-s.started
	if x := w.sendRaw(request); x.Response.Status != 409 {
		t.Errorf("while the first is running: got %d, want 409", x.Response.Status)
	}
	s.finish <- struct{}{}
	if x := w.receive(first, request); x.Response.Status != 201 {
		t.Errorf("the first: got %d, want 201", x.Response.Status)
	}
	if x := w.sendRaw(request); x.Response.Status != 201 {
		t.Errorf("afterwards: got %d, want 201", x.Response.Status)
	}
	if s.orders != 1 {
		t.Errorf("%d orders, want 1", s.orders)
	}
}

// TestIdempotency holds what is kept, and for whom.
func TestIdempotency(t *testing.T) {
	calls := 0
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	basic := respond.Basic{Realm: "x", Verify: func(_ context.Context, user, _ string) (respond.Principal, bool, error) {
		return respond.Principal{ID: user}, true, nil
	}}
	h := respond.HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		calls++
		content, err := io.ReadAll(r.Body)
		if err != nil || string(content) == `"fail"` {
			return respond.Outcome{}, errors.New("failed")
		}
		if string(content) == `"break"` {
			return respond.Stream("application/json", func(w io.Writer) error {
				_, _ = io.WriteString(w, strings.Repeat(" ", 8<<10))
				return errors.New("broken")
			}), nil
		}
		if string(content) == `"refuse"` {
			return respond.Outcome{}, respond.Conflict("refused")
		}
		return respond.OK(calls).Header("X-Kept", "yes"), nil
	})
	store := &respond.MemoryStore{Now: func() time.Time { return now }}
	w := serve(t, route(new(respond.API), h, respond.Auth(basic),
		respond.Idempotent(respond.Idempotency{Store: store, Optional: true, Keep: time.Hour})))
	jo, flo := "Authorization: Basic am86eA==", "Authorization: Basic ZmxvOng="
	steps := []struct {
		line, content string
		fields        []string
		want          string
	}{
		{"POST /thing", `"a"`, []string{jo, "Idempotency-Key: 1"}, "200\nX-Kept: yes\n1"},
		{"POST /thing", `"a"`, []string{jo, "Idempotency-Key: 1"}, "200\nX-Kept: yes\n1"},
		{"POST /thing", `"a"`, []string{flo, "Idempotency-Key: 1"}, "200\nX-Kept: yes\n2"},
		{"PUT /thing", `"a"`, []string{jo, "Idempotency-Key: 1"}, "200\nX-Kept: yes\n3"},
		{"POST /thing?a=1", `"a"`, []string{jo, "Idempotency-Key: 1"}, "200\nX-Kept: yes\n4"},
		{"POST /thing", `"a"`, []string{jo}, "200\nX-Kept: yes\n5"},
		{"GET /thing", "", []string{jo, "Idempotency-Key: 1"}, "200\nX-Kept: yes\n6"},
		{"POST /thing", `"fail"`, []string{jo, "Idempotency-Key: 2"}, "500"}, // 7
		{"POST /thing", `"a"`, []string{jo, "Idempotency-Key: 2"}, "200\nX-Kept: yes\n8"},
		{"POST /thing", `"refuse"`, []string{jo, "Idempotency-Key: 3"}, "409"}, // 9
		{"POST /thing", `"refuse"`, []string{jo, "Idempotency-Key: 3"}, "409"},
		{"POST /thing", `"break"`, []string{jo, "Idempotency-Key: 4"}, "200"}, // 10, and no more than its beginning
		{"POST /thing", `"a"`, []string{jo, "Idempotency-Key: 4"}, "200\nX-Kept: yes\n11"},
		{"POST /thing", `"a"`, []string{jo, "Idempotency-Key: " + strings.Repeat("x", 256)}, "400"},
		{"later", "", nil, ""},
		{"POST /thing", `"a"`, []string{jo, "Idempotency-Key: 1"}, "200\nX-Kept: yes\n12"},
	}
	for i, step := range steps {
		if step.line == "later" {
			now = now.Add(time.Hour)
			continue
		}
		got, _, _ := strings.Cut(text(w.send(step.line, step.content, step.fields...), "X-Kept"), "\n{")
		if strings.TrimSpace(got) != step.want {
			t.Errorf("step %d, %s: got %s, want %s", i, step.line, got, step.want)
		}
	}
}

// broken is a store that fails.
type broken struct{ respond.MemoryStore }

func (*broken) Reserve(context.Context, string, []byte, time.Duration) ([]byte, error) {
	return nil, errors.New("s3cret")
}

func TestIdempotencyStoreFails(t *testing.T) {
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		t.Error("the handler ran")
		return respond.NoContent(), nil
	}), respond.Idempotent(respond.Idempotency{Store: new(broken)})))
	if got := text(w.send("POST /thing", "a", "Idempotency-Key: 1"), "Retry-After"); !strings.HasPrefix(got, "503\nRetry-After: 5") {
		t.Errorf("got %s", got)
	}
}

// lost is a store whose first claim is made without its being heard of.
type lost struct {
	respond.MemoryStore
	claims int
}

func (s *lost) Reserve(ctx context.Context, key string, claim []byte, keep time.Duration) ([]byte, error) {
	held, err := s.MemoryStore.Reserve(ctx, key, claim, keep)
	if s.claims++; s.claims == 1 {
		return nil, errors.New("timeout")
	}
	return held, err
}

func TestIdempotencyClaimLost(t *testing.T) {
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.NoContent(), nil
	}), respond.Idempotent(respond.Idempotency{Store: new(lost)})))
	for _, want := range []int{503, 204, 204} {
		if got := w.send("POST /thing", "a", "Idempotency-Key: 1").Response.Status; got != want {
			t.Errorf("got %d, want %d", got, want)
		}
	}
}

// panicking is a store that panics.
type panicking struct{ respond.MemoryStore }

func (*panicking) Save(context.Context, string, []byte, []byte, time.Duration) error { panic("store") }

// TestIdempotencyLate holds that work which was done after a 504 is not repeated
// where its answer cannot be kept, and that its end is reached.
func TestIdempotencyLate(t *testing.T) {
	content := &closer{ReadSeeker: strings.NewReader("x")}
	tests := []struct {
		name    string
		store   respond.ReplayStore
		outcome func(*http.Request) respond.Outcome
		want    int
	}{
		{"stream", new(respond.MemoryStore), func(r *http.Request) respond.Outcome {
			return respond.Stream("text/plain", func(io.Writer) error { return r.Context().Err() })
		}, 409},
		{"served", new(respond.MemoryStore), func(*http.Request) respond.Outcome {
			return respond.Served(http.NotFoundHandler())
		}, 409},
		{"large", new(respond.MemoryStore), func(*http.Request) respond.Outcome {
			return respond.OK(strings.Repeat("x", 1<<20))
		}, 409},
		{"store", new(panicking), func(*http.Request) respond.Outcome { return respond.NoContent() }, 409},
		{"content", new(respond.MemoryStore), func(*http.Request) respond.Outcome {
			return respond.Content("text/plain", content)
		}, 200},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var calls atomic.Int64
			in, err := limit.NewInFlight("parallel", 1)
			if err != nil {
				t.Fatal(err)
			}
			w := serve(t, route(new(respond.API), respond.HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
				if calls.Add(1) == 1 {
					<-r.Context().Done()
					time.Sleep(20 * time.Millisecond)
				}
				return test.outcome(r), nil
			}), respond.Limit(respond.Quota{InFlight: in}), respond.Timeout(20*time.Millisecond), respond.Produces("application/json", "text/plain"),
				respond.Idempotent(respond.Idempotency{Store: test.store})))
			if got := w.send("POST /thing", "1", "Idempotency-Key: k").Response.Status; got != 504 {
				t.Errorf("got %d, want 504", got)
			}
			var got int
			waitFor(t, func() bool { // its end is reached
				got = w.send("POST /thing", "1", "Idempotency-Key: k").Response.Status
				return got != 429
			})
			if got != test.want || calls.Load() != 1 {
				t.Errorf("afterwards: got %d after %d runs, want %d after 1", got, calls.Load(), test.want)
			}
		})
	}
	if n := content.closed.Load(); n != 1 {
		t.Errorf("content was closed %d times", n)
	}
}

// TestIdempotencyTimeout holds that a handler which goes on after a 504 is not run
// a second time, and that its answer is what the repeats get.
func TestIdempotencyTimeout(t *testing.T) {
	var calls atomic.Int64
	finish := make(chan struct{})
	tests := []struct {
		name    string
		outcome respond.Outcome
		err     error
		want    int
		calls   int64
	}{
		{"made", respond.Created("/thing/1", 1), nil, 201, 1},
		{"refused", respond.Outcome{}, respond.Conflict("taken"), 409, 1},
		{"failed", respond.Outcome{}, context.DeadlineExceeded, 204, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			calls.Store(0)
			h := route(new(respond.API), respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
				if calls.Add(1) > 1 {
					return respond.NoContent(), nil
				}
				<-finish
				return test.outcome, test.err
			}), respond.Timeout(20*time.Millisecond), respond.Idempotent(respond.Idempotency{Store: new(respond.MemoryStore)}))
			w := serve(t, h)
			request := raw("POST /thing", "1", "Idempotency-Key: k")
			for _, want := range []int{504, 409, 409} {
				if got := w.sendRaw(request).Response.Status; got != want {
					t.Errorf("while it runs: got %d, want %d", got, want)
				}
			}
			finish <- struct{}{}
			var x *statute.Exchange
			waitFor(t, func() bool {
				x = w.sendRaw(request)
				return !strings.Contains(string(x.Response.Body.Bytes), "still running")
			})
			if x.Response.Status != test.want || calls.Load() != test.calls {
				t.Errorf("afterwards: got %d after %d runs, want %d after %d", x.Response.Status, calls.Load(), test.want, test.calls)
			}
			if test.want == 201 && x.Response.Fields.Get("Location") != "/thing/1" {
				t.Errorf("got %+v", x.Response.Fields)
			}
		})
	}
}

// TestMemoryStoreClaims holds that only who has the claim changes a key.
func TestMemoryStoreClaims(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	s := &respond.MemoryStore{Now: func() time.Time { return now }}
	holds := func(want string) {
		t.Helper()
		if got, err := s.Reserve(t.Context(), "k", []byte("other"), time.Minute); string(got) != want || err != nil {
			t.Errorf("the key has %q, %v; want %q", got, err, want)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	if held, err := s.Reserve(t.Context(), "k", []byte("slow"), time.Minute); held != nil || err != nil {
		t.Fatal(held, err)
	}
	must(s.Release(t.Context(), "k", []byte("other")))
	holds("slow")
	now = now.Add(time.Minute) // the claim is over
	holds("")
	must(s.Release(t.Context(), "k", []byte("slow")))
	holds("other")
	must(s.Save(t.Context(), "k", []byte("slow"), []byte("answer to the slow"), time.Minute))
	holds("other")
	must(s.Save(t.Context(), "k", []byte("other"), []byte("answer"), time.Minute))
	holds("answer")
}

// TestMemoryStoreFull holds that a store which is full takes new keys and forgets
// the oldest answers, but no claim.
func TestMemoryStoreFull(t *testing.T) {
	s := &respond.MemoryStore{MaxBytes: 10_000}
	reserve := func(key string) []byte {
		held, err := s.Reserve(t.Context(), key, []byte("claim"), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return held
	}
	reserve("first")
	for i := range 100 {
		key := fmt.Sprint(i)
		if held := reserve(key); held != nil {
			t.Fatalf("%s holds %q", key, held)
		}
		if err := s.Save(t.Context(), key, []byte("claim"), make([]byte, 600), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	for key, want := range map[string]bool{"first": true, "0": false, "89": false, "90": true, "99": true} {
		if got := reserve(key) != nil; got != want {
			t.Errorf("%s is held: %v, want %v", key, got, want)
		}
	}
}
