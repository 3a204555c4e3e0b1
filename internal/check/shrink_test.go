package check

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// TestShrink holds that a request keeps what matters to its fault and all that
// its control needs; what makes something loses none of its content.
func TestShrink(t *testing.T) {
	const paths = `
  /orders:
    get:
      parameters:
        - {name: sort, in: query, required: true, schema: {type: string, enum: [up, down]}}
        - {name: page, in: query, required: true, schema: {type: integer, minimum: 1}}
        - {name: size, in: query, required: true, schema: {type: integer, minimum: 1}}
      responses: {"200": {description: all}}
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [item, colour, box]
              properties:
                item: {type: string}
                colour: {type: string, enum: [red, blue]}
                box: {type: object, required: [depth], properties: {depth: {type: integer, minimum: 1}, width: {type: integer, minimum: 1}}}
      responses: {"201": {description: made}}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one}}}
    delete: {responses: {"204": {description: gone}}}
`
	there := map[string]bool{}
	next := 100
	sent := 0
	handler := func(w http.ResponseWriter, r *http.Request) {
		sent++
		content, _ := io.ReadAll(r.Body)
		switch {
		case r.Method == "POST":
			if c := string(content); strings.Contains(c, `"colour":"`) && !strings.Contains(c, `"red"`) && !strings.Contains(c, `"blue"`) {
				w.WriteHeader(500)
				return
			}
			next++
			there["/orders/"+strconv.Itoa(next)] = true
			w.Header().Set("Location", "/orders/"+strconv.Itoa(next))
			w.WriteHeader(201)
		case r.Method == "DELETE":
			delete(there, r.URL.Path)
			w.WriteHeader(204)
		case r.URL.Path == "/orders":
			if page := r.URL.Query()["page"]; page != nil && strings.Trim(page[0], "0123456789") != "" {
				w.WriteHeader(500)
				return
			}
			if !r.URL.Query().Has("size") { // another fault
				w.WriteHeader(400)
				return
			}
			io.WriteString(w, `[]`)
		case !there[r.URL.Path]:
			w.WriteHeader(404)
		}
	}
	server := httptest.NewServer(http.HandlerFunc(handler))
	defer server.Close()
	base, _ := url.Parse(server.URL)
	description, err := openapi.Parse([]byte("openapi: 3.1.0\ninfo: {title: orders, version: '1'}\npaths:\n"+paths), "orders.yaml")
	if err != nil {
		t.Fatal(err)
	}
	faulty := map[string]*statute.Exchange{} // by method
	smaller := map[string]string{}
	proofs := func() []Proof {
		var all []Proof
		for _, method := range []string{"GET", "POST"} {
			if faulty[method] == nil {
				t.Fatalf("no %s is answered 500", method)
			}
			all = append(all, Proof{
				Exchange: faulty[method],
				Shows:    func(x *statute.Exchange) bool { return x.Response.Status == 500 },
				Replace: func(x *statute.Exchange) {
					smaller[method] = x.Request.Target + " " + string(x.Request.Body.Bytes) + " Accept: " + x.Request.Fields.Get("Accept")
				},
			})
		}
		return all
	}
	yielded := 0
	_, err = Run(t.Context(), Config{Description: description, Base: base, Write: true, Proofs: proofs}, func(x *statute.Exchange) {
		yielded++
		if x.Response.Status == 500 {
			faulty[x.Request.Method] = x
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`^/orders\?page=[^& ]+&size=60  Accept: \n$`)
	if got := smaller["GET"] + "\n" + smaller["POST"]; !want.MatchString(got) {
		t.Errorf("the smaller requests are %s, want %s", got, want)
	}
	if n := sent - yielded; n < 2 || n > 2*maxShrinks {
		t.Errorf("%d requests to make two smaller, want at most %d", n, 2*maxShrinks)
	}
	if len(there) > 0 {
		t.Errorf("left behind: %v", there)
	}
}

// TestShrinkKeepsFault holds that what a case names is in the request of a
// smaller proof, whatever a server accepts.
func TestShrinkKeepsFault(t *testing.T) {
	const paths = `
  /orders:
    get:
      parameters:
        - {name: open, in: query, schema: {type: boolean}}
        - {name: sort, in: query, required: true, schema: {type: string, enum: [up, down]}}
        - {name: X-Page, in: header, required: true, schema: {type: integer, minimum: 1}}
      responses: {"200": {description: all, content: {application/json: {}}}}
  /orders/search:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [colour, box]
              properties:
                colour: {type: string, enum: [red, blue]}
                box: {type: object, required: [depth], properties: {depth: {type: integer, minimum: 1}}}
      responses: {"200": {description: found, content: {application/json: {}}}}
`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{}`) }))
	defer server.Close()
	base, _ := url.Parse(server.URL)
	description, err := openapi.Parse([]byte("openapi: 3.1.0\ninfo: {title: orders, version: '1'}\npaths:\n"+paths), "orders.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var proved []Proof
	smaller := 0
	_, err = Run(t.Context(), Config{Description: description, Base: base, Write: true, Proofs: func() []Proof { return proved }}, func(x *statute.Exchange) {
		if !x.Case.Cause.Invalid() {
			return
		}
		proved = append(proved, Proof{
			Exchange: x,
			Shows:    func(y *statute.Exchange) bool { return y.Response.Status == 200 },
			Replace: func(y *statute.Exchange) {
				smaller++
				r := &y.Request
				all, _ := url.QueryUnescape(r.Target + " " + string(r.Body.Bytes))
				if page, ok := r.Fields.Lookup("X-Page"); ok {
					all += " X-Page: " + page
				}
				name, rest, _ := strings.Cut(y.Case.Detail, " is ")
				value, _, _ := strings.Cut(rest, ",")
				name, value = name[strings.LastIndex(name, "/")+1:], strings.Trim(value, `"`)
				if absent := value == "left out"; strings.Contains(all, name) == absent || !absent && !strings.Contains(all, value) {
					t.Errorf("%s %s: %s lost its fault: %s", r.Method, r.Target, y.Case.Detail, all)
				}
			},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if smaller < 5 {
		t.Errorf("%d smaller requests, want at least 5", smaller)
	}
}
