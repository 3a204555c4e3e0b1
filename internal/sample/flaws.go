package sample

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"

	"github.com/statute-http/statute"
)

// flaws returns the planted faults. Each is of the kind that real APIs have,
// and must draw its rule and no other.
func flaws() []flaw {
	return []flaw{ // the first is nearest to the shop
		// Credentials.
		planted("401-without-challenge", "GET /customers",
			"the 401 does not say which credentials it wants",
			answered(401, drop("WWW-Authenticate"))),
		planted("403-for-missing-credentials", "POST /orders",
			"who sends no credentials is told that they do not suffice",
			only(anonymous, instead(401, func() *answer { return problem(403, "access is denied") }))),
		planted("auth-ignored", "GET /orders/{id}/items/{sku}",
			"anybody may read the items: the check of the token was forgotten here",
			only(stranger, asked(func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+Token) }))),
		planted("401-for-valid-user", "POST /customers",
			"who may not make customers is asked for a token, and has sent a good one",
			instead(403, func() *answer {
				a := problem(401, "a bearer token is needed")
				a.header.Set("WWW-Authenticate", `Bearer realm="shop"`)
				return a
			})),
		planted("cross-user-access", "GET /orders/{id}/items",
			"whose order it is was asked for the order, and not for its items",
			asOwner),
		planted("existence-leak", "GET /orders/{id}",
			"403 for another's order and 404 for none: the code tells which there are",
			revealing),

		// Methods.
		planted("405-without-allow", " /orders/{id}",
			"the 405 does not say which methods work",
			answered(405, drop("Allow"))),
		planted("405-allow-untrue", " /customers/{id}",
			"the Allow of the 405 leaves out PUT, which works",
			answered(405, set("Allow", "GET, HEAD, OPTIONS, DELETE"))),
		planted("options-without-allow", "OPTIONS /orders",
			"OPTIONS succeeds and tells nothing",
			answered(204, drop("Allow"))),
		planted("wrong-code-for-method", " /catalogue",
			"routes are found by method and path together, so a wrong method is a 404",
			instead(405, func() *answer { return problem(404, "there is no such page") })),
		planted("head-differs", "HEAD /orders",
			"HEAD is answered as if there were no orders at all",
			answered(200, func(a *answer) { a.body = nil })), // Content-Length: 0
		planted("head-with-content", "HEAD /customers/{id}",
			"HEAD is handled as GET to the last byte",
			answered(200, func(a *answer) { a.raw = true })),

		// Reading.
		planted("undocumented-content", "GET /customers",
			"the list has another name for the email than the description",
			answered(200, func(a *answer) { a.body = bytes.ReplaceAll(a.body, []byte(`"email":`), []byte(`"mail":`)) })),
		planted("2xx-html-for-json", "GET /health",
			"a page for people is served to programs",
			answered(200, func(a *answer) {
				a.header.Set("Content-Type", "text/html; charset=utf-8")
				a.body = []byte("<!DOCTYPE html>\n<title>Shop</title>\n<h1>The shop is open</h1>\n")
			})),
		planted("429-without-retry-after", "GET /report",
			"the quota is spent, and nobody says until when",
			instead(200, func() *answer { return problem(429, "the quota of reports is spent") })),
		planted("etag-not-honoured", "GET /orders/{id}/items",
			"ETags are sent, and never looked at when they come back",
			asked(func(r *http.Request) { r.Header.Del("If-None-Match") })),
		planted("304-missing-fields", "GET /catalogue",
			"the 304 lacks the Cache-Control of the 200",
			answered(304, drop("Cache-Control"))),
		planted("416-without-content-range", "GET /catalogue",
			"the 416 does not say how long the catalogue is",
			answered(416, drop("Content-Range"))),
		planted("if-range-ignored", "GET /catalogue",
			"a part is sent of what has changed since",
			asked(func(r *http.Request) { r.Header.Del("If-Range") })),
		planted("2xx-for-unknown-id", "GET /orders/{id}/items",
			"the items of an order that does not exist are an empty list",
			only(wellFormed, instead(404, func() *answer { return ok([]item{}) }))),
		planted("5xx-for-client-error", "GET /orders/{id}",
			"an id that is no number is an error that nobody handles",
			only(illFormed, instead(404, crash))),
		planted("problem-status-mismatch", "GET /orders/{id}",
			"the problem details of the 404 speak of 400",
			only(wellFormed, answered(404, func(a *answer) { a.body = problem(400, "there is no such order").body }))),
		planted("2xx-for-invalid", "GET /orders",
			"a limit out of range is replaced in silence",
			asked(clampLimit)),
		planted("wrong-code-for-invalid", "GET /orders",
			"a status that no order can have is not acceptable, so 406 it is",
			only(asksStatus, instead(422, func() *answer { return problem(406, "the status is not acceptable") }))),

		// Creating.
		planted("201-without-location", "POST /customers",
			"the customer is made, the address kept back",
			answered(201, drop("Location"))),
		planted("location-dead", "POST /orders",
			"Location has a prefix that was the proxy's once",
			answered(201, func(a *answer) { a.header.Set("Location", "/api"+a.header.Get("Location")) })),
		planted("chunked-not-decoded", "POST /orders",
			"a buffer of Content-Length bytes is read: none, where there is no such field",
			only(inChunks, instead(201, func() *answer { return problem(400, "the content is not well-formed JSON") }))),
		planted("created-with-200", "POST /orders/{id}/items",
			"an item is made, and the answer is that all is well",
			answered(201, func(a *answer) { a.status = 200 })),
		planted("wrong-code-for-duplicate", "POST /orders/{id}/items",
			"the unique index of the items fails, and nobody handles that",
			instead(409, crash)),
		planted("error-leaks-internals", "POST /orders",
			"the 400 shows the stack of the parser",
			answered(400, func(a *answer) { a.body = problem(400, stack).body })),
		planted("wrong-code-for-malformed", "POST /customers",
			"JSON that does not parse is taken for something that is not JSON",
			instead(400, func() *answer { return problem(415, "the content must be of type application/json") })),

		// Changing.
		planted("put-partial", "PUT /orders/{id}",
			"the note stays if it is left out: what is sent is merged, not put",
			rewritten(func(r *http.Request, content map[string]any, right asker) {
				if _, sent := content["note"]; !sent {
					get := r.Clone(r.Context())
					get.Method, get.Header = "GET", http.Header{"Authorization": r.Header["Authorization"]}
					var old map[string]any
					if err := json.Unmarshal(right(get).body, &old); err == nil && old["note"] != nil {
						content["note"] = old["note"]
					}
				}
			})),
		planted("200-empty", "PUT /orders/{id}",
			"a 200 with nothing in it",
			answered(200, func(a *answer) { a.body = nil; a.header.Del("Content-Type") })),
		planted("stale-write-accepted", "PUT /customers/{id}",
			"If-Match is not looked at: the last writer wins",
			asked(func(r *http.Request) { r.Header.Del("If-Match") })),
		planted("updated-with-201", "PUT /customers/{id}",
			"replacing a customer that was there is called creating",
			answered(200, func(a *answer) { a.status = 201 })),
		planted("wrong-code-for-media-type", "PUT /orders/{id}",
			"XML is given to the parser of JSON",
			instead(415, func() *answer { return problem(400, "the content is not well-formed JSON") })),
		planted("merge-patch-wrong", "PATCH /orders/{id}",
			"null is taken for nothing said, so that nothing can be removed",
			rewritten(func(_ *http.Request, content map[string]any, _ asker) {
				maps.DeleteFunc(content, func(_ string, value any) bool { return value == nil })
			})),
		planted("2xx-for-malformed", "PATCH /orders/{id}",
			"a patch that does not parse is taken for an empty one",
			leniently),
		planted("202-without-monitor", "POST /orders/{id}/cancel",
			"the wish is accepted, and where to follow it not told",
			answered(202, func(a *answer) { a.header.Del("Location"); a.body = []byte(`{"accepted":true}`) })),

		// Deleting.
		planted("204-with-content-length", "DELETE /customers/{id}",
			"the 204 announces content of no length",
			answered(204, func(a *answer) { a.header.Set("Content-Length", "0"); a.raw = true })),
		planted("delete-repeat-fails", "DELETE /customers/{id}",
			"deleting what is gone is an error that nobody handles",
			deletedBefore(crash)),
		planted("200-with-error-body", "DELETE /orders/{id}",
			"deleting what is gone fails, under a 200",
			deletedBefore(func() *answer {
				return ok(struct {
					Success bool   `json:"success"`
					Error   string `json:"error"`
				}{false, "there is no such order"})
			})),
		planted("deleted-still-there", "DELETE /orders/{id}/items/{sku}",
			"items are marked as deleted, and reading does not heed the mark",
			keeping).shownBy("GET /orders/{id}/items/{sku}"),
		planted("204-with-content", "DELETE /orders/{id}/items/{sku}",
			"the 204 brings a message along",
			answered(204, func(a *answer) { a.body = []byte(`{"deleted":true}`); a.raw = true })),

		// The whole server.
		planted("unknown-path-not-404", "",
			"the first segment of a path leads nowhere, and that is called a bad request",
			only(nowhere, instead(404, func() *answer { return problem(400, "the request cannot be routed") }))),
		planted("date-missing", "",
			"no answer says when it was made",
			answered(0, func(a *answer) { a.header["Date"] = nil })), // nil: net/http adds none
	}
}

// flaw is a planted fault: the sound shop is asked, and the question or the
// answer spoiled.
type flaw struct {
	Fault
	at    statute.Operation // whose answers are spoilt
	spoil spoil
}

// asker answers a request.
type asker func(*http.Request) *answer

// spoil answers a request worse than the sound shop does.
type spoil func(r *http.Request, right asker) *answer

// planted returns a flaw of the operation: "GET /orders", " /orders" whatever
// the method, "" everywhere.
func planted(rule, operation, what string, spoil spoil) flaw {
	o := operationOf(operation)
	return flaw{Fault{rule, o, what}, o, spoil}
}

// shownBy returns the flaw as one that shows in the answers of another
// operation than the one it is planted in.
func (f flaw) shownBy(operation string) flaw {
	f.Operation = operationOf(operation)
	return f
}

func operationOf(line string) statute.Operation {
	method, path, _ := strings.Cut(line, " ")
	return statute.Operation{Method: method, Path: path}
}

// meets reports whether a request with that method to that path of a resource
// meets the flaw. What is wrong with GET is wrong with HEAD.
func (f flaw) meets(method, path string) bool {
	here := f.at
	return (here.Path == "" || here.Path == path) &&
		(here.Method == "" || here.Method == method || here.Method == "GET" && method == "HEAD")
}

// flawedShop is the sound shop behind its flaws.
type flawedShop struct {
	right *soundShop
	flaws []flaw
}

// ServeHTTP answers by way of each flaw that the request meets.
func (s *flawedShop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := ""
	if q := s.right.find(r); q != nil {
		path = q.resource.path
	}
	ask := asker(s.right.answer)
	for _, f := range s.flaws {
		if f.meets(r.Method, path) {
			right := ask
			ask = func(r *http.Request) *answer { return f.spoil(r, right) }
		}
	}
	a := ask(r)
	if !a.raw {
		a.write(w)
		return
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		a.write(w)
		return
	}
	defer func() { _ = conn.Close() }()
	a.header.Set("Connection", "close")
	_, _ = conn.Write(a.bytes()) // the client may be gone
}

// asked changes the request before the shop sees it.
func asked(change func(*http.Request)) spoil {
	return func(r *http.Request, right asker) *answer {
		change(r)
		return right(r)
	}
}

// answered changes answers of that status, any if it is 0.
func answered(status int, change func(*answer)) spoil {
	return func(r *http.Request, right asker) *answer {
		a := right(r)
		if status == 0 || a.status == status {
			change(a)
		}
		return a
	}
}

// instead gives another answer in the place of one of that status.
func instead(status int, other func() *answer) spoil {
	return answered(status, func(a *answer) { *a = *other() })
}

// only spoils the requests that are so.
func only(so func(*http.Request) bool, then spoil) spoil {
	return func(r *http.Request, right asker) *answer {
		if so(r) {
			return then(r, right)
		}
		return right(r)
	}
}

// deletedBefore gives another answer in the place of the 404 to the DELETE of
// what was there once.
func deletedBefore(other func() *answer) spoil {
	var gone sync.Map // set of paths
	return func(r *http.Request, right asker) *answer {
		a := right(r)
		if a.status == 204 {
			gone.Store(r.URL.Path, nil)
		} else if _, was := gone.Load(r.URL.Path); was && a.status == 404 {
			return other()
		}
		return a
	}
}

// keeping answers DELETE as if it were done, if there is something to delete.
func keeping(r *http.Request, right asker) *answer {
	get := r.Clone(r.Context())
	get.Method = "GET"
	if a := right(get); a.status != 200 {
		return a
	}
	return empty(204)
}

// asOwner asks again as each seller where one sees nothing.
func asOwner(r *http.Request, right asker) *answer {
	a := right(r)
	for _, s := range sellers() {
		if a.status != 404 {
			break
		}
		r.Header.Set("Authorization", "Bearer "+s.token)
		a = right(r)
	}
	return a
}

// revealing refuses, with 403, what is another's.
func revealing(r *http.Request, right asker) *answer {
	a := right(r)
	if a.status == 404 && asOwner(r.Clone(r.Context()), right).status == 200 {
		return problem(403, "this order is another seller's")
	}
	return a
}

// rewritten changes the content of the request, if it is an object, before the
// shop sees it.
func rewritten(change func(r *http.Request, content map[string]any, right asker)) spoil {
	return func(r *http.Request, right asker) *answer {
		sent, err := io.ReadAll(io.LimitReader(r.Body, maxContent+1)) // more is refused further on
		var content map[string]any
		if err == nil && json.Unmarshal(sent, &content) == nil && content != nil {
			change(r, content, right)
			sent = marshal(content)
			r.ContentLength = int64(len(sent))
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
		return right(r)
	}
}

// leniently asks again with an empty patch where the first did not parse.
func leniently(r *http.Request, right asker) *answer {
	a := right(r)
	if a.status == 400 && r.ContentLength != 0 {
		r.Body = io.NopCloser(strings.NewReader("{}"))
		r.ContentLength = 2
		return right(r)
	}
	return a
}

// clampLimit brings the limit into its range.
func clampLimit(r *http.Request) {
	query := r.URL.Query()
	if limit, err := strconv.Atoi(query.Get("limit")); err == nil {
		query.Set("limit", strconv.Itoa(min(max(limit, 1), 100)))
		r.URL.RawQuery = query.Encode()
	}
}

// crash answers as most frameworks do when an error is not handled.
func crash() *answer { return problem(500, "something went wrong") }

// stack is what a debug mode, left on, adds to errors.
const stack = "unexpected end of JSON input\n" +
	"goroutine 41 [running]:\n" +
	"main.(*server).createOrder(0xc0001180c0)\n" +
	"\t/srv/shop/orders.go:88 +0x1c5"

func drop(field string) func(*answer) {
	return func(a *answer) { a.header.Del(field) }
}

func set(field, value string) func(*answer) {
	return func(a *answer) { a.header.Set(field, value) }
}

func stranger(r *http.Request) bool {
	_, refused := authenticate(r)
	return refused != nil
}

func anonymous(r *http.Request) bool { return r.Header.Get("Authorization") == "" }

func inChunks(r *http.Request) bool { return r.ContentLength < 0 }

func asksStatus(r *http.Request) bool { return r.URL.Query().Has("status") }

// nowhere reports whether the path is one segment and no resource's.
func nowhere(r *http.Request) bool {
	return (&soundShop{resources: resources()}).find(r) == nil && strings.LastIndexByte(r.URL.Path, '/') == 0
}

// wellFormed reports whether the id in /orders/{id} and below it is a number.
func wellFormed(r *http.Request) bool {
	id, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/orders/"), "/")
	_, err := strconv.Atoi(id)
	return err == nil
}

func illFormed(r *http.Request) bool { return !wellFormed(r) }
