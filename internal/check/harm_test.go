package check

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// runOn checks an API of orders whose answers to POST, PUT and GET of one are
// given, and returns every request but safe ones, with its status.
func runOn(t *testing.T, paths string, change func(*Config), handler http.HandlerFunc) (log []string, result *Result) {
	t.Helper()
	description, err := openapi.Parse([]byte("openapi: 3.1.0\ninfo: {title: orders, version: '1'}\npaths:\n"+paths), "orders.yaml")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	base, _ := url.Parse(server.URL)
	c := Config{Description: description, Base: base, Write: true, Timeout: 2 * time.Second}
	if change != nil {
		change(&c)
	}
	result, err = Run(context.Background(), c, func(x *statute.Exchange) {
		if !x.Request.Safe() {
			log = append(log, fmt.Sprintf("%s %s %d", x.Request.Method, x.Request.Target, x.Response.Status))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return log, result
}

// orders describes a collection and its items.
const orders = `
  /orders:
    get: {responses: {"200": {description: all}}}
    post: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {"201": {description: made}}}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one}}}
    put: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {"200": {description: changed}}}
    delete: {responses: {"204": {description: gone}}}
`

// TestStrangers holds that nothing unsafe goes to what was there before the
// run, whatever the answers say of it.
func TestStrangers(t *testing.T) {
	for _, test := range []struct {
		name   string
		paths  string
		answer func(w http.ResponseWriter) // to POST
	}{
		{"a create that finds what is there", orders, func(w http.ResponseWriter) {
			w.WriteHeader(201)
			io.WriteString(w, `{"id":17}`)
		}},
		{"a Location that leads above", orders + `
  /orders/{id}/notes:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: all}}}
    post: {responses: {"201": {description: made}}}
`, func(w http.ResponseWriter) {
			w.Header().Set("Location", "/orders/17")
			w.WriteHeader(201)
		}},
		{"a code that is no id", orders, func(w http.ResponseWriter) {
			w.WriteHeader(201)
			io.WriteString(w, `{"code":200,"message":"ok"}`)
		}},
		{"an id that nobody has", orders, func(w http.ResponseWriter) {
			w.WriteHeader(201)
			io.WriteString(w, `{"id":4711}`)
		}},
		{"a redirect to what is there", orders, func(w http.ResponseWriter) {
			w.Header().Set("Location", "/orders/18")
			w.WriteHeader(303)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			log, result := runOn(t, test.paths, nil, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.Method == "POST":
					test.answer(w)
				case r.URL.Path == "/orders":
					io.WriteString(w, `[{"id":17}]`)
				case strings.HasSuffix(r.URL.Path, "/4711"), strings.HasSuffix(r.URL.Path, "/987654321"):
					w.WriteHeader(404)
				default:
					io.WriteString(w, `{}`)
				}
			})
			for _, line := range log {
				if !strings.HasPrefix(line, "POST /orders") && !strings.Contains(line, "/987654321 ") {
					t.Errorf("sent %s", line)
				}
			}
			if len(result.Leftover) == 0 && !strings.Contains(test.name, "what is there") {
				t.Error("what may have been made is not said")
			}
		})
	}
}

// TestLeftover holds that what was made and cannot be found is said.
func TestLeftover(t *testing.T) {
	for _, status := range []int{302, 303, 500} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			_, result := runOn(t, orders, nil, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == "POST" {
					w.Header().Set("Location", "/elsewhere")
					w.WriteHeader(status)
					return
				}
				io.WriteString(w, `[]`)
			})
			if len(result.Leftover) != 1 || !strings.Contains(result.Leftover[0], "what POST /orders may have made") {
				t.Errorf("leftover: %v", result.Leftover)
			}
		})
	}
}

// TestMadeByPut holds that what a PUT made where nothing was is deleted again.
func TestMadeByPut(t *testing.T) {
	there := map[string]bool{}
	_, result := runOn(t, `
  /keys/{key}:
    parameters: [{name: key, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: one}}}
    put: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {"200": {description: put}}}
    delete: {responses: {"204": {description: gone}}}
`, nil, func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case "PUT":
			there[r.URL.Path] = true
		case "DELETE":
			delete(there, r.URL.Path)
			w.WriteHeader(204)
		default:
			if !there[r.URL.Path] {
				w.WriteHeader(404)
			}
		}
	})
	if len(there) > 0 || len(result.Leftover) > 0 {
		t.Errorf("left behind %v, said %v", there, result.Leftover)
	}
	if reached, _ := statute.Reach(result.Operations); reached != 3 {
		t.Errorf("reached %d operations, want 3", reached)
	}
}

// TestActions holds that actions on what others made are not sent, whatever
// they are called, and that asking for one overrides its name alone.
func TestActions(t *testing.T) {
	paths := `
  /rooms: {get: {responses: {"200": {description: all}}}}
`
	for _, action := range []string{"check-in", "api-token", "cancel"} {
		paths += `
  /rooms/{id}/` + action + `:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    post: {responses: {"201": {description: done}}}
`
	}
	paths += `
  /reset: {post: {responses: {"200": {description: done}}}}
`
	list := func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `[{"id":17}]`) }
	if log, _ := runOn(t, paths, nil, list); len(log) > 0 {
		t.Errorf("sent %v", log)
	}
	risky := func(c *Config) { c.Risky = []string{"POST /reset"} }
	if log, _ := runOn(t, paths, risky, list); !slices.Contains(log, "POST /reset 200") {
		t.Errorf("what was asked for is not among %v", log)
	}
	safe := func(c *Config) { c.Risky, c.Write = []string{"*"}, false }
	if log, _ := runOn(t, paths, safe, list); len(log) > 0 {
		t.Errorf("safe methods only, and sent %v", log)
	}
}

// TestGivenValues holds that a value the user gives leads no write to what the
// run did not make.
func TestGivenValues(t *testing.T) {
	log, _ := runOn(t, orders, func(c *Config) { c.Values = map[string]string{"id": "17"} }, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			w.Header().Set("Location", "/orders/18")
			w.WriteHeader(201)
		}
	})
	for _, line := range log {
		if strings.Contains(line, "/orders/17 ") {
			t.Errorf("sent %s", line)
		}
	}
}

// TestTrace holds that no secret is sent where it would come back.
func TestTrace(t *testing.T) {
	_, _ = runOn(t, orders, func(c *Config) {
		c.Full.Credentials = []Credential{{In: "header", Name: "Authorization", Value: "Bearer canary"}}
	}, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "TRACE" && r.Header.Get("Authorization") != "" {
			t.Error("TRACE carries the credentials")
		}
		io.WriteString(w, `[]`)
	})
}

// TestHostileSchemas holds that schemas without end make values with one.
func TestHostileSchemas(t *testing.T) {
	a, b := &openapi.Schema{}, &openapi.Schema{}
	a.AnyOf, b.AnyOf = []*openapi.Schema{b}, []*openapi.Schema{a}
	testValues().make("a", a)

	wide := &openapi.Schema{Types: []string{"object"}}
	for i := range 14 {
		name := fmt.Sprint("p", i)
		wide.Required = append(wide.Required, name)
		wide.Properties = append(wide.Properties, openapi.Property{Name: name, Schema: wide})
	}
	if n := len(fmt.Sprint(testValues().make("a", wide))); n > 100_000 {
		t.Errorf("the value is written in %d bytes", n)
	}
}

// TestEndless holds that an answer without an end is no success, and is asked
// for once.
func TestEndless(t *testing.T) {
	asked := 0
	done := make(chan struct{})
	defer close(done)
	_, result := runOn(t, `
  /events: {get: {responses: {"200": {description: stream}}}}
`, func(c *Config) { c.Timeout = 100 * time.Millisecond }, func(w http.ResponseWriter, r *http.Request) {
		asked++
		io.WriteString(w, "data: 1\n\n")
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
		case <-done:
		}
	})
	want := []statute.Outcome{{Operation: statute.Operation{Method: "GET", Path: "/events"}, Why: "timeout: no answer within 100ms"}}
	got := slices.Clone(result.Operations)
	got[0].Last = nil
	if diff := cmp.Diff(want, got); diff != "" || asked != 1 {
		t.Errorf("asked %d times; (-want +got):\n%s", asked, diff)
	}
}

// TestLocations holds that no Location leads a write to what the run did not
// make: above the collection, out of the base, to a collection.
func TestLocations(t *testing.T) {
	imports := orders + `
  /imports:
    get: {responses: {"200": {description: all}}}
    post: {responses: {"201": {description: made}}}
  /orders/{id}/notes:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: all}}}
    post: {responses: {"201": {description: made}}}
`
	for _, location := range []string{"/orders/%2e%2e", "/orders/%2e", "/orders?import=5", "/orders/17?note=3", "/ordersx/17", "//other.example/orders/17"} {
		t.Run(location, func(t *testing.T) {
			log, _ := runOn(t, imports, nil, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.Method == "POST":
					w.Header().Set("Location", location)
					w.WriteHeader(201)
				case r.URL.Path == "/orders":
					io.WriteString(w, `[{"id":17}]`)
				case strings.HasSuffix(r.URL.Path, "/987654321"):
					w.WriteHeader(404)
				}
			})
			for _, line := range log {
				if !strings.HasPrefix(line, "POST /orders ") && !strings.HasPrefix(line, "POST /imports ") &&
					!strings.HasSuffix(strings.Fields(line)[1], "/notes") && !strings.Contains(line, "/987654321 ") {
					t.Errorf("sent %s", line)
				}
			}
		})
	}
}

// TestFindOrCreate holds that what a POST answers with 200 and the same id
// twice is not taken as made.
func TestFindOrCreate(t *testing.T) {
	log, _ := runOn(t, orders, nil, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == "POST":
			io.WriteString(w, `{"id":4}`)
		case r.URL.Path == "/orders":
			io.WriteString(w, `[{"id":1}]`)
		case strings.HasSuffix(r.URL.Path, "/987654321"):
			w.WriteHeader(404)
		}
	})
	for _, line := range log {
		if strings.Contains(line, "/orders/4 ") {
			t.Errorf("sent %s", line)
		}
	}
}

// TestUnknownIDs holds that an id is not taken for unknown that somebody has.
func TestUnknownIDs(t *testing.T) {
	log, _ := runOn(t, orders, nil, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == "POST":
			w.Header().Set("Location", "/orders/18")
			w.WriteHeader(201)
		case r.URL.Path == "/orders":
			io.WriteString(w, `[{"id":987654321}]`)
		}
	})
	for _, line := range log {
		if strings.Contains(line, "/987654321 ") || strings.Contains(line, "/statute ") {
			t.Errorf("sent %s", line)
		}
	}
}

// TestSecondResource holds that an operation on what the run made names no
// second one that it did not make.
func TestSecondResource(t *testing.T) {
	log, _ := runOn(t, orders+`
  /orders/{id}/merge/{other_id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
      - {name: other_id, in: path, required: true, schema: {type: integer, default: 17}}
    post: {responses: {"200": {description: merged}}}
`, nil, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" && r.URL.Path == "/orders" {
			w.Header().Set("Location", "/orders/18")
			w.WriteHeader(201)
		}
	})
	for _, line := range log {
		if strings.HasSuffix(strings.Fields(line)[1], "/merge/17") {
			t.Errorf("sent %s", line)
		}
	}
}

// TestNothingLost holds that what was made by the way is deleted or said: by an
// undeclared method, a PATCH, a PUT or a second create that failed, or where
// deleting does nothing.
func TestNothingLost(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer func(w http.ResponseWriter, r *http.Request, next func() string) bool
	}{
		{"undeclared POST", func(w http.ResponseWriter, r *http.Request, next func() string) bool {
			if r.Method != "POST" {
				return false
			}
			w.Header().Set("Location", next())
			w.WriteHeader(201)
			return true
		}},
		{"DELETE that deletes nothing", func(w http.ResponseWriter, r *http.Request, next func() string) bool {
			if r.Method == "DELETE" {
				w.WriteHeader(204)
				return true
			}
			return false
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			there, n := map[string]bool{}, 100
			next := func() string {
				n++
				path := fmt.Sprint("/orders/", n)
				there[path] = true
				return path
			}
			_, result := runOn(t, orders, nil, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case test.answer(w, r, next):
				case r.Method == "POST" && r.URL.Path == "/orders":
					w.Header().Set("Location", next())
					w.WriteHeader(201)
				case r.URL.Path == "/orders":
					io.WriteString(w, `[]`)
				case !there[r.URL.Path]:
					w.WriteHeader(404)
				case r.Method == "DELETE":
					delete(there, r.URL.Path)
					w.WriteHeader(204)
				}
			})
			for path := range there {
				if !slices.ContainsFunc(result.Leftover, func(line string) bool { return strings.HasSuffix(line, path) }) {
					t.Errorf("%s is left and not said: %v", path, result.Leftover)
				}
			}
		})
	}
}
