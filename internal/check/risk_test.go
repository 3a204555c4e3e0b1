package check

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/statute-http/statute"
)

// TestRisky holds that what acts on what others made is left out with the words
// that send it, and is sent at the end if the user says so: what deletes after
// what changes, and what may end the server last of all.
func TestRisky(t *testing.T) {
	const paths = orders + `
  /shutdown: {post: {responses: {"200": {description: down}}}}
  /index: {delete: {responses: {"204": {description: empty}}}}
  /index/rebuild: {post: {responses: {"200": {description: done}}}}
`
	next := 40
	serve := func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == "POST" && r.URL.Path == "/orders":
			next++
			w.Header().Set("Location", "/orders/"+text(next))
			w.WriteHeader(201)
		case strings.HasSuffix(r.URL.Path, "/987654321"), strings.HasSuffix(r.URL.Path, "/statute"):
			w.WriteHeader(404)
		default:
			io.WriteString(w, `{}`)
		}
	}
	log, result := runOn(t, paths, nil, serve)
	for _, o := range result.Operations {
		if o.Operation.Path == "/index/rebuild" && o.Why != "it acts, and nothing in its path tells on what; --risky 'POST /index/rebuild' sends it" {
			t.Errorf("%s: %s", o.Operation, o.Why)
		}
	}
	if slices.ContainsFunc(log, func(line string) bool { return !strings.Contains(line, " /orders") }) {
		t.Errorf("sent without being asked to: %v", log)
	}

	log, result = runOn(t, paths, func(c *Config) { c.Risky = []string{"*"} }, serve)
	for _, o := range result.Operations {
		if o.State != statute.Reached {
			t.Errorf("%s is not reached: %s", o.Operation, o.Why)
		}
	}
	first := func(what string) int {
		return slices.IndexFunc(log, func(line string) bool { return strings.HasPrefix(line, what) })
	}
	order := []int{first("DELETE /orders/"), first("POST /index/rebuild"), first("DELETE /index"), first("POST /shutdown")}
	if !slices.IsSorted(order) || order[0] < 0 {
		t.Errorf("sent at %v, in:\n%s", order, strings.Join(log, "\n"))
	}
	after := log[order[3]:]
	if at := slices.IndexFunc(after, func(line string) bool { return !strings.Contains(line, " /shutdown") }); at >= 0 &&
		slices.ContainsFunc(after[at:], func(line string) bool { return !strings.HasPrefix(line, "DELETE /orders/") }) {
		t.Errorf("more than cleaning up after the last: %v", after)
	}
}
