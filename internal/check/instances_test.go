package check

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/internal/wire"
)

// testRun returns a run over operations given as "GET /path", without a server.
func testRun(operations ...string) *run {
	r := &run{
		Config: Config{Base: &url.URL{Scheme: "http", Host: "api.example", Path: "/v1"}, Write: true},
		client: wire.New(&url.URL{Scheme: "http", Host: "api.example"}, 0),
		values: testValues(), named: identities{}, links: map[string]map[string]string{}, result: &Result{},
	}
	var described []*openapi.Operation
	for _, line := range operations {
		op := &openapi.Operation{Operation: operationOf(line)}
		for _, name := range params(op.Path) {
			op.Parameters = append(op.Parameters, openapi.Parameter{Name: name, In: "path", Schema: &openapi.Schema{Types: []string{"string"}}})
		}
		described = append(described, op)
	}
	for _, d := range described {
		r.operations = append(r.operations, &operation{Operation: d, effect: effectOf(d, described), outcome: &statute.Outcome{Operation: d.Operation}})
	}
	return r
}

func operationOf(line string) statute.Operation {
	var o statute.Operation
	for i := range line {
		if line[i] == ' ' {
			o.Method, o.Path = line[:i], line[i+1:]
		}
	}
	return o
}

// TestLearnMade shows by what an answer to a create tells where the resource is.
func TestLearnMade(t *testing.T) {
	for _, test := range []struct {
		name       string
		operations []string
		location   string
		body       string
		sent       any
		template   string
		params     map[string]string
	}{
		{"Location", []string{"POST /orders", "GET /orders/{id}"}, "/v1/orders/17", "", nil, "/orders/{id}", map[string]string{"id": "17"}},
		{"relative Location", []string{"POST /orders", "GET /orders/{id}"}, "orders/17", "", nil, "/orders/{id}", map[string]string{"id": "17"}},
		{"Location elsewhere", []string{"POST /orders", "GET /orders/{id}"}, "http://other.example/v1/orders/17", `{"id":18}`, nil, "/orders/{id}", map[string]string{"id": "18"}},
		{"id in the body", []string{"POST /orders", "GET /orders/{order_id}"}, "", `{"id":17}`, nil, "/orders/{order_id}", map[string]string{"order_id": "17"}},
		{"its own name", []string{"POST /orders", "GET /orders/{number}"}, "", `{"number":"A-1"}`, nil, "/orders/{number}", map[string]string{"number": "A-1"}},
		{"wrapped", []string{"POST /orders", "GET /orders/{id}"}, "", `{"order":{"id":17}}`, nil, "/orders/{id}", map[string]string{"id": "17"}},
		{"in data", []string{"POST /orders", "GET /orders/{id}"}, "", `{"data":{"id":17},"meta":{}}`, nil, "/orders/{id}", map[string]string{"id": "17"}},
		{"beside the collection", []string{"POST /silences", "GET /silence/{silenceID}"}, "", `{"silenceID":"x"}`, nil, "/silence/{silenceID}", map[string]string{"silenceID": "x"}},
		{"from what was sent", []string{"POST /hosts", "DELETE /hosts/{ip}/{name}"}, "", "", map[string]any{"ip": "192.0.2.1", "name": "a"}, "/hosts/{ip}/{name}", map[string]string{"ip": "192.0.2.1", "name": "a"}},
		{"with a format", []string{"POST /orders.{format}", "GET /orders/{id}.{format}"}, "", `{"order":{"id":17}}`, nil, "/orders/{id}.{format}", map[string]string{"id": "17", "format": "json"}},
		{"nothing to go by", []string{"POST /alerts", "GET /alerts"}, "", "", nil, "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := testRun(test.operations...)
			x := &statute.Exchange{Request: statute.Request{Target: "/v1/orders"}, Response: statute.Response{
				Status: 201, Body: statute.Body{Bytes: []byte(test.body)},
			}}
			if test.location != "" {
				x.Response.Fields = statute.Fields{{Name: "Location", Value: test.location}}
			}
			got := r.learn(&call{op: r.operations[0], path: map[string]string{"format": "json"}, body: test.sent}, x)
			if got == nil || got.template != test.template || !cmp.Equal(got.params, test.params) || !got.made {
				t.Errorf("got %+v, want %s %v", got, test.template, test.params)
			}
		})
	}
}

// TestFind shows which resources an operation is sent to: one that changes
// something only to those that the run made.
func TestFind(t *testing.T) {
	r := testRun("GET /orders/{id}", "DELETE /orders/{id}", "PUT /orders/{id}/items/{sku}", "POST /orders/{id}/items", "GET /orders/{id}/items")
	r.remember(&instance{template: "/orders/{id}", params: map[string]string{"id": "foreign"}})
	for _, op := range r.operations {
		if _, from := r.find(op, op.effect, 0); op.effect == changes && from != nil {
			t.Errorf("%s goes to %v, which the run did not make", op, from.params)
		}
	}
	r.remember(&instance{template: "/orders/{id}", params: map[string]string{"id": "own"}, made: true})
	for _, op := range r.operations {
		values, from := r.find(op, op.effect, 0)
		if from == nil || values["id"] != "own" {
			t.Errorf("%s goes to %v, want the run's own", op, values)
		}
	}
	r.instances[1].gone = true
	if values, _ := r.find(r.operations[0], r.operations[0].effect, 0); values["id"] != "foreign" {
		t.Errorf("GET goes to %v after the run's own is gone", values)
	}
	r.Values = map[string]string{"id": "given"}
	if values, _ := r.find(r.operations[0], r.operations[0].effect, 0); values["id"] != "given" {
		t.Errorf("GET goes to %v, want what the user gives", values)
	}
}

func TestEffectOf(t *testing.T) {
	r := testRun("GET /orders", "POST /orders", "PUT /orders/{id}", "POST /orders/{id}", "POST /orders/{id}/cancel", "POST /search",
		"POST /jobs", "GET /jobs/{id}", "POST /lamp/toggle", "DELETE /orders", "QUERY /orders")
	want := map[string]effect{
		"GET /orders": reads, "POST /orders": created, "PUT /orders/{id}": changes, "POST /orders/{id}": changes,
		"POST /orders/{id}/cancel": changes, "POST /search": reads, "POST /jobs": created, "GET /jobs/{id}": reads,
		"POST /lamp/toggle": changes, "DELETE /orders": changes, "QUERY /orders": reads,
	}
	for _, op := range r.operations {
		if op.effect != want[op.String()] {
			t.Errorf("%s: got %d, want %d", op, op.effect, want[op.String()])
		}
	}
}

func TestDanger(t *testing.T) {
	for line, want := range map[string]string{
		"POST /admin/shutdown": "shutdown", "POST /factoryReset": "factory", "POST /users/{id}/password": "password",
		"GET /auth/logout": "logout", "GET /log-out": "log-out", "DELETE /account": "removal of an account", "DELETE /me": "removal of an account",
		"DELETE /users/{user}": "", "GET /resettlements": "", "POST /blog/outline": "", "GET /orders": "", "POST /log/outputs": "",
	} {
		if got := danger(&openapi.Operation{Operation: operationOf(line)}); got != want {
			t.Errorf("danger(%s) = %q, want %q", line, got, want)
		}
	}
	if got := danger(&openapi.Operation{Operation: operationOf("POST /x"), ID: "resetEverything"}); got != "reset" {
		t.Errorf("by operationId: got %q", got)
	}
}

func TestMatches(t *testing.T) {
	op := &openapi.Operation{Operation: operationOf("DELETE /account/{id}"), ID: "closeAccount"}
	for pattern, want := range map[string]bool{
		"DELETE /account/{id}": true, "delete /account/*": true, "/account/{id}": true, "DELETE *": true, "closeAccount": true,
		"/account": false, "GET /account/{id}": false, "account": false, "DELETE /account/(.*)": false,
	} {
		if got := matches([]string{pattern}, op); got != want {
			t.Errorf("matches(%q) = %v, want %v", pattern, got, want)
		}
	}
}

func TestAlike(t *testing.T) {
	r := testRun()
	made := r.values.word(&openapi.Schema{}) // statutetag001
	for id, want := range map[string]string{
		"17":                                   "987654321",
		"example.com.":                         "eybnqmf.com.",
		"EUR":                                  "EURtag003",
		"X-" + made + "-a":                     "X-statutetag002-a",
		"7f3c1a90-5d0e-4c1b-9f2e-000000000001": "7f3c1a90-5d0e-4c1b-9f2e-000000999998",
	} {
		got := r.alike(id)
		if strings.Contains(want, "tag") {
			want, got = shape(want), shape(got)
		}
		if got != want {
			t.Errorf("alike(%q) = %q, want %q", id, got, want)
		}
	}
}

// shape leaves out the serial of a fresh word.
func shape(id string) string { return regexp.MustCompile(`tag...`).ReplaceAllString(id, "tag") }

// TestSegments matches segments that hold more than one parameter.
func TestSegments(t *testing.T) {
	for _, test := range []struct {
		template, path string
		want           map[string]string
	}{
		{"/orders/{id}", "/orders/17", map[string]string{"id": "17"}},
		{"/orders/{id}.{format}", "/orders/a.b.json", map[string]string{"id": "a.b", "format": "json"}},
		{"/orders/{id}.json", "/orders/17.json", map[string]string{"id": "17"}},
		{"/orders/{id}.json", "/orders/17.xml", nil},
		{"/orders/{id}", "/orders/", nil},
		{"/orders/{id}:cancel", "/orders/17:cancel", map[string]string{"id": "17"}},
		{"/orders/v{n}", "/orders/17", nil},
	} {
		got, ok := fits(test.template, test.path)
		if ok != (test.want != nil) || ok && !cmp.Equal(got, test.want) {
			t.Errorf("fits(%s, %s) = %v, %v, want %v", test.template, test.path, got, ok, test.want)
		}
	}
	for _, target := range []string{"/orders/", "/orders/.", "/orders/..", "/orders/./x", "/orders/?a=b"} {
		if !strays("/orders/{id}", target) {
			t.Errorf("%s does not stray", target)
		}
	}
	for template, target := range map[string]string{"/orders/{id}": "/orders/17?a=/", "/orders/": "/orders/", "": "/"} {
		if strays(template, target) {
			t.Errorf("%s strays", target)
		}
	}
}
