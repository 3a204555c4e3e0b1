package shop

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// provider is a payment provider: it says what it is told to, once for each key.
type provider struct {
	answers []answer // one for each request, the last one for all that follow
	keys    []string // that it was asked with
	cents   []int64
}

// answer is what a provider does with a request: an error breaks the connection.
type answer struct {
	code int
	err  error
	do   func() // before it answers
}

// RoundTrip implements http.RoundTripper.
func (p *provider) RoundTrip(r *http.Request) (*http.Response, error) {
	var charge struct{ Cents int64 }
	if err := json.NewDecoder(r.Body).Decode(&charge); err != nil {
		return nil, err
	}
	p.keys = append(p.keys, r.Header.Get("Idempotency-Key"))
	p.cents = append(p.cents, charge.Cents)
	a := p.answers[min(len(p.keys), len(p.answers))-1]
	if a.do != nil {
		a.do()
	}
	if a.err != nil {
		return nil, a.err
	}
	return &http.Response{
		StatusCode: a.code, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(`{"reference":"r-1"}`)),
	}, nil
}

// errBroken is what a connection says that ends before the answer.
var errBroken = &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}

// shopWith returns a shop with a payment provider, where ada's token is "ada".
func shopWith(t *testing.T, p *provider) *Shop {
	t.Helper()
	s := open(t, Config{Payments: "http://payments.example", Transport: p})
	if err := s.Admit(t.Context(), "ada@shop.example", "ada"); err != nil {
		t.Fatal(err)
	}
	return s
}

// call sends a request of ada's and returns the answer's code and content.
func call(ctx context.Context, s *Shop, method, path, content string, fields ...string) (int, string) {
	r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(content))
	r.Header.Set("Authorization", "Bearer ada")
	r.Header.Set("Content-Type", "application/json")
	if method == "PATCH" {
		r.Header.Set("Content-Type", "application/merge-patch+json")
	}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// pays sends what pays order 1, by a card, and wants a code.
func pays(t *testing.T, s *Shop, card string, want int, fields ...string) {
	t.Helper()
	if code, content := call(t.Context(), s, "POST", "/orders/1/payment", `{"card_token":"`+card+`"}`, fields...); code != want {
		t.Fatalf("paying by %s: got %d %s, want %d", card, code, content, want)
	}
}

// stands wants order 1 to have parts in its JSON.
func stands(t *testing.T, s *Shop, parts ...string) {
	t.Helper()
	_, content := call(t.Context(), s, "GET", "/orders/1", "")
	for _, part := range parts {
		if !strings.Contains(content, part) {
			t.Errorf("got order %s, want %s", content, part)
		}
	}
}

// TestPayWhatWasSeen changes an order while the provider works: what is charged is
// what the order costs.
func TestPayWhatWasSeen(t *testing.T) {
	var s *Shop
	p := &provider{answers: []answer{{code: 201, do: func() {
		for _, request := range [][2]string{{"PATCH", `{"lines":[{"item_id":2,"quantity":999}]}`}, {"PATCH", `{"note":"later"}`}, {"DELETE", ""}} {
			if code, content := call(t.Context(), s, request[0], "/orders/1", request[1]); code != 409 {
				t.Errorf("%s while it is being paid: got %d %s, want 409", request[0], code, content)
			}
		}
	}}}}
	s = shopWith(t, p)
	pays(t, s, "good", 201)
	stands(t, s, `"status":"paid"`, `"total_cents":2490`, `"cents":2490`, `"reference":"r-1"`, `"ring twice"`)
	if !slices.Equal(p.cents, []int64{2490}) {
		t.Errorf("charged %d", p.cents)
	}
	pays(t, s, "good", 409)
}

// TestPayCondition holds a stale If-Match to be told before the card is charged.
func TestPayCondition(t *testing.T) {
	p := &provider{answers: []answer{{code: 201}}}
	s := shopWith(t, p)
	pays(t, s, "good", 412, `If-Match: "0"`)
	if p.keys != nil {
		t.Error("the card was charged")
	}
	pays(t, s, "good", 201, `If-Match: "1"`)
}

// TestPayAgain holds a payment of unknown end to be the same one when the client
// asks again.
func TestPayAgain(t *testing.T) {
	for name, lost := range map[string]answer{
		"broken off": {err: errBroken}, "late": {err: context.DeadlineExceeded}, "out of order": {code: 500}, "busy": {code: 409}, "no judge": {code: 403},
	} {
		t.Run(name, func(t *testing.T) {
			p := &provider{answers: []answer{lost, lost, {code: 201}}} // the first two are tries of one request, or not
			s := shopWith(t, p)
			for range 2 {
				if code, _ := call(t.Context(), s, "POST", "/orders/1/payment", `{"card_token":"good"}`); code == 201 {
					break
				}
				stands(t, s, `"status":"paying"`, `"total_cents":2490`)
				asked := len(p.keys)
				pays(t, s, "other", 409)
				pays(t, s, "good", 412, `If-Match: "1"`)
				if len(p.keys) != asked {
					t.Error("the provider was asked for another card, or for what is no longer so")
				}
				if code, _ := call(t.Context(), s, "PATCH", "/orders/1", `{"note":"later"}`); code != 409 {
					t.Errorf("got %d to a change, want 409", code)
				}
			}
			if len(slices.Compact(p.keys)) != 1 {
				t.Errorf("got keys %q, want one", p.keys)
			}
		})
	}
}

// TestPayRefused holds a card that is refused to be the client's fault: the order
// is open again, and nobody else has to wait.
func TestPayRefused(t *testing.T) {
	for code, want := range map[int]int{400: 422, 402: 409, 422: 422} {
		p := &provider{answers: []answer{{code: code}, {code: code}, {code: code}, {code: code}, {code: 201}}}
		s := shopWith(t, p)
		for range 4 {
			pays(t, s, "bad", want)
			stands(t, s, `"status":"open"`)
		}
		if code, _ := call(t.Context(), s, "PATCH", "/orders/1", `{"note":"later"}`); code != 200 {
			t.Errorf("got %d to a change, want 200", code)
		}
		pays(t, s, "good", 201)
		if slices.Sort(p.keys); len(slices.Compact(p.keys)) != 5 {
			t.Errorf("got keys %q, want five", p.keys)
		}
	}
}

// TestPayTwice pays an order while the same payment is under way: it is one.
func TestPayTwice(t *testing.T) {
	var s *Shop
	p := &provider{answers: []answer{{code: 201, do: func() { pays(t, s, "good", 201) }}, {code: 201}}}
	s = shopWith(t, p)
	pays(t, s, "good", 409)
	stands(t, s, `"status":"paid"`)
	if len(p.keys) != 2 || p.keys[0] != p.keys[1] {
		t.Errorf("got keys %q, want one", p.keys)
	}
}

// TestPayGone holds a charge to count though the client did not wait for it.
func TestPayGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, leave := context.WithCancel(t.Context())
		s := shopWith(t, &provider{answers: []answer{{code: 201, do: leave}}})
		s.orders.store = hasty{s.orders.store}
		func() {
			defer func() { _ = recover() }() // http.ErrAbortHandler: there is nobody to answer
			call(ctx, s, "POST", "/orders/1/payment", `{"card_token":"good"}`)
		}()
		synctest.Wait() // for the handler
		stands(t, s, `"status":"paid"`)
	})
}

// hasty is a store that changes nothing for those who are gone.
type hasty struct{ Store }

// Change implements [Store].
func (h hasty) Change(ctx context.Context, kind string, id int64, change func(*Row) error) (Row, error) {
	if err := ctx.Err(); err != nil {
		return Row{}, err
	}
	return h.Store.Change(ctx, kind, id, change)
}

// TestBreaker holds what counts as a failure, and who may try when the time is up.
func TestBreaker(t *testing.T) {
	now := time.Now()
	b := &breaker{}
	for range mostFailures {
		if wait := b.wait(now); wait != 0 {
			t.Fatalf("got %v before there were %d failures", wait, mostFailures)
		}
		b.told(errBroken, now)
		b.told(context.Canceled, now)
	}
	if wait := b.wait(now.Add(time.Second)); wait != openFor-time.Second {
		t.Errorf("got %v, want %v", wait, openFor-time.Second)
	}
	now = now.Add(openFor)
	if first, second := b.wait(now), b.wait(now); first != 0 || second != openFor {
		t.Errorf("when the time is up: got %v and %v, want one to ask", first, second)
	}
	b.told(nil, now)
	if wait := b.wait(now); wait != 0 {
		t.Errorf("after a success: got %v", wait)
	}
}
