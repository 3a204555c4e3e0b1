package check

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// refuse answers that a request is not as it should be.
func refuse(w http.ResponseWriter, format string, args ...any) {
	w.WriteHeader(http.StatusUnprocessableEntity)
	fmt.Fprintf(w, format, args...)
}

// TestLearning shows what a run learns from a description and from answers: each
// API succeeds only where it is told what it wants to hear.
func TestLearning(t *testing.T) {
	next := 100
	for _, test := range []struct {
		name   string
		paths  string
		values map[string]string
		answer func(w http.ResponseWriter, r *http.Request, body map[string]any)
	}{
		{
			name: "ids of what lists show, by the noun",
			paths: `
  /roles: {get: {responses: {"200": {description: all}}}}
  /enumerations/time_entry_activities: {get: {responses: {"200": {description: all}}}}
  /entries:
    get: {responses: {"200": {description: all}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, required: [activity_id, role_ids],
        properties: {activity_id: {type: integer, example: 1}, role_ids: {type: array, items: {type: integer}}}}}}}
      responses: {"201": {description: made}}`,
			answer: func(w http.ResponseWriter, r *http.Request, body map[string]any) {
				switch {
				case r.URL.Path == "/roles":
					io.WriteString(w, `{"roles":[{"id":3}],"total":1}`)
				case strings.HasPrefix(r.URL.Path, "/enumerations"):
					io.WriteString(w, `{"time_entry_activities":[{"id":8}]}`)
				case r.Method == "POST" && (fmt.Sprint(body["activity_id"]) != "8" || fmt.Sprint(body["role_ids"]) != "[3]"):
					refuse(w, `{"errors":["Activity is not included in the list"]}`)
				}
			},
		},
		{
			name: "a relation between two",
			paths: orders + `
  /orders/{id}/relations:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: all}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, required: [order_to_id], properties: {order_to_id: {type: integer}}}}}}
      responses: {"201": {description: made}}`,
			answer: func(w http.ResponseWriter, r *http.Request, body map[string]any) {
				switch {
				case strings.HasSuffix(r.URL.Path, "/relations") && r.Method == "POST":
					to := fmt.Sprint(body["order_to_id"])
					if to == strings.Split(r.URL.Path, "/")[2] || !strings.HasPrefix(to, "10") {
						refuse(w, `{"errors":["Related order is invalid"]}`)
					}
				case r.Method == "POST":
					w.WriteHeader(201)
					next++
					fmt.Fprintf(w, `{"id":%d}`, next)
				case r.Method == "DELETE":
					w.WriteHeader(204)
				default:
					io.WriteString(w, `{}`)
				}
			},
		},
		{
			name: "a link",
			paths: `
  /reports:
    get:
      responses: {"200": {description: one, links: {part: {operationId: part, parameters: {path.number: "$response.body#/inner/0/n", sort: "$response.header.X-Sort"}}}}}
  /parts/{number}:
    get:
      operationId: part
      parameters: [{name: number, in: path, required: true, schema: {type: string}}, {name: sort, in: query, schema: {type: string}}]
      responses: {"200": {description: one}}`,
			answer: func(w http.ResponseWriter, r *http.Request, _ map[string]any) {
				switch {
				case r.URL.Path == "/reports":
					w.Header().Set("X-Sort", "up")
					io.WriteString(w, `{"inner":[{"n":"p/7"}]}`)
				case r.URL.Path != "/parts/p/7" || r.URL.Query().Get("sort") != "up":
					w.WriteHeader(404)
				}
			},
		},
		{
			name: "the component of a value",
			paths: `
  /depots: {get: {responses: {"200": {description: all, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Depot"}}}}}}}}
  /stock/{place}:
    get:
      parameters: [{name: place, in: path, required: true, schema: {$ref: "#/components/schemas/DepotCode"}}]
      responses: {"200": {description: one}}
components:
  schemas:
    DepotCode: {type: string}
    Depot: {type: object, properties: {symbol: {$ref: "#/components/schemas/DepotCode"}}}`,
			answer: func(w http.ResponseWriter, r *http.Request, _ map[string]any) {
				switch r.URL.Path {
				case "/depots":
					io.WriteString(w, `[{"symbol":"BER1"}]`)
				case "/stock/BER1":
				default:
					w.WriteHeader(404)
				}
			},
		},
		{
			name: "one of several alternatives",
			paths: `
  /shapes:
    get: {responses: {"200": {description: all}}}
    post:
      requestBody: {content: {application/json: {schema: {oneOf: [
        {type: object, required: [radius], properties: {radius: {type: integer}}},
        {type: object, required: [width], properties: {width: {type: integer}}}]}}}}
      responses: {"201": {description: made}}`,
			answer: func(w http.ResponseWriter, r *http.Request, body map[string]any) {
				if r.Method == "POST" && body["width"] == nil {
					refuse(w, `{"error":"no such form"}`)
				}
			},
		},
		{
			name: "what is read-only is not sent, what the user gives is",
			paths: `
  /notes:
    get: {responses: {"200": {description: all}}}
    post:
      requestBody: {content: {application/json: {
        schema: {type: object, properties: {id: {type: integer}, at: {type: string, readOnly: true}, inner: {type: object, properties: {colour: {type: string}}}}},
        example: {id: 17, at: now, inner: {}}}}}
      responses: {"201": {description: made}}`,
			values: map[string]string{"colour": "green"},
			answer: func(w http.ResponseWriter, r *http.Request, body map[string]any) {
				if inner, _ := body["inner"].(map[string]any); r.Method == "POST" && (body["id"] != nil || body["at"] != nil || inner["colour"] != "green") {
					refuse(w, `{"error":"no"}`)
				}
			},
		},
		{
			name: "cookies and fields",
			paths: `
  /basket:
    get:
      parameters: [{name: shop, in: cookie, required: true, schema: {type: string, enum: [north]}}, {name: X-Page, in: header, required: true, schema: {type: integer, minimum: 3}}]
      responses: {"200": {description: one}}`,
			answer: func(w http.ResponseWriter, r *http.Request, _ map[string]any) {
				if c, err := r.Cookie("shop"); err != nil || c.Value != "north" || r.Header.Get("X-Page") != "3" {
					w.WriteHeader(400)
				}
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, result := runOn(t, test.paths, func(c *Config) { c.Values = test.values }, func(w http.ResponseWriter, r *http.Request) {
				var body map[string]any
				decoder := json.NewDecoder(r.Body)
				decoder.UseNumber()
				decoder.Decode(&body)
				test.answer(w, r, body)
			})
			for _, o := range result.Operations {
				if o.State != statute.Reached && o.Operation.Method != "DELETE" {
					t.Errorf("%s is not reached: %s", o.Operation, o.Why)
				}
			}
		})
	}
}

// TestMending shows the ways in which errors name fields: each says of both what
// it wants, and may be asked once more.
func TestMending(t *testing.T) {
	const paths = `
  /trips:
    get: {responses: {"200": {description: all}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {
        start_day: {type: string}, contact: {type: string}, seats: {type: integer}}}}}}
      responses: {"201": {description: made}}`
	const day, contact, seats = "Date has wrong format. Use YYYY-MM-DD.", "must be a valid e-mail address", "must be at least 10"
	for name, answer := range map[string]string{
		"by member":       `{"start_day":["%s"],"contact":["%s"],"seats":["%s"]}`,
		"errors by field": `{"errors":[{"field":"start_day","message":"%s"},{"field":"contact","message":"%s"},{"field":"seats","defaultMessage":"%s"}]}`,
		"pointers":        `{"type":"about:blank","errors":[{"detail":"%s","pointer":"#/start_day"},{"detail":"%s","pointer":"#/contact"},{"detail":"%s","pointer":"#/seats"}]}`,
		"loc":             `{"detail":[{"loc":["body","start_day"],"msg":"%s"},{"loc":["body","contact"],"msg":"%s"},{"loc":["body","seats"],"msg":"%s"}]}`,
		"source":          `{"errors":[{"source":{"pointer":"/data/start_day"},"title":"%s"},{"source":{"pointer":"/data/contact"},"title":"%s"},{"source":{"pointer":"/data/seats"},"title":"%s"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			tries := 0
			_, result := runOn(t, paths, nil, func(w http.ResponseWriter, r *http.Request) {
				if r.Method != "POST" {
					io.WriteString(w, `[]`)
					return
				}
				var trip struct {
					Day     string `json:"start_day"`
					Contact string `json:"contact"`
					Seats   int    `json:"seats"`
				}
				json.NewDecoder(r.Body).Decode(&trip)
				if tries++; len(trip.Day) != len("2026-11-21") || !strings.Contains(trip.Contact, "@") || trip.Seats < 10 {
					refuse(w, answer, day, contact, seats)
					return
				}
				w.WriteHeader(201)
			})
			if reached, _ := statute.Reach(result.Operations); reached != 2 {
				t.Errorf("reached %d operations, want 2 (%d tries)", reached, tries)
			}
		})
	}
}

// TestContent shows forms with files and XML.
func TestContent(t *testing.T) {
	str := func() *openapi.Schema { return &openapi.Schema{Types: []string{"string"}} }
	file := str()
	file.Format = "binary"
	form := &call{media: "multipart/form-data", body: map[string]any{"title": "a", "avatar": picture, "text": "b"}, schema: &openapi.Schema{
		Properties: []openapi.Property{{Name: "avatar", Schema: file}, {Name: "text", Schema: file}, {Name: "title", Schema: str()}},
	}}
	content, media := form.content()
	if want := `Content-Disposition: form-data; name="avatar"; filename="statute.png"`; !strings.Contains(string(content), want) {
		t.Errorf("%s is not in %q", want, content)
	}
	request, err := http.NewRequest("POST", "/", strings.NewReader(string(content)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", media)
	if err := request.ParseMultipartForm(1 << 20); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{"title": request.FormValue("title")}
	for name, files := range request.MultipartForm.File {
		got[name] = files[0].Filename + " " + files[0].Header.Get("Content-Type")
	}
	want := map[string]string{"title": "a", "avatar": "statute.png image/png", "text": "statute.txt text/plain"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	id, tags := str(), &openapi.Schema{Items: str(), XML: openapi.XML{Wrapped: true}}
	id.XML.Attribute, tags.Items.XML.Name = true, "tag"
	order := &openapi.Schema{Name: "Order", Properties: []openapi.Property{{Name: "id", Schema: id}, {Name: "tags", Schema: tags}}, XML: openapi.XML{Name: "order"}}
	xmlCall := &call{media: "application/xml", schema: order, body: map[string]any{"id": `<"1">`, "tags": []any{"a", "b"}, "note": "x&y"}}
	content, _ = xmlCall.content()
	wantXML := xml.Header + `<order id="&lt;&#34;1&#34;&gt;"><tags><tag>a</tag><tag>b</tag></tags><note>x&amp;y</note></order>`
	if diff := cmp.Diff(wantXML, string(content)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// pads is an API that gives nothing a path of its own.
const pads = `
  /listPads: {get: {responses: {"200": {description: all}}}}
  /createPad:
    post:
      parameters: [{name: padID, in: query, schema: {type: string, example: theirs}}]
      responses: {"200": {description: made}}
  /createGroup: {post: {responses: {"200": {description: made}}}}
  /getText:
    get:
      parameters: [{name: padID, in: query, schema: {type: string}}]
      responses: {"200": {description: text}}
  /getGroup:
    get:
      parameters: [{name: groupID, in: query, schema: {type: string}}]
      responses: {"200": {description: text}}
  /setText:
    post:
      parameters: [{name: padID, in: query, schema: {type: string}}, {name: text, in: query, schema: {type: string}}]
      responses: {"200": {description: changed}}
  /copyPad:
    post:
      parameters: [{name: sourceID, in: query, schema: {type: string}}, {name: destinationID, in: query, schema: {type: string}}]
      responses: {"200": {description: copied}}
  /deletePad:
    post:
      parameters: [{name: padID, in: query, schema: {type: string, example: theirs}}]
      responses: {"200": {description: deleted}}
  /deleteGroup:
    post:
      parameters: [{name: groupID, in: query, schema: {type: string}}]
      responses: {"200": {description: deleted}}
`

// TestProcedures holds that what is asked for by parameters is reached, that
// what others made is left alone, and that what was made is deleted.
func TestProcedures(t *testing.T) {
	there, n := map[string]bool{"theirs": true, "g.theirs": true}, 0
	var acted []string
	_, result := runOn(t, pads, nil, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		pad, group := q.Get("padID"), q.Get("groupID")
		if r.Method == "POST" && slices.ContainsFunc([]string{pad, group, q.Get("destinationID")}, func(id string) bool { return strings.HasSuffix(id, "theirs") }) {
			acted = append(acted, r.Method+" "+r.URL.String())
		}
		switch id := pad + group; r.Method + " " + r.URL.Path {
		case "GET /listPads":
			io.WriteString(w, `{"data":{"padIDs":["theirs"]}}`)
		case "POST /createPad":
			if pad == "" || there[pad] {
				refuse(w, `{"message":"padID is taken already"}`)
				return
			}
			there[pad] = true
		case "POST /createGroup":
			n++
			there[fmt.Sprint("g.", n)] = true
			fmt.Fprintf(w, `{"data":{"groupID":"g.%d"}}`, n)
		case "POST /copyPad":
			if to := q.Get("destinationID"); !there[q.Get("sourceID")] || to == "" || there[to] {
				refuse(w, `{"message":"sourceID or destinationID is wrong"}`)
			} else {
				there[to] = true
			}
		case "POST /deletePad", "POST /deleteGroup":
			if !there[id] {
				w.WriteHeader(404)
			}
			delete(there, id)
		default:
			if !there[id] {
				refuse(w, `{"message":"padID or groupID does not exist"}`)
			}
		}
	})
	for _, o := range result.Operations {
		if o.State != statute.Reached {
			t.Errorf("%s is not reached: %s", o.Operation, o.Why)
		}
	}
	if len(acted) > 0 || !there["theirs"] || !there["g.theirs"] {
		t.Errorf("acted on what others made: %v", acted)
	}
	delete(there, "theirs")
	delete(there, "g.theirs")
	for id := range there {
		if !slices.ContainsFunc(result.Leftover, func(line string) bool { return strings.Contains(line, id) || strings.Contains(line, "gave no address") }) {
			t.Errorf("%s is left and not said: %v", id, result.Leftover)
		}
	}
}

// TestOnlyFilters holds that an operation on a collection is not sent because an
// id may narrow it.
func TestOnlyFilters(t *testing.T) {
	log, _ := runOn(t, `
  /orders:
    get: {responses: {"200": {description: all}}}
    post: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {"201": {description: made}}}
    patch: {requestBody: {content: {application/json: {schema: {type: object, properties: {id: {type: integer}}}}}}, responses: {"200": {description: all changed}}}
    put: {requestBody: {content: {application/json: {schema: {type: object, properties: {id: {type: integer}}}}}}, responses: {"200": {description: all changed}}}
    delete: {parameters: [{name: order_id, in: query, schema: {type: integer}}], responses: {"200": {description: all gone}}}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one}}}
`, nil, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			w.Header().Set("Location", "/orders/18")
			w.WriteHeader(201)
			io.WriteString(w, `{"id":18}`)
		}
	})
	for _, line := range log {
		if !strings.HasPrefix(line, "POST ") && !strings.Contains(line, " /orders/18 ") {
			t.Errorf("sent %s", line)
		}
	}
}

// TestChangesNameOwn holds that the content of a request that changes something
// names nothing that others made.
func TestChangesNameOwn(t *testing.T) {
	runOn(t, orders+`
  /orders/{id}/merge:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    put: {requestBody: {content: {application/json: {schema: {type: object, required: [other_order_id], properties: {other_order_id: {type: integer}}}}}}, responses: {"200": {description: merged}}}
`, nil, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.Method == "POST":
			w.Header().Set("Location", "/orders/18")
			w.WriteHeader(201)
			io.WriteString(w, `{"id":18}`)
		case r.URL.Path == "/orders":
			io.WriteString(w, `[{"id":17}]`)
		case strings.Contains(string(body), `"other_order_id":17`):
			t.Errorf("%s %s %s", r.Method, r.URL.Path, body)
		}
	})
}
