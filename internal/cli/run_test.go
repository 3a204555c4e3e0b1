package cli

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// TestWithCredentials holds that the hint asks for such credentials as the
// description demands.
func TestWithCredentials(t *testing.T) {
	base := &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}
	for _, test := range []struct {
		scheme openapi.Scheme
		want   string
	}{
		{openapi.Scheme{Type: "http", Scheme: "bearer"}, "statute check http://127.0.0.1:8080 --auth 'Authorization: Bearer $TOKEN'"},
		{openapi.Scheme{Type: "oauth2"}, "statute check http://127.0.0.1:8080 --auth 'Authorization: Bearer $TOKEN'"},
		{openapi.Scheme{Type: "http", Scheme: "Basic"}, `BASIC=$(printf %s "user:$PASSWORD" | base64) statute check http://127.0.0.1:8080 --auth 'Authorization: Basic $BASIC'`},
		{openapi.Scheme{Type: "apiKey", In: "header", Name: "X-Key"}, "statute check http://127.0.0.1:8080 --auth 'X-Key: $API_KEY'"},
		{openapi.Scheme{Type: "apiKey", In: "query", Name: "key"}, "statute check http://127.0.0.1:8080 --auth '?key=$API_KEY'"},
		{openapi.Scheme{Type: "apiKey", In: "cookie", Name: "sid"}, "statute check http://127.0.0.1:8080 --auth 'Cookie: sid=$SESSION'"},
	} {
		d := &openapi.Description{
			Schemes:    map[string]openapi.Scheme{"most": test.scheme, "one": {Type: "apiKey", In: "header", Name: "X-One"}},
			Operations: []*openapi.Operation{{Security: []openapi.Requirement{{"one"}}}, {Security: []openapi.Requirement{{"most"}}}, {Security: []openapi.Requirement{{"most"}}}},
		}
		if got := withCredentials(&target{base: base, description: d}); got != test.want {
			t.Errorf("%v: got  %s\nwant %s", test.scheme, got, test.want)
		}
	}
	if got := withCredentials(&target{base: base}); !strings.HasSuffix(got, "--auth 'Authorization: Bearer $TOKEN'") {
		t.Errorf("without a description: %s", got)
	}
}

// TestSameness holds that an API that answers everything alike is told so before
// its findings, and no other.
func TestSameness(t *testing.T) {
	t.Parallel()
	const description = `{"openapi": "3.0.3", "info": {"title": "things", "version": "1"}, "paths": {
"/things": {"get": {"responses": {"200": {"description": "all"}}}},
"/things/{id}": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}, "example": 1}],
 "get": {"responses": {"200": {"description": "one"}}}}}}`
	for answer, want := range map[string]bool{"200 to all": true, "404 to the unknown": false} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			switch {
			case r.URL.Path == "/openapi.json":
				fmt.Fprint(w, description)
				return
			case !want && !strings.HasPrefix(r.URL.Path, "/things"):
				w.WriteHeader(http.StatusNotFound)
			}
			fmt.Fprint(w, `{"ok": true}`)
		}))
		var stdout, stderr strings.Builder
		Main([]string{"check", server.URL, "--config", ""}, nil, &stdout, &stderr)
		server.Close()
		note := strings.Contains(stdout.String(), "note     200 is the answer to ") && strings.Contains(stdout.String(), "also for paths that do not exist")
		if note != want {
			t.Errorf("%s: note is %v:\n%s%s", answer, note, stdout.String(), stderr.String())
		}
	}
	var mixed sameness
	for i := range 30 {
		mixed.see(&statute.Exchange{Response: statute.Response{Status: 200 + i%2}, Case: &statute.Case{Cause: statute.UnknownPath}})
	}
	if note := mixed.note(); note != "" {
		t.Errorf("half of the answers are of another code: %s", note)
	}
}
