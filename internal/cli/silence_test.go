package cli

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
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
