package check

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/statute-http/statute"
)

// shelter is an API of orders that answers about what is not there with 200 and
// that content, and with 500 to a DELETE of it. It heeds no condition.
type shelter struct {
	mu      sync.Mutex
	orders  map[string]bool
	next    int
	missing string
}

func (s *shelter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	id := strings.TrimPrefix(r.URL.Path, "/orders/")
	switch {
	case r.URL.Path == "/orders" && r.Method == "POST":
		s.next++
		id = fmt.Sprint(100 + s.next)
		s.orders[id] = true
		w.Header().Set("Location", "/orders/"+id)
		w.WriteHeader(201)
		fmt.Fprintf(w, `{"id":%s}`, id)
	case r.URL.Path == "/orders":
		io.WriteString(w, "[]")
	case r.Method == "DELETE" && s.orders[id]:
		delete(s.orders, id)
		w.WriteHeader(204)
	case r.Method == "DELETE":
		w.WriteHeader(500)
	case s.orders[id]:
		w.Header().Set("ETag", `"1"`)
		fmt.Fprintf(w, `{"id":%s,"text":"a"}`, id)
	default:
		io.WriteString(w, s.missing)
	}
}

// TestDenied holds that what a DELETE was refused for is read right after it: it may
// be gone all the same, and then it is not deleted again.
func TestDenied(t *testing.T) {
	s := &shelter{orders: map[string]bool{}, missing: "null"}
	var log []string
	var mu sync.Mutex
	_, result := runOn(t, orders, nil, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		id := strings.TrimPrefix(r.URL.Path, "/orders/")
		switch {
		case r.Method == "DELETE" && s.orders[id]:
			delete(s.orders, id)
			log = append(log, id)
			w.WriteHeader(404)
		case len(log)%2 == 1:
			log = append(log, r.Method+" "+id)
			w.WriteHeader(404)
		case r.Method == "GET" && s.orders[id]: // without conditions
			fmt.Fprintf(w, `{"id":%s}`, id)
		default:
			s.ServeHTTP(w, r)
		}
	})
	if len(log) < 2 || log[1] != "GET "+log[0] || len(result.Leftover) > 0 {
		t.Errorf("after a DELETE of %q, leftover %q", log, result.Leftover)
	}
}

// TestGone holds that what a DELETE took away is not taken for being there because
// it is read with 200, and that none is sent once more as the first one.
func TestGone(t *testing.T) {
	for _, missing := range []string{"null", "{}", "", `{"error":"not found","code":404}`, `{"id":0,"text":""}`} {
		t.Run(missing, func(t *testing.T) {
			s := &shelter{orders: map[string]bool{}, missing: missing}
			_, result := runOn(t, orders, func(c *Config) {
				c.Failed = func(x *statute.Exchange) bool { return strings.Contains(string(x.Response.Body.Bytes), "error") }
			}, s.ServeHTTP)
			if len(s.orders) > 0 || len(result.Leftover) > 0 {
				t.Errorf("%d orders are left, leftover %q", len(s.orders), result.Leftover)
			}
			at := slices.IndexFunc(result.Operations, func(o statute.Outcome) bool { return o.Operation.Method == "DELETE" })
			if o := result.Operations[at]; o.State != statute.Reached {
				t.Errorf("DELETE: %v, %s", o.State, o.Why)
			}
		})
	}
}
