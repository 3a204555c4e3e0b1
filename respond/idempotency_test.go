package respond_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

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
