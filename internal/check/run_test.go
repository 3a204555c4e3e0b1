package check

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// shelf is a small API that remembers every request: shelves hold books. Shelf
// 1 and its book "dune" belong to somebody else.
type shelf struct {
	mu      sync.Mutex
	log     []string
	shelves map[string]map[string]bool
	next    int
	made    []string // paths of what was made here
	onPost  func()   // called after a shelf was made
}

const shelfDescription = `
openapi: 3.1.0
info: {title: shelves, version: "1"}
paths:
  /shelves:
    get: {responses: {"200": {description: all}}}
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [label, room]
              properties:
                label: {type: string, minLength: 1}
                room: {type: integer, minimum: 1, maximum: 9}
                colour: {type: string, enum: [red, blue]}
      responses: {"201": {description: made}}
    delete: {responses: {"204": {description: all gone}}}
  /shelves/{shelf}:
    parameters: [{name: shelf, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one}}}
    put:
      requestBody: {content: {application/json: {schema: {type: object, required: [label], properties: {label: {type: string}}}}}}
      responses: {"204": {description: changed}}
    delete: {responses: {"204": {description: gone}}}
  /shelves/{shelf}/books:
    parameters: [{name: shelf, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: all}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {isbn: {type: string}}}}}}
      responses: {"201": {description: made}}
  /shelves/{shelf}/books/{isbn}:
    parameters:
      - {name: shelf, in: path, required: true, schema: {type: integer}}
      - {name: isbn, in: path, required: true, schema: {type: string}}
    get: {responses: {"200": {description: one}}}
    delete: {responses: {"204": {description: gone}}}
  /settings:
    get: {responses: {"200": {description: settings}}}
    put:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: changed}}
  /lamp/toggle:
    post: {responses: {"200": {description: toggled}}}
  /search:
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: found}}
  /admin/shutdown:
    post: {responses: {"200": {description: down}}}
  /session/log-out:
    get: {responses: {"200": {description: out}}}
`

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, r.Method+" "+r.URL.Path)
	body, _ := io.ReadAll(r.Body)
	segments := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	answer := func(status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if v != nil {
			json.NewEncoder(w).Encode(v)
		}
	}
	complain := func(status int, message string) { answer(status, map[string]string{"error": message}) }
	if segments[0] != "shelves" {
		answer(200, map[string]any{})
		return
	}
	if len(segments) == 1 {
		switch r.Method {
		case "GET":
			answer(200, []any{map[string]any{"id": 1}})
		case "POST":
			var in struct {
				Label *string
				Room  *int
			}
			if json.Unmarshal(body, &in) != nil || in.Label == nil || in.Room == nil {
				complain(400, "label and room are required")
				return
			}
			s.next++
			id := fmt.Sprint(s.next)
			s.shelves[id] = map[string]bool{}
			s.made = append(s.made, "/shelves/"+id)
			w.Header().Set("Location", "/shelves/"+id)
			answer(201, map[string]any{"id": s.next})
			if s.onPost != nil {
				s.onPost()
			}
		default:
			w.WriteHeader(405)
		}
		return
	}
	books, ok := s.shelves[segments[1]]
	if !ok {
		complain(404, "no such shelf")
		return
	}
	switch {
	case len(segments) == 2 && r.Method == "DELETE":
		delete(s.shelves, segments[1])
		w.WriteHeader(204)
	case len(segments) == 2 && r.Method == "PUT":
		w.WriteHeader(204)
	case len(segments) == 3 && r.Method == "POST":
		var in struct{ ISBN string }
		json.Unmarshal(body, &in)
		switch {
		case in.ISBN == "":
			complain(422, "Field 'isbn' is missing")
		case !strings.Contains(in.ISBN, "@"):
			complain(422, "'isbn' must be an e-mail address, of all things")
		default:
			books[in.ISBN] = true
			answer(201, map[string]any{"isbn": in.ISBN})
		}
	case len(segments) == 4 && !books[segments[3]]:
		complain(404, "no such book")
	case len(segments) == 4 && r.Method == "DELETE":
		delete(books, segments[3])
		w.WriteHeader(204)
	case r.Method == "GET":
		answer(200, map[string]any{})
	default:
		w.WriteHeader(405)
	}
}

// checkShelf runs the checker on a fresh shelf.
func checkShelf(t *testing.T, change func(*Config, *shelf)) (*shelf, *Result, []*statute.Exchange) {
	t.Helper()
	s := &shelf{shelves: map[string]map[string]bool{"1": {"dune": true}}, next: 1}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	description, err := openapi.Parse([]byte(shelfDescription), "shelves.yaml")
	if err != nil {
		t.Fatal(err)
	}
	base, _ := url.Parse(server.URL)
	c := Config{Description: description, Base: base, Write: true, Timeout: 5 * time.Second}
	if change != nil {
		change(&c, s)
	}
	var exchanges []*statute.Exchange
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if s.onPost != nil {
		s.onPost = cancel
	}
	result, err := Run(ctx, c, func(x *statute.Exchange) { exchanges = append(exchanges, x) })
	if err != nil {
		t.Fatal(err)
	}
	return s, result, exchanges
}

func outcomes(r *Result) map[string]statute.Outcome {
	all := map[string]statute.Outcome{}
	for _, o := range r.Operations {
		all[o.Operation.String()] = o
	}
	return all
}

func TestRunDoesNoHarm(t *testing.T) {
	s, result, exchanges := checkShelf(t, nil)
	if len(s.shelves) != 1 || !s.shelves["1"]["dune"] {
		t.Errorf("afterwards there is %v, want shelf 1 with its book and nothing else", s.shelves)
	}
	if len(result.Leftover) > 0 {
		t.Errorf("leftover: %v", result.Leftover)
	}
	for _, x := range exchanges {
		method, path := x.Request.Method, x.Request.Path()
		if x.Request.Safe() || method == "POST" && (path == "/shelves" || path == "/search") {
			continue
		}
		shelf := strings.Join(strings.Split(path, "/")[:min(3, strings.Count(path, "/")+1)], "/")
		if !slices.Contains(s.made, shelf) && x.Response.Status != 404 {
			t.Errorf("%s %s: answered %d, but this run did not make it", method, path, x.Response.Status)
		}
	}
	for _, forbidden := range []string{"DELETE /shelves", "PUT /settings", "POST /lamp/toggle", "POST /admin/shutdown", "GET /session/log-out", "DELETE /shelves/1"} {
		if slices.Contains(s.log, forbidden) {
			t.Errorf("%s was sent", forbidden)
		}
	}
	all := outcomes(result)
	for operation, want := range map[string]string{
		"POST /admin/shutdown": "speaks of shutdown",
		"GET /session/log-out": "speaks of log-out",
		"PUT /settings":        "did not make",
		"POST /lamp/toggle":    "nothing in its path tells on what",
		"DELETE /shelves":      "did not make",
	} {
		if o := all[operation]; o.State == statute.Reached || !strings.Contains(o.Why, want) {
			t.Errorf("%s: got state %d, %q, want %q", operation, o.State, o.Why, want)
		}
	}
}

func TestRunReaches(t *testing.T) {
	_, result, _ := checkShelf(t, nil)
	all := outcomes(result)
	for _, operation := range []string{
		"GET /shelves", "POST /shelves", "GET /shelves/{shelf}", "PUT /shelves/{shelf}", "DELETE /shelves/{shelf}",
		"GET /shelves/{shelf}/books", "POST /shelves/{shelf}/books", "GET /shelves/{shelf}/books/{isbn}",
		"DELETE /shelves/{shelf}/books/{isbn}", "POST /search",
	} {
		if o := all[operation]; o.State != statute.Reached {
			t.Errorf("%s: not reached: %s", operation, o.Why)
		}
	}
}

func TestRunCases(t *testing.T) {
	_, _, exchanges := checkShelf(t, func(c *Config, _ *shelf) {
		c.Full.Credentials = []Credential{{In: "header", Name: "Authorization", Value: "Bearer canary"}}
	})
	seen := map[string]bool{}
	for i, x := range exchanges {
		seen[string(x.Case.Cause)+" "+x.Operation.String()] = true
		if x.Source.Entry != i {
			t.Errorf("exchange %d is entry %d", i, x.Source.Entry)
		}
		sent := x.Request.Fields.Get("Authorization")
		want := map[statute.Principal][]string{statute.Nobody: {""}, statute.Full: {"Bearer canary"}, statute.False: {"Bearer qzxwvk", "Bearer"}}
		if !slices.Contains(want[x.Case.Principal], sent) {
			t.Errorf("%s as %s sent Authorization %q, want one of %q", x.Case.Cause, x.Case.Principal, sent, want[x.Case.Principal])
		}
		if x.Case.Cause.Wrong() && x.Case.Control == nil {
			t.Errorf("%s %s has no control", x.Case.Cause, x.Operation)
		}
		if control := x.Case.Control; control != nil && control.Response.Class() != 2 && x.Case.Cause != statute.ReadBack {
			t.Errorf("%s %s: its control was answered %d", x.Case.Cause, x.Operation, control.Response.Status)
		}
	}
	for _, want := range []string{
		"no credentials GET /shelves", "false credentials GET /shelves", "malformed credentials POST /shelves",
		"malformed JSON POST /shelves", "unsupported media type POST /shelves", "missing required field POST /shelves",
		"wrong type POST /shelves", "value out of range POST /shelves", "value not in the enum POST /shelves",
		"the same create again POST /shelves", "unknown id GET /shelves/{shelf}", "ill-formed id GET /shelves/{shelf}",
		"HEAD beside GET HEAD /shelves", "OPTIONS OPTIONS /shelves", "unknown method STATUTE /shelves/{shelf}",
		"unsupported method POST /shelves/{shelf}",
		"create POST /shelves", "read back GET /shelves/{shelf}", "change PUT /shelves/{shelf}",
		"delete DELETE /shelves/{shelf}", "read after delete GET /shelves/{shelf}", "delete again DELETE /shelves/{shelf}",
		"HTTP/1.1 without Host GET /shelves", "very long target GET /shelves", "very large header section GET /shelves", "very large content POST /search",
	} {
		if !seen[want] && !(strings.HasPrefix(want, "very large content") && seen["very large content POST /shelves"]) {
			t.Errorf("no request for %q", want)
		}
	}
}

func TestRunSafe(t *testing.T) {
	s, result, _ := checkShelf(t, func(c *Config, _ *shelf) {
		c.Write = false
		c.Announce = func([]string) { t.Error("announced a write") }
	})
	for _, line := range s.log {
		method, _, _ := strings.Cut(line, " ")
		if !statute.SafeMethod(method) {
			t.Errorf("%s was sent", line)
		}
	}
	if o := outcomes(result)["POST /shelves"]; o.State != statute.Skipped || o.Why != "safe methods only" {
		t.Errorf("POST /shelves: got %+v", o)
	}
}

func TestRunAnnounces(t *testing.T) {
	var announced [][]string
	checkShelf(t, func(c *Config, s *shelf) {
		c.Announce = func(methods []string) {
			for _, line := range s.log {
				if method, _, _ := strings.Cut(line, " "); method != "GET" {
					t.Errorf("%s was sent before the announcement", line)
				}
			}
			announced = append(announced, methods)
		}
	})
	if len(announced) != 1 || !slices.Equal(announced[0], []string{"DELETE", "POST", "PUT"}) {
		t.Errorf("announced %v, want once DELETE, POST, PUT", announced)
	}
}

func TestRunOnlyAndSkip(t *testing.T) {
	s, _, _ := checkShelf(t, func(c *Config, _ *shelf) { c.Only, c.Skip = []string{"/shelves*"}, []string{"POST /shelves"} })
	if slices.Contains(s.log, "GET /settings") || slices.Contains(s.log, "POST /shelves") {
		t.Errorf("sent what was left out: %v", s.log)
	}
	s, _, _ = checkShelf(t, func(c *Config, _ *shelf) { c.Risky = []string{"POST /lamp/toggle"} })
	if !slices.Contains(s.log, "POST /lamp/toggle") {
		t.Error("what was asked for was not sent")
	}
}

func TestRunInterrupted(t *testing.T) {
	s, result, _ := checkShelf(t, func(_ *Config, s *shelf) { s.onPost = func() {} }) // checkShelf makes it cancel the run
	if result.Ended == "" {
		t.Error("the result does not say that the run was stopped")
	}
	if len(s.shelves) != 1 || len(result.Leftover) > 0 {
		t.Errorf("left behind: %v, said: %v", s.shelves, result.Leftover)
	}
}

func TestRunBudget(t *testing.T) {
	_, _, exchanges := checkShelf(t, func(c *Config, _ *shelf) { c.MaxPerOperation = 5 })
	count := map[string]int{}
	for _, x := range exchanges {
		if c := x.Case.Cause; c != statute.Delete && c != statute.NoHost && c != statute.LongTarget && c != statute.LongFields && c != statute.LargeContent && x.Case.Cause != statute.ReadBack {
			count[x.Operation.String()]++
		}
	}
	for operation, n := range count {
		if n > 5 {
			t.Errorf("%s: %d requests, want at most 5", operation, n)
		}
	}
}

func TestRunUnreachable(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	base, _ := url.Parse(server.URL)
	server.Close()
	result, err := Run(context.Background(), Config{Base: base}, func(*statute.Exchange) {})
	if err == nil || !strings.Contains(err.Error(), "connecting to "+base.Host) {
		t.Errorf("got %v", err)
	}
	if reached, _ := statute.Reach(result.Operations); reached != 0 {
		t.Errorf("reached %d operations of nobody", reached)
	}
}

func TestRunWithoutDescription(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		io.WriteString(w, "hello")
	}))
	defer server.Close()
	base, _ := url.Parse(server.URL + "/greeting?lang=en")
	var causes []statute.Cause
	result, err := Run(context.Background(), Config{Base: base}, func(x *statute.Exchange) {
		causes = append(causes, x.Case.Cause)
		if x.Case.Cause == statute.Valid && !strings.HasPrefix(x.Request.Target, "/greeting?lang=en") {
			t.Errorf("asked for %s", x.Request.Target)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if reached, all := statute.Reach(result.Operations); reached != 1 || all != 1 {
		t.Errorf("reached %d of %d", reached, all)
	}
	for _, want := range []statute.Cause{statute.Valid, statute.Head, statute.Options, statute.Unchanged, statute.NoHost} {
		if !slices.Contains(causes, want) {
			t.Errorf("no request for %q among %v", want, causes)
		}
	}
}

// TestBudget sees that a run ends where the user says, and still deletes what it
// made.
func TestBudget(t *testing.T) {
	for _, most := range []int{5, 20, 60} {
		s := &shelf{shelves: map[string]map[string]bool{"1": {"dune": true}}, next: 1}
		server := httptest.NewServer(s)
		defer server.Close()
		exchanges := 0
		result, err := Run(t.Context(), Config{Description: describe(t, shelfDescription), Base: address(t, server), Write: true, MaxRequests: most},
			func(*statute.Exchange) { exchanges++ })
		if err != nil {
			t.Fatal(err)
		}
		if result.Ended == "" || exchanges != result.Requests || result.Requests < most {
			t.Errorf("at most %d: %d requests, %d exchanges, ended %q", most, result.Requests, exchanges, result.Ended)
		}
		if len(s.shelves) != 1 || len(result.Leftover) > 0 {
			t.Errorf("at most %d: left over %v, %v", most, s.shelves, result.Leftover)
		}
	}
}

// TestLimited sees that a run waits where the server limits it, that it does
// not wait for what answers 429 to everybody, and that a 429 is no case.
func TestLimited(t *testing.T) {
	var mu sync.Mutex
	answered := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		answered[r.URL.Path]++
		if r.URL.Path == "/closed" || r.URL.Path == "/open" && answered[r.URL.Path] == 2 {
			w.Header().Set("Retry-After", map[bool]string{true: "25", false: "0"}[r.URL.Path == "/closed"])
			w.WriteHeader(429)
		}
	}))
	defer server.Close()
	start := time.Now()
	cases := 0
	result, err := Run(t.Context(), Config{Description: describe(t, `
openapi: 3.1.0
info: {title: limited, version: "1"}
paths:
  /open: {get: {responses: {"200": {description: ok}}}}
  /closed: {get: {responses: {"200": {description: ok}}}}
`), Base: address(t, server)}, func(x *statute.Exchange) {
		if x.Response.Status == 429 && x.Case != nil {
			cases++
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if result.Limited < 2 || cases > 0 {
		t.Errorf("%d answers 429, %d of them with a case", result.Limited, cases)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("the run took %v", took)
	}
}

func describe(t *testing.T, text string) *openapi.Description {
	t.Helper()
	description, err := openapi.Parse([]byte(text), "openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return description
}

func address(t *testing.T, s *httptest.Server) *url.URL {
	t.Helper()
	base, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return base
}

func TestCommonPath(t *testing.T) {
	tests := []struct {
		paths []string
		want  string
	}{
		{[]string{"/"}, ""},
		{[]string{"/status"}, ""},
		{[]string{"/orders", "/orders/{id}"}, ""},
		{[]string{"/admin/health", "/admin/rules", "/admin/rules/{id}"}, "/admin"},
		{[]string{"/admin/v1/rules/{id}", "/admin/v1/rules", "/admin/v1/health"}, "/admin/v1"},
		{[]string{"/admin/health", "/administrators"}, ""},
		{[]string{"/{tenant}/orders", "/{tenant}/items"}, ""},
	}
	for _, test := range tests {
		r := &run{}
		for _, path := range test.paths {
			r.operations = append(r.operations, &operation{Operation: &openapi.Operation{Operation: statute.Operation{Method: "GET", Path: path}}})
		}
		if got := r.commonPath(); got != test.want {
			t.Errorf("%v begin with %q, want %q", test.paths, got, test.want)
		}
	}
}
