package cli

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/report"
)

const fragileDescription = `
openapi: 3.1.0
info: {title: fragile, version: "1"}
paths:
  /things:
    get: {responses: {"200": {description: all}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}}}}}}
      responses: {"201": {description: made}, "400": {description: bad}, "415": {description: media}, "422": {description: invalid}}
`

// TestSilence holds that a request at which the server ends the connection can be
// sent again from the report; so can the last one before it is gone.
func TestSilence(t *testing.T) {
	for name, ends := range map[string]bool{"one request": false, "all that follow": true} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewUnstartedServer(nil)
			server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				content, _ := io.ReadAll(io.LimitReader(r.Body, 4<<20))
				switch {
				case r.URL.Path == "/openapi.yaml":
					io.WriteString(w, fragileDescription)
				case strings.Contains(string(content), "null"):
					if ends {
						server.Listener.Close()
						go server.CloseClientConnections()
					}
					panic(http.ErrAbortHandler)
				case r.Method == "POST" && !json.Valid(content):
					w.WriteHeader(400)
				case r.Method == "POST" && !strings.Contains(string(content), `"name":"`):
					w.WriteHeader(422)
				case r.Method == "POST":
					w.WriteHeader(201)
				default:
					io.WriteString(w, "[]")
				}
			})
			server.Start()
			defer server.Close()
			var text, stderr strings.Builder
			Main([]string{"check", server.URL, "--config", "", "--fail-on", "never"}, nil, &text, &stderr)
			want := "curl -i " + server.URL + `/things -H 'Content-Type: application/json' --data-raw '{"name":null}'`
			if got := text.String(); !strings.Contains(got, "\n1 request without an answer\n") || !strings.Contains(got, "  again  "+want+"\n") {
				t.Errorf("%s is not said in\n%s%s", want, got, stderr.String())
			}
			if gone := strings.Contains(text.String(), "could not be reached any more"); gone != ends {
				t.Errorf("the server is gone: %v, want %v", gone, ends)
			}
		})
	}
}

// TestFatal holds that of the requests that went to a dying server the first
// stands last, whatever it was sent for.
func TestFatal(t *testing.T) {
	sent := func(method string, status int, cause statute.Cause) *statute.Exchange {
		x := &statute.Exchange{Request: statute.Request{Method: method, Target: "/things"}, Case: &statute.Case{Cause: cause}}
		if x.Response.Status = status; status == 0 {
			x.Error = "connection reset"
		}
		return x
	}
	hung, killing := sent("PUT", 0, statute.Change), sent("POST", 0, statute.LargeContent)
	var s silence
	for _, x := range []*statute.Exchange{hung, sent("GET", 200, statute.Valid), killing, sent("DELETE", 0, statute.Delete)} {
		s.see(x)
	}
	var run report.Run
	s.report(&run, true)
	if len(run.Unanswered) != 2 || run.Unanswered[0] != hung || run.Unanswered[1] != killing {
		t.Errorf("got %v", run.Unanswered)
	}
}
