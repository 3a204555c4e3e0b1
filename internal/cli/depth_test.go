package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/rules"
)

// checked checks an API by its description and returns what is found, and what
// became of the run.
func checked(t *testing.T, description string, handler http.Handler) ([]*statute.Finding, *check.Result) {
	t.Helper()
	d, err := openapi.Parse([]byte(description), "openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	judge := statute.NewJudge(rules.All)
	result, err := check.Run(t.Context(), check.Config{Description: d, Base: base, Write: true, Failed: rules.Failed}, judge.See)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(judge.Verdict().Findings, func(f *statute.Finding) bool {
		return f.Rule.ID == "date-missing" // net/http answers what it cannot parse by itself
	}), result
}

// found checks an API by its description and returns what is found, as "rule
// operation", sorted, and what the run left behind.
func found(t *testing.T, description string, handler http.Handler) (all, leftover []string) {
	t.Helper()
	findings, result := checked(t, description, handler)
	for _, f := range findings {
		for _, op := range f.Operations {
			all = append(all, f.Rule.ID+" "+op.String())
		}
	}
	slices.Sort(all)
	return slices.Compact(all), result.Leftover
}

// TestDepth plants one fault each in an API that has none, and holds that its
// rule finds it and that no other rule finds anything.
func TestDepth(t *testing.T) {
	type middleware func(http.Handler) http.Handler
	asked := func(change func(*http.Request)) middleware {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				change(r)
				next.ServeHTTP(w, r)
			})
		}
	}
	for _, test := range []struct {
		name  string
		fault middleware
		want  []string
	}{
		{"none", asked(func(*http.Request) {}), nil},
		{"If-None-Match: the list is not read", asked(func(r *http.Request) {
			if strings.Contains(r.Header.Get("If-None-Match"), ",") {
				r.Header.Del("If-None-Match")
			}
		}), []string{"etag-not-honoured"}},
		{"If-None-Match: the strong comparison", asked(func(r *http.Request) {
			if strings.HasPrefix(r.Header.Get("If-None-Match"), "W/") {
				r.Header.Del("If-None-Match")
			}
		}), []string{"etag-not-honoured"}},
		{"If-Modified-Since wins over If-None-Match", asked(func(r *http.Request) {
			if r.Header.Get("If-Modified-Since") != "" {
				r.Header.Del("If-None-Match")
			}
		}), []string{"304-etag-mismatch GET /manual"}},
		{"If-Range is not looked at", asked(func(r *http.Request) { r.Header.Del("If-Range") }), []string{"if-range-ignored GET /manual"}},
		{"the last bytes are the first", asked(func(r *http.Request) {
			if last, ok := strings.CutPrefix(r.Header.Get("Range"), "bytes=-"); ok {
				r.Header.Set("Range", "bytes=0-"+last)
			}
		}), []string{"206-other-range GET /manual"}},
		{"If-Match with an ETag of the past", overtaken, []string{"stale-write-accepted"}},
		{"DELETE does not look at If-Match", asked(func(r *http.Request) {
			if r.Method == "DELETE" {
				r.Header.Del("If-Match")
			}
		}), []string{"stale-write-accepted DELETE"}},
		{"If-Unmodified-Since is not looked at", dated(false), []string{"stale-write-accepted"}},
		{"If-Unmodified-Since is looked at", dated(true), nil},
		{"a PUT that creates answers 200", putCreates(200), []string{"put-created-without-201 PUT /notes/{id}"}},
		{"a PUT that creates answers 201", putCreates(201), nil},
		{"the same PUT again fails", repeatFails, []string{"put-not-idempotent PUT"}},
		{"PUT keeps the text", keepsText, []string{"put-partial PUT /notes/{id}"}},
		{"a patch loses what it does not name", losesText, []string{"merge-patch-wrong PATCH /notes/{id}"}},
		{"a refused PATCH is carried out in part", inPart, []string{"failed-write-took-effect PATCH /notes/{id}"}},
		{"unknown members are left aside", withoutMember("statute"), []string{"2xx-for-invalid"}},
		{"any text is a date", mendDate, []string{"2xx-for-invalid"}},
		{"an unknown author is an error that nobody handles", unknownAuthor, []string{"5xx-for-client-error"}},
		{"errors lack the fields of CORS", crossOrigin(func(status int) bool { return status < 400 }), []string{"error-without-cors"}},
		{"CORS on all answers", crossOrigin(func(int) bool { return true }), nil},
		{"a preflight needs credentials", preflightRefused, []string{"preflight-refused OPTIONS"}},
		{"no media type to be had is an error that nobody handles", only(
			func(r *http.Request) bool { return r.Header.Get("Accept") == "application/x-statute" },
			func(w http.ResponseWriter, _ *http.Request) { fail(w, 500) },
		), []string{"5xx-for-client-error GET"}},
		{"a slash at the end leads back", only(
			func(r *http.Request) bool { return len(r.URL.Path) > 1 && strings.HasSuffix(r.URL.Path, "/") },
			func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", r.URL.Path)
				w.WriteHeader(308)
			},
		), []string{"redirect-to-self GET"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, leftover := found(t, notesDescription, test.fault(newNotes()))
			for _, line := range got {
				if !slices.ContainsFunc(test.want, func(want string) bool { return strings.HasPrefix(line, want) }) {
					t.Errorf("not planted: %s", line)
				}
			}
			for _, want := range test.want {
				if !slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, want) }) {
					t.Errorf("missed: %s, got %q", want, got)
				}
			}
			if len(leftover) > 0 {
				t.Errorf("left behind: %v", leftover)
			}
		})
	}
}

// only answers the requests that are so in another way.
func only(so func(*http.Request) bool, then http.HandlerFunc) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if so(r) {
				then(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func fail(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"title":%q,"status":%d}`, http.StatusText(status), status)
}

// answerOf returns what a handler answers to a request whose content is given.
func answerOf(h http.Handler, r *http.Request, method string, content []byte) *httptest.ResponseRecorder {
	again := r.Clone(r.Context())
	again.Method, again.Body, again.ContentLength = method, io.NopCloser(bytes.NewReader(content)), int64(len(content))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, again)
	return w
}

func give(w http.ResponseWriter, a *httptest.ResponseRecorder) {
	maps.Copy(w.Header(), a.Header())
	w.WriteHeader(a.Code)
	_, _ = w.Write(a.Body.Bytes())
}

// overtaken takes an If-Match with any entity-tag that was right once.
func overtaken(next http.Handler) http.Handler {
	var seen sync.Map
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := seen.Load(r.Header.Get("If-Match")); ok {
			r.Header.Del("If-Match")
		}
		next.ServeHTTP(w, r)
		seen.Store(w.Header().Get("ETag"), nil)
	})
}

// dated offers dates instead of entity-tags, and may look at them.
func dated(heed bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		changed := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			content, _ := io.ReadAll(r.Body)
			since, err := http.ParseTime(r.Header.Get("If-Unmodified-Since"))
			if heed && err == nil && since.Before(changed) {
				fail(w, 412)
				return
			}
			a := answerOf(next, r, r.Method, content)
			if a.Header().Get("ETag") != "" && r.URL.Path != "/manual" {
				a.Header().Del("ETag")
				a.Header().Set("Last-Modified", changed.Format(http.TimeFormat))
			}
			give(w, a)
		})
	}
}

// putCreates makes a note where a PUT goes to an id that there is not, and gives
// the answer that status.
func putCreates(status int) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			content, _ := io.ReadAll(r.Body)
			a := answerOf(next, r, r.Method, content)
			if r.Method == "PUT" && a.Code == 404 && strings.HasSuffix(r.URL.Path, "/987654321") {
				if made, ok := sent(httptest.NewRecorder(), r, content, "application/json", map[string]any{}); ok {
					n, _ := next.(*notes)
					n.mu.Lock()
					defer n.mu.Unlock()
					made["id"] = 987654321
					n.all[r.URL.Path] = made
					w.Header().Set("Location", r.URL.Path)
					answerJSON(w, status, made)
					return
				}
			}
			give(w, a)
		})
	}
}

// repeatFails answers a PUT that it has just had with an error.
func repeatFails(next http.Handler) http.Handler {
	var last sync.Map
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "PUT" {
			next.ServeHTTP(w, r)
			return
		}
		content, _ := io.ReadAll(r.Body)
		a := answerOf(next, r, "PUT", content)
		if before, _ := last.Swap(r.URL.Path, string(content)); a.Code == 200 && before == string(content) {
			fail(w, 400)
			return
		}
		give(w, a)
	})
}

// edited gives each PUT, PATCH and POST with a JSON object to edit beside the
// state of its target, if that can be read.
func edited(edit func(r *http.Request, state, sent map[string]any)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			content, _ := io.ReadAll(r.Body)
			var state, sent map[string]any
			if r.Method != "GET" && json.Unmarshal(content, &sent) == nil && sent != nil && strings.HasSuffix(r.Header.Get("Content-Type"), "json") {
				get := r.Clone(r.Context())
				get.Header.Del("If-Match")
				_ = json.Unmarshal(answerOf(next, get, "GET", nil).Body.Bytes(), &state)
				edit(r, state, sent)
				content, _ = json.Marshal(sent)
			}
			give(w, answerOf(next, r, r.Method, content))
		})
	}
}

// keepsText keeps the text of a note that a PUT leaves out.
func keepsText(next http.Handler) http.Handler {
	return edited(func(r *http.Request, state, sent map[string]any) {
		if text, ok := state["text"]; ok && r.Method == "PUT" && sent["text"] == nil {
			sent["text"] = text
		}
	})(next)
}

// losesText removes the text of a note where a PATCH does not name it.
func losesText(next http.Handler) http.Handler {
	return edited(func(r *http.Request, state, sent map[string]any) {
		if _, named := sent["text"]; r.Method == "PATCH" && !named && state["text"] != nil {
			sent["text"] = nil
		}
	})(next)
}

func withoutMember(name string) func(http.Handler) http.Handler {
	return edited(func(_ *http.Request, _, sent map[string]any) { delete(sent, name) })
}

func mendDate(next http.Handler) http.Handler {
	return edited(func(_ *http.Request, _, sent map[string]any) {
		if due, ok := sent["due"].(string); ok && due == "not-a-date" {
			sent["due"] = "2026-12-24"
		}
	})(next)
}

// inPart carries the title of a PATCH out though it refuses the rest.
func inPart(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, _ := io.ReadAll(r.Body)
		a := answerOf(next, r, r.Method, content)
		var sent map[string]any
		if r.Method == "PATCH" && a.Code == 422 && json.Unmarshal(content, &sent) == nil && sent["title"] != nil {
			title, _ := json.Marshal(map[string]any{"title": sent["title"]})
			answerOf(next, r, "PATCH", title)
		}
		give(w, a)
	})
}

// unknownAuthor crashes where a note names an author that is not there.
func unknownAuthor(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, _ := io.ReadAll(r.Body)
		if bytes.Contains(content, []byte(`"author_id":987654321`)) {
			fail(w, 500)
			return
		}
		give(w, answerOf(next, r, r.Method, content))
	})
}

// crossOrigin lets every origin read the answers with a status of that kind.
func crossOrigin(kind func(status int) bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			content, _ := io.ReadAll(r.Body)
			a := answerOf(next, r, r.Method, content)
			if kind(a.Code) {
				a.Header().Set("Access-Control-Allow-Origin", "*")
				a.Header().Set("Access-Control-Allow-Methods", "*")
				a.Header().Set("Access-Control-Allow-Headers", "*")
			}
			give(w, a)
		})
	}
}

// preflightRefused asks for credentials also where browsers send none.
func preflightRefused(next http.Handler) http.Handler {
	next = crossOrigin(func(int) bool { return true })(next)
	return only(func(r *http.Request) bool {
		return r.Method == "OPTIONS" && r.Header.Get("Origin") != ""
	}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="notes"`)
		fail(w, 401)
	})(next)
}

// TestFew holds that faults are found in APIs that show little.
func TestFew(t *testing.T) {
	for _, test := range []struct {
		name    string
		paths   string
		handler func(w http.ResponseWriter, r *http.Request, content []byte)
		right   func(w http.ResponseWriter, r *http.Request, content []byte)
		want    string
	}{
		{
			"malformed JSON where nothing succeeds",
			`
  /payments:
    get: {responses: {default: {description: any}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [amount], properties: {amount: {type: integer}}}}}}
      responses: {default: {description: any}}
`,
			func(w http.ResponseWriter, _ *http.Request, content []byte) {
				if !json.Valid(content) {
					fail(w, 500)
					return
				}
				fail(w, 422)
			},
			func(w http.ResponseWriter, _ *http.Request, content []byte) {
				if !json.Valid(content) {
					fail(w, 400)
					return
				}
				fail(w, 422)
			},
			"500-for-client-error POST /payments",
		},
		{
			"a header field that is required",
			`
  /report:
    get:
      parameters: [{name: X-Tenant, in: header, required: true, schema: {type: integer}}]
      responses: {default: {description: any}}
`,
			func(w http.ResponseWriter, r *http.Request, _ []byte) {
				if r.Header.Get("X-Tenant") == "" {
					fail(w, 500)
					return
				}
				if _, err := strconv.Atoi(r.Header.Get("X-Tenant")); err != nil {
					fail(w, 400)
					return
				}
				answerJSON(w, 200, map[string]any{"sum": 1})
			},
			func(w http.ResponseWriter, r *http.Request, _ []byte) {
				if _, err := strconv.Atoi(r.Header.Get("X-Tenant")); err != nil {
					fail(w, 400)
					return
				}
				answerJSON(w, 200, map[string]any{"sum": 1})
			},
			"5xx-for-client-error GET /report",
		},
		{
			"a read that acts",
			`
  /articles/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer, example: 1}}]
    get: {responses: {default: {description: any}}}
  /articles/{id}/publish:
    parameters: [{name: id, in: path, required: true, schema: {type: integer, example: 1}}]
    get: {responses: {default: {description: any}}}
`,
			article(true), article(false),
			"get-changes-state GET /articles/{id}/publish",
		},
	} {
		description := "openapi: 3.1.0\ninfo: {title: few, version: '1'}\npaths:" + test.paths
		check := func(t *testing.T, h func(http.ResponseWriter, *http.Request, []byte)) []string {
			got, _ := found(t, description, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				content, _ := io.ReadAll(r.Body)
				h(w, r, content)
			}))
			return got
		}
		t.Run(test.name, func(t *testing.T) {
			if got := check(t, test.handler); !slices.Contains(got, test.want) {
				t.Errorf("missed: %s, got %q", test.want, got)
			}
			if got := check(t, test.right); slices.Contains(got, test.want) {
				t.Errorf("not planted: %s", test.want)
			}
		})
	}
}

// article answers for an article, which a GET may publish.
func article(acts bool) func(http.ResponseWriter, *http.Request, []byte) {
	var mu sync.Mutex
	published := false
	return func(w http.ResponseWriter, r *http.Request, _ []byte) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case r.Method != "GET" || !strings.HasPrefix(r.URL.Path, "/articles/1"):
			fail(w, 404)
			return
		case acts && strings.HasSuffix(r.URL.Path, "/publish"):
			published = true
		}
		answerJSON(w, 200, map[string]any{"id": 1, "published": published})
	}
}
