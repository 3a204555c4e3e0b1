package statutetest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/statute-http/statute/statutetest"
)

const description = "testdata/orders.yaml"

var clerk = statutetest.As("Bearer clerk")

func TestCheck(t *testing.T) {
	tests := []struct {
		name        string
		handler     http.Handler
		description string
		options     []statutetest.Option
		want        []string // what the failure says; nil if there is none
	}{
		{"right", newOrders().handler(), description, []statutetest.Option{clerk, statutetest.AsLow("Authorization: Bearer guest")}, nil},
		{
			"no challenge", without("Www-Authenticate", 401, newOrders().handler()), description,
			[]statutetest.Option{clerk},
			[]string{"401-without-challenge", "cause    no credentials", "fix      "},
		},
		{
			"no place", without("Location", 201, newOrders().handler()), description,
			[]statutetest.Option{clerk},
			[]string{"201-without-location", "POST /orders"},
		},
		{
			"skipped", without("Location", 201, newOrders().handler()), description,
			[]statutetest.Option{clerk, statutetest.Skip("POST *"), statutetest.Set("id", "1")},
			nil,
		},
		{"nothing reached", newOrders().handler(), description, nil, []string{"none of the 3 operations answered with success"}},
		{
			"one not reached", newOrders().handler(), description,
			[]statutetest.Option{clerk, statutetest.ReachAll(), statutetest.Set("id", "17"), statutetest.Skip("POST *")},
			[]string{"not reached: GET /orders/{id}"},
		},
		{"no description", newOrders().handler(), "testdata/none.yaml", nil, []string{"testdata/none.yaml", "no such file"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, f := try(t, func(f testing.TB) { statutetest.Check(f, tt.handler, tt.description, tt.options...) })
			if tt.want == nil && got != "" {
				t.Errorf("the test fails:\n%s", got)
			}
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not said:\n%s", want, got)
				}
			}
			if strings.Contains(got+strings.Join(f.logs, ""), "clerk") {
				t.Errorf("a secret is shown:\n%s", got)
			}
		})
	}
}

// TestCheckUnreached holds that what was not reached is logged.
func TestCheckUnreached(t *testing.T) {
	h := newOrders().handler()
	_, f := try(t, func(f testing.TB) {
		statutetest.Check(f, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "POST" {
				w.WriteHeader(503)
				return
			}
			h.ServeHTTP(w, r)
		}), description, clerk, statutetest.Set("id", "1"), statutetest.Skip("DELETE *"))
	})
	logged := strings.Join(f.logs, "\n")
	for _, want := range []string{
		"statutetest: not reached: POST /orders: answered 503 Service Unavailable",
		"statutetest: left out: DELETE /orders/{id}: ",
	} {
		if !strings.Contains(logged, want) {
			t.Errorf("%q is not logged:\n%s", want, logged)
		}
	}
}

// TestCheckSecrets holds that a credential is not shown, wherever an answer puts it.
func TestCheckSecrets(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method != "POST" {
			w.WriteHeader(404)
		} else {
			w.WriteHeader(201) // where?
		}
		fmt.Fprintf(w, `{"by":%q}`, r.Header.Get("X-User"))
	})
	got, f := try(t, func(f testing.TB) { statutetest.Check(f, h, description, statutetest.As("X-User: hush-hush-17")) })
	if !strings.Contains(got, "201-without-location") {
		t.Errorf("got:\n%s", got)
	}
	if all := got + strings.Join(f.logs, "\n"); strings.Contains(all, "hush") {
		t.Errorf("a secret is shown:\n%s", all)
	}
}
