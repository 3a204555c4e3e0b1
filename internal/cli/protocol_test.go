package cli

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
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

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/rules"
)

// spokenTo checks an API by the paths of its description and returns what is found
// of level must and should, as "rule operation", sorted, and what the run did.
func spokenTo(t *testing.T, paths string, change func(*check.Config), handler http.Handler) ([]string, *check.Result) {
	t.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := check.Config{Base: base, Write: true, Failed: rules.Failed}
	if paths != "" {
		if c.Description, err = openapi.Parse([]byte("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n"+paths), "openapi.yaml"); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(&c)
	}
	judge := statute.NewJudge(rules.All)
	result, err := check.Run(t.Context(), c, judge.See)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range judge.Verdict().Findings {
		for _, op := range f.Operations {
			if f.Level != statute.Advice {
				all = append(all, f.Rule.ID+" "+op.String())
			}
		}
	}
	slices.Sort(all)
	return all, result
}

// reached holds that every operation was reached.
func reached(t *testing.T, result *check.Result) {
	t.Helper()
	for _, o := range result.Operations {
		if o.State != statute.Reached {
			t.Errorf("%s was not reached: %s", o.Operation, o.Why)
		}
	}
}

const graphQLPath = `
  /graphql:
    post:
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {query: {type: string}, variables: {type: object}}}
            example: {query: 'mutation { deleteEverything }'}
      responses: {"200": {description: data}}
`

// newGraphQL serves a schema with the root types Query and Mutation and no field;
// answer may give an answer of its own by what is wrong: "syntax", "field",
// "json", "get mutation". It notes the documents that it was sent.
func newGraphQL(documents *[]string, answer func(w http.ResponseWriter, wrong string) bool) http.Handler {
	var mu sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		say := func(code int, wrong, content string) {
			w.Header().Set("Content-Type", "application/graphql-response+json")
			if wrong != "" && answer(w, wrong) {
				return
			}
			if code == 405 {
				w.Header().Set("Allow", "POST")
			}
			w.WriteHeader(code)
			io.WriteString(w, content)
		}
		refuse := func(code int, wrong string) { say(code, wrong, `{"errors":[{"message":"`+wrong+`"}]}`) }
		if r.URL.Path != "/graphql" {
			http.NotFound(w, r)
			return
		}
		document := r.URL.Query().Get("query")
		if r.Method == "POST" {
			var content struct{ Query string }
			if json.NewDecoder(r.Body).Decode(&content) != nil {
				refuse(400, "json")
				return
			}
			document = content.Query
		}
		mu.Lock()
		*documents = append(*documents, r.Method+" "+document)
		mu.Unlock()
		switch document {
		case "{__typename}":
			say(200, "", `{"data":{"__typename":"Query"}}`)
		case "{":
			refuse(400, "syntax")
		case "mutation{__typename}":
			refuse(405, "get mutation")
		default:
			refuse(400, "field")
		}
	})
}

func TestGraphQL(t *testing.T) {
	right := func(http.ResponseWriter, string) bool { return false }
	faulty := func(on string, code int, content string) func(http.ResponseWriter, string) bool {
		return func(w http.ResponseWriter, wrong string) bool {
			if wrong == on {
				w.WriteHeader(code)
				io.WriteString(w, content)
			}
			return wrong == on
		}
	}
	for _, test := range []struct {
		name   string
		answer func(http.ResponseWriter, string) bool
		want   []string
	}{
		{"right", right, nil},
		{"a syntax error under 200", faulty("syntax", 200, `{"errors":[{"message":"x"}]}`), []string{"graphql-error-code POST /graphql"}},
		{"an unknown field under 500", faulty("field", 500, `{"errors":[{"message":"x"}]}`), []string{"5xx-for-client-error POST /graphql"}},
		{"malformed JSON under 404", faulty("json", 404, `{"errors":[{"message":"x"}]}`), []string{"wrong-code-for-malformed POST /graphql"}},
		{"a mutation by GET", faulty("get mutation", 200, `{"data":{"__typename":"Mutation"}}`), []string{"graphql-mutation-by-get GET /graphql"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var documents []string
			got, result := spokenTo(t, graphQLPath, nil, newGraphQL(&documents, test.answer))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			reached(t, result)
			slices.Sort(documents)
			want := []string{"GET mutation{__typename}", "GET {__typename}", "POST {", "POST {__typename}", "POST {statuteNone}"}
			if diff := cmp.Diff(want, slices.Compact(documents)); diff != "" {
				t.Errorf("documents sent: %s", diff)
			}
		})
	}
}

// TestGraphQLAddress holds that an address without a description is asked by GET
// alone where nothing unsafe may be sent.
func TestGraphQLAddress(t *testing.T) {
	for _, write := range []bool{false, true} {
		var documents []string
		handler := newGraphQL(&documents, func(http.ResponseWriter, string) bool { return false })
		got, result := spokenTo(t, "", func(c *check.Config) { c.Write, c.Base.Path = write, "/graphql" }, handler)
		if len(got) > 0 {
			t.Error(got)
		}
		reached(t, result)
		if posts := strings.Contains(strings.Join(documents, "\n"), "POST"); posts != write {
			t.Errorf("write is %t, sent %q", write, documents)
		}
	}
}

func TestJSONRPC(t *testing.T) {
	const paths = `
  /api:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [jsonrpc, method]
              properties: {jsonrpc: {const: '2.0'}, method: {enum: [shop.close]}, id: {type: integer}}
      responses: {"200": {description: result}}
`
	serve := func(malformed int) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			content, _ := io.ReadAll(r.Body)
			if strings.Contains(string(content), "shop.close") {
				t.Errorf("called: %s", content)
			}
			const none = `{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1}`
			w.Header().Set("Content-Type", "application/json")
			switch {
			case !json.Valid(content):
				w.WriteHeader(malformed)
				io.WriteString(w, `{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null}`)
			case content[0] == '[':
				io.WriteString(w, "["+none+","+none+"]")
			case !strings.Contains(string(content), `"id"`):
				w.WriteHeader(204)
			default:
				io.WriteString(w, none)
			}
		})
	}
	for _, test := range []struct {
		malformed int
		want      []string
	}{
		{200, nil}, // by the contract of JSON-RPC
		{400, nil},
		{500, []string{"500-for-client-error POST /api"}},
	} {
		got, result := spokenTo(t, paths, nil, serve(test.malformed))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%d: %s", test.malformed, diff)
		}
		reached(t, result)
	}
}

func TestWebSocket(t *testing.T) {
	const described = `
  /live:
    get: {responses: {"101": {description: a WebSocket}}}
`
	const extended = `
  /live:
    get: {x-websocket: true, responses: {"400": {description: wrong}}}
`
	const named = `
  /ws:
    get: {responses: {"400": {description: wrong}}}
`
	upgrade := func(prefix string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
				w.Header().Set("Connection", "Upgrade")
				w.Header().Set("Upgrade", "websocket")
				fail(w, 426)
				return
			}
			sum := sha1.Sum([]byte(prefix + r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
			conn, rw, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			fmt.Fprintf(rw, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: %s\r\n\r\n",
				base64.StdEncoding.EncodeToString(sum[:]))
			rw.Flush()
			closing(t, rw.Reader)
			conn.Write([]byte{0x88, 2, 0x03, 0xe8})
		}
	}
	page := only(func(r *http.Request) bool { return r.URL.Path != "/ws" && r.URL.Path != "/live" },
		func(w http.ResponseWriter, _ *http.Request) { fail(w, 404) },
	)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{}`) }))
	for _, test := range []struct {
		name, paths string
		handler     http.Handler
		want        []string
	}{
		{"right", described, upgrade(""), nil},
		{"right, by an extension", extended, upgrade(""), nil},
		{"right, known by its name", named, upgrade(""), nil},
		{"another accept", described, upgrade("x"), []string{"websocket-accept-wrong GET /live"}},
		{"no WebSocket there", described, page, []string{"websocket-answered-200 GET /live"}},
		{"a page called so", named, page, nil},
		{"a plain GET is an error that nobody handles", described, only(
			func(r *http.Request) bool { return r.Header.Get("Upgrade") == "" },
			func(w http.ResponseWriter, _ *http.Request) { fail(w, 500) },
		)(upgrade("")), []string{"5xx-for-client-error GET /live"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, result := spokenTo(t, test.paths, nil, test.handler)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if test.name != "no WebSocket there" {
				reached(t, result)
			}
		})
	}
}

// closing holds that the client closes a WebSocket as it should.
func closing(t *testing.T, r *bufio.Reader) {
	var frame [8]byte
	if _, err := io.ReadFull(r, frame[:]); err != nil {
		t.Errorf("no closing frame: %v", err)
		return
	}
	for i := range 2 {
		frame[6+i] ^= frame[2+i]
	}
	if diff := cmp.Diff([]byte{0x88, 0x82, 0x03, 0xe8}, append(frame[:2:2], frame[6:]...)); diff != "" {
		t.Errorf("closing frame: %s", diff)
	}
}

// TestEventStream holds that a stream without an end is an answer as any other,
// and that the client does not wait for its end.
func TestEventStream(t *testing.T) {
	const paths = `
  /events:
    get: {responses: {"200": {description: events, content: {text/event-stream: {schema: {type: string}}}}}}
`
	var longest time.Duration
	var mu sync.Mutex
	_, result := spokenTo(t, paths, func(c *check.Config) { c.Timeout = time.Minute }, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		if r.URL.Path != "/events" || r.Method != "GET" {
			fail(w, 404)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(200)
		io.WriteString(w, "data: 1\n\n")
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
		mu.Lock()
		longest = max(longest, time.Since(start))
		mu.Unlock()
	}))
	reached(t, result)
	if last := result.Operations[0].Last; last.Error != "" || !last.Response.Body.Cut || string(last.Response.Body.Bytes) != "data: 1\n\n" {
		t.Errorf("got %q, error %q, cut %t", last.Response.Body.Bytes, last.Error, last.Response.Body.Cut)
	}
	if mu.Lock(); longest > 20*time.Second {
		t.Errorf("a stream was read for %v", longest)
	}
}

func TestBurst(t *testing.T) {
	const paths = `
  /items/{id}:
    get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}], responses: {"200": {description: one}}}
  /items:
    get: {responses: {"200": {description: all}, "429": {description: too many}}}
`
	// limited refuses what comes once it has seen a request for the items often in a
	// row, for that long.
	limited := func(often int, forTime time.Duration) http.Handler {
		var mu sync.Mutex
		seen, until := 0, time.Time{}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if seen++; r.URL.RequestURI() != "/items" || r.Method != "GET" {
				seen = 0
			}
			if seen == often {
				until = time.Now().Add(forTime)
			}
			if time.Now().Before(until) {
				w.Header().Set("Retry-After", "0")
				fail(w, 429)
				return
			}
			if r.URL.Path != "/items" {
				fail(w, 404)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `[]`)
		})
	}
	for _, test := range []struct {
		name    string
		burst   int
		handler http.Handler
		want    []string
		said    string
	}{
		{"not asked for", 0, limited(20, time.Hour), nil, ""},
		{"no limit", 30, limited(1000, 0), nil, "no limit was met"},
		{"true", 30, limited(20, 60*time.Millisecond), nil, "let in"},
		{"untrue", 30, limited(20, time.Hour), []string{"retry-after-untrue GET /items"}, "refused again"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, result := spokenTo(t, paths, func(c *check.Config) { c.Burst = test.burst }, test.handler)
			got = slices.DeleteFunc(got, func(line string) bool { return !strings.HasPrefix(line, "retry") })
			if diff := cmp.Diff(test.want, got, cmp.Transformer("", func(s []string) string { return strings.Join(s, "\n") })); diff != "" {
				t.Error(diff)
			}
			if !strings.Contains(result.Burst, test.said) || (result.Burst == "") != (test.burst == 0) {
				t.Errorf("said %q, want %q", result.Burst, test.said)
			}
		})
	}
}
