package check

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/statute-http/statute"
)

// TestUpserts holds that a create overwrites nothing where the client chooses the
// id and the API takes one that is there for an update.
func TestUpserts(t *testing.T) {
	today := time.Now().UTC().Format(time.DateOnly)
	for _, test := range []struct {
		name    string
		param   string
		member  string
		schema  string
		there   string // an id that somebody has
		hidden  bool   // no operation reads one
		reached bool
	}{
		{name: "the shortest text that the pattern allows", param: "sku", member: "sku", schema: `pattern: "^[a-z0-9-]{2,40}$"`, there: "aa", reached: true},
		{name: "an example", param: "sku", member: "sku", schema: `example: bolt`, there: "bolt", reached: true},
		{name: "an example under another name", param: "item", member: "name", schema: `example: bolt`, there: "bolt", reached: true},
		{name: "an example of a longer name", param: "code", member: "itemCode", schema: `example: bolt`, there: "bolt", reached: true},
		{name: "a pattern without room", param: "sku", member: "sku", schema: `pattern: "^[A-Z]{3}$"`, there: "AAA", reached: true},
		{name: "a pattern without room, and nothing to read", param: "sku", member: "sku", schema: `pattern: "^[A-Z]{3}$"`, there: "AAA", hidden: true},
		{name: "an enum", param: "currency", member: "currency", schema: `enum: [EUR, USD]`, there: "EUR", reached: true},
		{name: "an enum of which all is there", param: "currency", member: "currency", schema: `enum: [EUR]`, there: "EUR"},
		{name: "a date", param: "day", member: "day", schema: `format: date`, there: today},
	} {
		t.Run(test.name, func(t *testing.T) {
			paths := strings.NewReplacer("PARAM", test.param, "MEMBER", test.member, "SCHEMA", test.schema).Replace(`
  /items:
    post:
      requestBody: {content: {application/json: {schema: {type: object, required: [MEMBER], properties: {MEMBER: {type: string, SCHEMA}}}}}}
      responses: {"201": {description: made}}
  /items/{PARAM}:
    parameters: [{name: PARAM, in: path, required: true, schema: {type: string}}]
    delete: {responses: {"204": {description: gone}}}
`)
			if !test.hidden {
				paths += `    get: {responses: {"200": {description: one}}}` + "\n"
			}
			there := map[string]string{test.there: "somebody's"}
			log, result := runOn(t, paths, nil, func(w http.ResponseWriter, r *http.Request) {
				id := strings.TrimPrefix(r.URL.Path, "/items/")
				switch {
				case r.Method == "POST":
					content, _ := io.ReadAll(r.Body)
					var sent map[string]string
					if json.Unmarshal(content, &sent) != nil || sent[test.member] == "" {
						w.WriteHeader(422)
						return
					}
					there[sent[test.member]] = string(content)
					w.Header().Set("Location", "/items/"+sent[test.member])
					w.WriteHeader(201)
				case there[id] == "":
					w.WriteHeader(404)
				case r.Method == "DELETE":
					delete(there, id)
					w.WriteHeader(204)
				default:
					io.WriteString(w, there[id])
				}
			})
			if there[test.there] != "somebody's" {
				t.Errorf("overwritten by one of %v", log)
			}
			if len(there) != 1 && len(result.Leftover) == 0 {
				t.Errorf("there is %v, and that is not said", there)
			}
			for _, o := range result.Operations {
				if o.Operation.Method == "POST" && (o.State == statute.Reached) != test.reached {
					t.Errorf("POST is %v: %s", o.State, o.Why)
				}
			}
		})
	}
}
