package check

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// theirs describes customers, whom the run cannot make.
const theirs = `
  /customers/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {operationId: customer, responses: {"200": {description: one}}}
    put: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {"200": {description: changed}}}
    delete: {responses: {"204": {description: gone}}}
`

// TestOthers holds that no unsafe request names what others made, wherever it
// could be named: 17 is always somebody else's.
func TestOthers(t *testing.T) {
	next := 100
	make := func(w http.ResponseWriter, content string) {
		next++
		w.WriteHeader(201)
		io.WriteString(w, strings.ReplaceAll(content, "NEXT", fmt.Sprint(next)))
	}
	for _, test := range []struct {
		name   string
		paths  string
		answer func(w http.ResponseWriter, r *http.Request) // to POST on a collection
		allow  string                                       // expression for what may be sent
		refuse string                                       // what all others are told; "" for success
	}{
		{
			name: "a link to something else",
			paths: theirs + `
  /orders:
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"201": {description: made, links: {who: {operationId: customer, parameters: {id: "$response.body#/for"}}}}}`,
			answer: func(w http.ResponseWriter, _ *http.Request) { make(w, `{"for":17}`) },
			allow:  `POST /orders `,
		},
		{
			name: "a Location of another kind",
			paths: theirs + `
  /orders: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {"201": {description: made}}}}`,
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/customers/17")
				w.WriteHeader(201)
			},
			allow: `POST /orders `,
		},
		{
			name: "something that the new one is a part of",
			paths: theirs + `
  /orders: {post: {requestBody: {content: {application/json: {schema: {type: object, required: [text], properties: {text: {type: string}}}}}}, responses: {"201": {description: made}}}}`,
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/customers/17")
				make(w, `{"self":"/customers/17","name":"customers/17"}`)
			},
			allow: `POST /orders `,
		},
		{
			name:  "the same Location again",
			paths: orders,
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/orders/17")
				w.WriteHeader(201)
			},
			allow: `POST /orders |/987654321 `,
		},
		{
			name: "another kind of the same name",
			paths: orders + `
  /orders/{id}/notes:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: all}}}
    post: {requestBody: {content: {application/json: {schema: {type: object, properties: {text: {type: string}}, required: [text]}}}}, responses: {"201": {description: made}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one}}}
    delete: {responses: {"204": {description: gone}}}`,
			answer: func(w http.ResponseWriter, r *http.Request) { make(w, `{"id":NEXT}`) },
			allow:  `/orders`,
		},
		{
			name: "the same number of another kind, in the query",
			paths: orders + `
  /customers:
    delete: {parameters: [{name: customer_id, in: query, required: true, schema: {type: integer}}], responses: {"200": {description: gone}}}
  /deleteCustomer:
    post: {parameters: [{name: customerID, in: query, schema: {type: integer}}], responses: {"200": {description: gone}}}`,
			answer: func(w http.ResponseWriter, _ *http.Request) {
				make(w, `{"id":NEXT,"customer_id":NEXT,"customer":{"id":NEXT}}`)
			},
			allow: `/orders`,
		},
		{
			name: "an example of a second one, in the content",
			paths: orders + `
  /orders/{id}/merge:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    put: {requestBody: {content: {application/json: {schema: {type: object, required: [other_order_id, from], properties: {other_order_id: {type: integer, example: 17}, from: {type: object, required: [id], properties: {id: {type: integer, example: 17}}}}}}}}, responses: {"200": {description: merged}}}
  /orders/{id}/swap:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    put: {requestBody: {content: {application/json: {example: {with: {order_id: 17}, order_ids: [17], order: 17}}}}, responses: {"200": {description: swapped}}}
  /orders/{id}/join:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: order_id, in: query, required: true, schema: {type: integer, default: 17}}, {name: X-Order-Id, in: header, required: true, schema: {type: integer, example: 17}}]
    post: {responses: {"200": {description: joined}}}`,
			answer: func(w http.ResponseWriter, _ *http.Request) { make(w, `{"id":NEXT}`) },
			allow:  `/orders`,
		},
		{
			name: "an error that leads to a second one",
			paths: orders + `
  /orders/{id}/merge:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    put: {requestBody: {content: {application/json: {schema: {type: object, required: [other_order_id], properties: {other_order_id: {type: string}}}}}}, responses: {"200": {description: merged}}}`,
			answer: func(w http.ResponseWriter, _ *http.Request) { make(w, `{"id":NEXT}`) },
			allow:  `/orders`,
			refuse: `{"errors":{"other_order_id":["must be one of: 17"]}}`,
		},
		{
			name: "an example of where to copy to",
			paths: `
  /createPad: {post: {parameters: [{name: padID, in: query, required: true, schema: {type: string}}], responses: {"200": {description: made}}}}
  /copyPad:
    get: &copy {parameters: [{name: sourceID, in: query, required: true, schema: {type: string}}, {name: destinationID, in: query, required: true, schema: {type: string, example: "17"}}], responses: {"200": {description: copied}}}
    post: *copy
  /deletePad: {post: {parameters: [{name: padID, in: query, required: true, schema: {type: string}}], responses: {"200": {description: gone}}}}`,
			answer: func(w http.ResponseWriter, r *http.Request) {
				if strings.HasPrefix(r.URL.Path, "/copyPad") {
					refuse(w, `{"message":"destinationID is wrong, it must be one of: 17"}`)
				}
			},
			allow: `.`,
		},
		{
			name: "the id of what is made",
			paths: `
  /orders:
    get: {responses: {"200": {description: all}}}
    post: {requestBody: {content: {application/json: {schema: {type: object, required: [order_id, order], properties: {order_id: {type: integer, example: 17}, order: {type: object, required: [id], properties: {id: {type: integer, example: 17}}}}}}}}, responses: {"201": {description: made}}}
  /users:
    get: {responses: {"200": {description: all}}}
    post: {requestBody: {content: {application/json: {example: {username: "17"}, schema: {type: object, properties: {username: {type: string}}}}}}, responses: {"201": {description: made}}}
  /users/{username}:
    parameters: [{name: username, in: path, required: true, schema: {type: string}}]
    get: {responses: {"200": {description: one}}}`,
			answer: func(w http.ResponseWriter, r *http.Request) { refuse(w, `{}`) },
			allow:  `.`,
		},
		{
			name: "nothing where something is demanded",
			paths: `
  /orders:
    get: {responses: {"200": {description: all}}}
    post: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {"201": {description: made}}}
    put: {requestBody: {required: true, content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}}}}}}, responses: {"200": {description: changed}}}
    delete: {parameters: [{name: order_id, in: query, required: true, schema: {type: integer}}], responses: {"200": {description: gone}}}`,
			answer: func(w http.ResponseWriter, _ *http.Request) { make(w, `{"id":NEXT}`) },
			allow:  `POST /orders |DELETE /orders\?order_id=\d+ |PUT /orders \{"id":\d+`,
		},
		{
			name: "a filter that a procedure may overlook",
			paths: `
  /createPad: {post: {parameters: [{name: padID, in: query, required: true, schema: {type: string}}], responses: {"200": {description: made}}}}
  /deletePads: {post: {parameters: [{name: padID, in: query, schema: {type: string}}], responses: {"200": {description: gone}}}}
  /clearAllOfPad: {post: {parameters: [{name: padID, in: query, schema: {type: string}}], responses: {"200": {description: gone}}}}`,
			answer: func(w http.ResponseWriter, _ *http.Request) {},
			allow:  `POST /createPad`,
		},
		{
			name: "what there is once of each",
			paths: `
  /orders: {get: {responses: {"200": {description: all}}}}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one}}}
  /orders/{id}/payment:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one}}}
    post: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {"201": {description: paid}}}`,
			answer: func(w http.ResponseWriter, _ *http.Request) {},
			allow:  `^$`,
		},
		{
			name: "a procedure whose name begins otherwise than it looks",
			paths: `
  /listPads: {get: {responses: {"200": {description: all}}}}
  /setReadOnly: {get: {parameters: [{name: padID, in: query, required: true, schema: {type: string}}], responses: {"200": {description: set}}}}
  /appendCheck: {post: {parameters: [{name: padID, in: query, required: true, schema: {type: string}}], responses: {"200": {description: set}}}}`,
			answer: func(w http.ResponseWriter, _ *http.Request) {},
			allow:  `^$`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			allowed := regexp.MustCompile(test.allow)
			latest := ""
			theirs := regexp.MustCompile(`(^|[^0-9])17([^0-9]|$)`)
			runOn(t, test.paths, nil, func(w http.ResponseWriter, r *http.Request) {
				content, _ := io.ReadAll(r.Body)
				if r.Method == "POST" {
					latest = string(content)
				}
				line := fmt.Sprintf("%s %s %s", r.Method, r.URL, content)
				acting := r.URL.Query().Get("sourceID") != "" || strings.HasPrefix(r.URL.Path, "/set")
				if (r.Method != "GET" && r.Method != "HEAD" && r.Method != "OPTIONS" && r.Method != "TRACE" || acting) && (!allowed.MatchString(line) || theirs.MatchString(line+" "+r.Header.Get("X-Order-Id"))) {
					t.Errorf("sent %s", line)
				}
				_, last := splitLast(r.URL.Path)
				switch {
				case r.Method == "POST" && (!isNumber(last)) && last != "merge":
					test.answer(w, r)
				case r.URL.Path == "/listPads":
					io.WriteString(w, `{"padIDs":["17"]}`)
				case r.URL.Path == "/orders" && test.name == "what there is once of each":
					io.WriteString(w, `[{"id":17}]`)
				case last == "987654321", last == "statute":
					w.WriteHeader(404)
				case r.Method == "GET" && isNumber(last) && strings.HasPrefix(r.URL.Path, "/notes"):
					io.WriteString(w, `{"id":1,"text":"mine"}`)
				case strings.HasPrefix(r.URL.Path, "/customers/"):
					fmt.Fprintf(w, `{"orders":[%s]}`, latest)
				case strings.HasSuffix(r.URL.Path, "/merge") && test.refuse != "":
					refuse(w, "%s", test.refuse)
				default:
					io.WriteString(w, `{}`)
				}
			})
		})
	}
}
