package sample

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/statute-http/statute"
)

// The sizes, in bytes, beyond which a request is refused.
const (
	maxTarget  = 8 << 10  // 414
	maxFields  = 32 << 10 // 431
	maxContent = 1 << 20  // 413
)

// soundShop is the store and the resources through which it is reached.
type soundShop struct {
	resources []resource

	mu           sync.Mutex // held while a request is acted upon
	customers    map[int]*customer
	orders       map[int]*order
	lastCustomer int
	lastOrder    int
}

// resource is what a path leads to and what can be done with it. HEAD and
// OPTIONS are not listed: where there is GET there is HEAD, and OPTIONS is
// everywhere.
type resource struct {
	path       string // with {id} for a number and {sku} for any text
	open       bool   // no credentials are asked for
	keepers    bool   // only who keeps the list changes anything
	operations map[string]operation
}

// operation acts upon a request. For GET it must change nothing.
type operation func(*soundShop, *request) *answer

// resources returns the whole API.
func resources() []resource {
	return []resource{
		{"/health", true, false, map[string]operation{"GET": (*soundShop).getHealth}},
		{"/openapi.yaml", true, false, map[string]operation{"GET": (*soundShop).getDescription}},
		{"/catalogue", true, false, map[string]operation{"GET": (*soundShop).getCatalogue}},
		{"/report", false, false, map[string]operation{"GET": (*soundShop).getReport}},
		{"/customers", false, true, map[string]operation{
			"GET": (*soundShop).listCustomers, "POST": (*soundShop).createCustomer,
		}},
		{"/customers/{id}", false, true, map[string]operation{
			"GET": (*soundShop).getCustomer, "PUT": (*soundShop).putCustomer, "DELETE": (*soundShop).deleteCustomer,
		}},
		{"/orders", false, false, map[string]operation{
			"GET": (*soundShop).listOrders, "POST": (*soundShop).createOrder,
		}},
		{"/orders/{id}", false, false, map[string]operation{
			"GET": (*soundShop).getOrder, "PUT": (*soundShop).putOrder, "PATCH": (*soundShop).patchOrder, "DELETE": (*soundShop).deleteOrder,
		}},
		{"/orders/{id}/cancel", false, false, map[string]operation{"POST": (*soundShop).cancelOrder}},
		{"/orders/{id}/items", false, false, map[string]operation{
			"GET": (*soundShop).listItems, "POST": (*soundShop).createItem,
		}},
		{"/orders/{id}/items/{sku}", false, false, map[string]operation{
			"GET": (*soundShop).getItem, "DELETE": (*soundShop).deleteItem,
		}},
	}
}

// newShop returns a shop with a little in its store.
func newShop() *soundShop {
	return &soundShop{
		resources: resources(),
		customers: map[int]*customer{
			1: {1, "Ada Lovelace", "ada@shop.example"},
			2: {2, "Grace Hopper", "grace@shop.example"},
		},
		orders: map[int]*order{
			1: {1, 1, "paid", "", []item{{"saw-100", 1, 2490}, {"nails-60", 3, 399}}, "first"},
			2: {2, 2, "open", "ring twice", []item{{"level-40", 1, 1250}}, "first"},
		},
		lastCustomer: 2,
		lastOrder:    2,
	}
}

// request is a request on its way through the shop.
type request struct {
	*http.Request
	resource *resource
	seller   seller // who asks
	id       int    // of the path; 0, which nothing has, if it is no number
	sku      string // of the path
	query    url.Values
	content  []byte // of POST, PUT and PATCH
}

func (s *soundShop) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.answer(r).write(w) }

// methods are those that the shop knows, in the order of the Allow field.
func methods() []string {
	return []string{"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE"}
}

// answer takes a request through what can be wrong with any request, from the
// request line to its content, then lets the operation act.
func (s *soundShop) answer(r *http.Request) *answer {
	switch {
	case len(r.RequestURI) > maxTarget:
		return problem(414, "the target is longer than 8 KiB")
	case size(r.Header) > maxFields:
		return problem(431, "the header fields are larger than 32 KiB")
	case !slices.Contains(methods(), r.Method):
		return problem(501, "the shop knows no such method")
	}
	q := s.find(r)
	if q == nil {
		return problem(404, "there is nothing at this path")
	}
	act := q.operation()
	switch {
	case r.Method == "OPTIONS":
		return q.resource.options()
	case act == nil:
		a := problem(405, "the method is of no use here; Allow lists those that are")
		a.header.Set("Allow", q.resource.allow())
		return a
	}
	if !q.resource.open {
		var refused *answer
		if q.seller, refused = authenticate(r); refused != nil {
			return refused
		}
		if q.resource.keepers && !q.seller.keeps && !statute.SafeMethod(r.Method) {
			return problem(403, "who sells does not keep the list of customers")
		}
	}
	var err error
	if q.query, err = url.ParseQuery(r.URL.RawQuery); err != nil {
		return problem(400, "the query is not well percent-encoded")
	}
	if refused := q.read(); refused != nil {
		return refused
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	a := act(s, q)
	if a.status == 200 && (r.Method == "GET" || r.Method == "HEAD") {
		return a.conditional(r)
	}
	return a
}

// operation returns what the request's method does here; nil if nothing.
func (q *request) operation() operation {
	if q.Method == "HEAD" {
		return q.resource.operations["GET"]
	}
	return q.resource.operations[q.Method]
}

// find returns the request with the resource its path leads to; nil if there
// is none. Paths are compared by segments, so "/orders/" is not "/orders".
func (s *soundShop) find(r *http.Request) *request {
	for i := range s.resources {
		q := &request{Request: r, resource: &s.resources[i]}
		if q.match(r.URL.EscapedPath()) {
			return q
		}
	}
	return nil
}

func (q *request) match(path string) bool {
	segments, templates := strings.Split(path, "/"), strings.Split(q.resource.path, "/")
	if len(segments) != len(templates) {
		return false
	}
	for i, template := range templates {
		segment, err := url.PathUnescape(segments[i])
		switch {
		case err != nil, segment == "" && template != "":
			return false
		case template == "{id}":
			if n, err := strconv.Atoi(segment); err == nil && strconv.Itoa(n) == segment {
				q.id = n
			}
		case template == "{sku}":
			q.sku = segment
		case segment != template:
			return false
		}
	}
	return true
}

// allow returns the value of the Allow field (RFC 9110, 10.2.1).
func (res *resource) allow() string {
	var allowed []string
	for _, method := range methods() {
		listed := method
		if method == "HEAD" {
			listed = "GET"
		}
		if method == "OPTIONS" || res.operations[listed] != nil {
			allowed = append(allowed, method)
		}
	}
	return strings.Join(allowed, ", ")
}

// options answers OPTIONS (RFC 9110, 9.3.7).
func (res *resource) options() *answer {
	a := empty(204)
	a.header.Set("Allow", res.allow())
	if res.operations["PATCH"] != nil {
		a.header.Set("Accept-Patch", mergePatch)
	}
	return a
}

// seller is somebody who may use the shop.
type seller struct {
	name, token string
	keeps       bool // the list of customers
}

func sellers() []seller {
	return []seller{{"first", Token, true}, {"second", OtherToken, true}, {"trainee", LowToken, false}}
}

// authenticate returns whose token the request carries, or a 401 with a
// challenge that says whether a token was refused (RFC 6750, 3).
func authenticate(r *http.Request) (seller, *answer) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	challenge, detail := `Bearer realm="shop"`, "a bearer token is needed"
	if strings.EqualFold(scheme, "Bearer") && token != "" {
		for _, s := range sellers() {
			if subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) == 1 {
				return s, nil
			}
		}
		challenge, detail = challenge+`, error="invalid_token"`, "the token is not valid"
	}
	a := problem(401, detail)
	a.header.Set("WWW-Authenticate", challenge)
	return seller{}, a
}

// size returns how many bytes the field lines took, about.
func size(h http.Header) int {
	n := 0
	for name, values := range h {
		for _, value := range values {
			n += len(name) + len(": ") + len(value) + len("\r\n")
		}
	}
	return n
}

func (s *soundShop) getHealth(*request) *answer {
	return ok(struct {
		Status string `json:"status"`
	}{"up"})
}

func (s *soundShop) getDescription(*request) *answer {
	return file("application/yaml", description)
}

func (s *soundShop) getCatalogue(*request) *answer {
	a := file("application/json", catalogue)
	a.header.Set("Cache-Control", "public, max-age=3600")
	a.header.Set("Last-Modified", time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC).Format(http.TimeFormat))
	a.header.Set("Accept-Ranges", "bytes")
	return a
}

func (s *soundShop) getReport(*request) *answer {
	report := struct {
		Orders       int `json:"orders"`
		RevenueCents int `json:"revenue_cents"`
	}{Orders: len(s.orders)}
	for _, o := range s.orders {
		for _, it := range o.items {
			report.RevenueCents += it.Quantity * it.PriceCents
		}
	}
	return ok(report)
}
