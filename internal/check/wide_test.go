package check

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWide holds that what is made is made once with all that may be sent, but for
// what names a thing, acts, or sends something somewhere.
func TestWide(t *testing.T) {
	var wide map[string]any
	next := 100
	_, result := runOn(t, `
  /orders:
    get: {responses: {"200": {description: all}}}
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [text]
              properties:
                text: {type: string}
                id: {type: integer}
                customer_id: {type: integer}
                colour: {type: string, enum: [red, blue]}
                force: {type: boolean}
                delete_others: {type: boolean}
                callback_url: {type: string, format: uri}
                address: {type: object, properties: {street: {type: string, enum: [high]}}}
      responses: {"201": {description: made}}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one}}}
    delete: {responses: {"204": {description: gone}}}
`, nil, func(w http.ResponseWriter, r *http.Request) {
		content, _ := io.ReadAll(r.Body)
		var sent map[string]any
		json.Unmarshal(content, &sent)
		switch {
		case r.Method == "POST" && sent["text"] == nil:
			w.WriteHeader(422)
		case r.Method == "POST":
			if sent["address"] != nil {
				wide = sent
			}
			next++
			w.Header().Set("Location", fmt.Sprint("/orders/", next))
			w.WriteHeader(201)
		case r.Method == "DELETE":
			w.WriteHeader(204)
		case strings.HasPrefix(r.URL.Path, "/orders/"):
			io.WriteString(w, `{"text":"a"}`)
		default:
			io.WriteString(w, "[]")
		}
	})
	if wide == nil {
		t.Fatalf("nothing wide was sent in %d requests", result.Requests)
	}
	delete(wide, "text")
	want := map[string]any{"colour": "red", "force": false, "address": map[string]any{"street": "high"}}
	if diff := cmp.Diff(want, wide); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
