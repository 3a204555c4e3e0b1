package respond_test

import (
	"bytes"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/limit"
)

// newItems returns the API under test with one item, and a clock that stands
// still.
func newItems(t *testing.T) *items {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close() // from now on the address refuses connections
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	store := limit.NewMemory(8)
	store.Now = func() time.Time { return now }
	limiter, err := limit.New(
		limit.Options{Store: store},
		limit.Policy{Name: "burst", Quota: 2, Window: 3 * time.Second},
	)
	if err != nil {
		t.Fatal(err)
	}
	s := &items{
		upstream: l.Addr().String(), limiter: limiter,
		started: make(chan struct{}), finish: make(chan struct{}),
	}
	s.reset()
	return s
}

const valid = `{"name":"saw","qty":2}`

// TestProbes sends requests that go wrong elsewhere. Each finds the API with one
// item, a hammer of version 1.
func TestProbes(t *testing.T) {
	var log bytes.Buffer
	s := newItems(t)
	w := serve(t, s.routes(s.api(&log)))
	for _, probe := range probes {
		t.Run(probe.name, func(t *testing.T) {
			s.reset()
			got := answer(w.sendRaw(probe.request))
			if diff := cmp.Diff(strings.TrimSpace(probe.want), got); diff != "" {
				t.Errorf("got +, want -:\n%s", diff)
			}
			if strings.Contains(got, "hunter2") || strings.Contains(got, "respond_test") || strings.Contains(got, "s3cret") {
				t.Errorf("the answer tells what it must not:\n%s", got)
			}
		})
	}
	if !strings.Contains(log.String(), "hunter2") {
		t.Error("the cause of a 500 is not in the log")
	}
}

// answer returns an answer as the table has it: all fields but those that differ
// from one time to the next.
func answer(x *statute.Exchange) string {
	var names []string
	for _, f := range x.Response.Fields {
		switch f.Name {
		case "Date", "X-Request-Id", "Content-Length":
		default:
			names = append(names, f.Name)
		}
	}
	return strings.TrimSpace(text(x, names...))
}

// probes are requests with the answers wanted.
var probes = []struct{ name, request, want string }{
	{"create", raw("POST /items", valid), `
201
Content-Type: application/json
Etag: "1"
Location: /items/2
{"id":2,"name":"saw","qty":2,"version":1}
`},
	{"malformed", raw("POST /items", `{"name":"saw",}`), `
400
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Bad Request","status":400,"detail":"malformed JSON: see byte 14","request_id":"ID"}
`},
	{"truncated", raw("POST /items", `{"name":"saw","qty":`), `
400
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Bad Request","status":400,"detail":"the JSON breaks off: see byte 20","errors":[{"pointer":"/qty","detail":"the JSON breaks off"}],"request_id":"ID"}
`},
	{"empty", raw("POST /items", "", "Content-Type: application/json", "Content-Length: 0"), `
400
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Bad Request","status":400,"detail":"the request has no content","request_id":"ID"}
`},
	{"wrong type", raw("POST /items", `{"name":"saw","qty":"s3cret"}`), `
422
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Unprocessable Content","status":422,"detail":"some values are not allowed","errors":[{"pointer":"/qty","detail":"must be an integer"}],"request_id":"ID"}
`},
	{"wrong type, then truncated", raw("POST /items", `{"name":"saw","qty":"s3cret"`), `
400
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Bad Request","status":400,"detail":"the JSON breaks off: see byte 28","request_id":"ID"}
`},
	{"missing", raw("POST /items", `{"qty":2}`), `
422
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Unprocessable Content","status":422,"detail":"some values are not allowed","errors":[{"pointer":"/name","detail":"is required"}],"request_id":"ID"}
`},
	{"out of range", raw("POST /items", `{"name":"saw","qty":-5}`), `
422
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Unprocessable Content","status":422,"detail":"some values are not allowed","errors":[{"pointer":"/qty","detail":"must be at least 1"}],"request_id":"ID"}
`},
	{"missing and out of range", raw("POST /items", `{"qty":-5}`), `
422
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Unprocessable Content","status":422,"detail":"some values are not allowed","errors":[{"pointer":"/name","detail":"is required"},{"pointer":"/qty","detail":"must be at least 1"}],"request_id":"ID"}
`},
	{"overflow", raw("POST /items", `{"name":"saw","qty":99999999999999999999}`), `
422
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Unprocessable Content","status":422,"detail":"some values are not allowed","errors":[{"pointer":"/qty","detail":"must be an integer"}],"request_id":"ID"}
`},
	{"unknown field", raw("POST /items", `{"name":"saw","qty":2,"colour":"s3cret"}`), `
422
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Unprocessable Content","status":422,"detail":"some values are not allowed","errors":[{"pointer":"/colour","detail":"is not known"}],"request_id":"ID"}
`},
	{"field in another case", raw("POST /items", `{"NAME":"saw","qty":2}`), `
422
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Unprocessable Content","status":422,"detail":"some values are not allowed","errors":[{"pointer":"/NAME","detail":"is not known"}],"request_id":"ID"}
`},
	{"duplicate name", raw("POST /items", `{"name":"saw","qty":2,"qty":3}`), `
400
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Bad Request","status":400,"detail":"the same name twice in a JSON object: see byte 22","errors":[{"pointer":"/qty","detail":"the same name twice in a JSON object"}],"request_id":"ID"}
`},
	{"invalid UTF-8", raw("POST /items", "{\"name\":\"saw\xff\",\"qty\":2}"), `
400
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Bad Request","status":400,"detail":"the JSON is not UTF-8: see byte 12","errors":[{"pointer":"/name","detail":"the JSON is not UTF-8"}],"request_id":"ID"}
`},
	{"data after the value", raw("POST /items", `{"name":"saw","qty":2} s3cret`), `
400
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Bad Request","status":400,"detail":"there is more after the JSON value: see byte 22","request_id":"ID"}
`},
	{"null", raw("POST /items", `null`), `
422
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Unprocessable Content","status":422,"detail":"some values are not allowed","errors":[{"detail":"must be an object"}],"request_id":"ID"}
`},
	{"array", raw("POST /items", `[]`), `
422
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Unprocessable Content","status":422,"detail":"some values are not allowed","errors":[{"detail":"must be an object"}],"request_id":"ID"}
`},
	{"text", raw("POST /items", valid, "Content-Type: text/plain"), `
415
Accept: application/json
Accept-Post: application/json
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Unsupported Media Type","status":415,"detail":"the content must be of type application/json","request_id":"ID"}
`},
	{"XML", raw("POST /items", valid, "Content-Type: application/xml"), `
415
Accept: application/json
Accept-Post: application/json
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Unsupported Media Type","status":415,"detail":"the content must be of type application/json","request_id":"ID"}
`},
	{"no type", raw("POST /items", valid, "-Content-Type"), `
415
Accept: application/json
Accept-Post: application/json
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Unsupported Media Type","status":415,"detail":"the content must be of type application/json","request_id":"ID"}
`},
	{"JSON in Latin-1", raw("POST /items", valid, "Content-Type: application/json; charset=latin1"), `
415
Accept: application/json
Accept-Post: application/json
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Unsupported Media Type","status":415,"detail":"the content must be of type application/json","request_id":"ID"}
`},
	{"JSON in UTF-8", raw("POST /items", valid, "Content-Type: application/json; charset=utf-8"), `
201
Content-Type: application/json
Etag: "1"
Location: /items/2
{"id":2,"name":"saw","qty":2,"version":1}
`},
	{"type built on JSON", raw("POST /items", valid, "Content-Type: application/vnd.x+json"), `
201
Content-Type: application/json
Etag: "1"
Location: /items/2
{"id":2,"name":"saw","qty":2,"version":1}
`},
	{"coded content", raw("POST /items", valid, "Content-Encoding: gzip"), `
415
Accept-Encoding: identity
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Unsupported Media Type","status":415,"detail":"the content must not be encoded","request_id":"ID"}
`},
	{"unknown expectation", raw("POST /items", valid, "Expect: bogus"), `
417
Connection: close
`},
	{"name taken", raw("POST /items", `{"name":"hammer","qty":2}`), `
409
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Conflict","status":409,"detail":"the name is taken","request_id":"ID"}
`},
	{"unknown id", raw("GET /items/999", ""), `
404
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Not Found","status":404,"detail":"there is no such item","request_id":"ID"}
`},
	{"id of another form", raw("GET /items/abc", ""), `
404
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Not Found","status":404,"request_id":"ID"}
`},
	{"unknown path", raw("GET /nope", ""), `
404
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Not Found","status":404,"request_id":"ID"}
`},
	{"query of another form", raw("GET /items?limit=abc", ""), `
400
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Bad Request","status":400,"detail":"some values of the query are not valid","errors":[{"parameter":"limit","detail":"must be an integer"}],"request_id":"ID"}
`},
	{"query twice", raw("GET /items?limit=1&limit=2", ""), `
400
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Bad Request","status":400,"detail":"some values of the query are not valid","errors":[{"parameter":"limit","detail":"must not be repeated"}],"request_id":"ID"}
`},
	{"query coded wrongly", raw("GET /items?limit=%zz", ""), `
400
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Bad Request","status":400,"detail":"the query is not well-formed","request_id":"ID"}
`},
	{"query coded wrongly that nobody asks for", raw("GET /health?a=%zz", ""), `
400
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Bad Request","status":400,"detail":"the query is not well-formed","request_id":"ID"}
`},
	{"method of others", raw("PATCH /items", ""), `
405
Allow: GET, HEAD, OPTIONS, POST
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Method Not Allowed","status":405,"request_id":"ID"}
`},
	{"method of others, PUT", raw("PUT /items", ""), `
405
Allow: GET, HEAD, OPTIONS, POST
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Method Not Allowed","status":405,"request_id":"ID"}
`},
	{"method of nobody", raw("BREW /items", ""), `
501
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Not Implemented","status":501,"request_id":"ID"}
`},
	{"method and path of nobody", raw("BREW /nope", ""), `
501
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Not Implemented","status":501,"request_id":"ID"}
`},
	{"HEAD", raw("HEAD /items/1", ""), `
200
Cache-Control: no-cache
Content-Type: application/json
Etag: "1"
`},
	{"HEAD of an unknown id", raw("HEAD /items/999", ""), `
404
Cache-Control: no-store
Content-Type: application/problem+json
`},
	{"OPTIONS", raw("OPTIONS /items", ""), `
204
Accept-Post: application/json
Allow: GET, HEAD, OPTIONS, POST
`},
	{"OPTIONS of an unknown path", raw("OPTIONS /nope", ""), `
404
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Not Found","status":404,"request_id":"ID"}
`},
	{"slash at the end", raw("POST /items/", valid), `
404
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Not Found","status":404,"request_id":"ID"}
`},
	{"slash too many", raw("GET //items?limit=1", ""), `
308
Location: /items?limit=1
`},
	{"accepts text", raw("GET /items", "", "Accept: text/plain"), `
406
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Not Acceptable","status":406,"detail":"available: application/json","request_id":"ID"}
`},
	{"accepts text of a create", raw("POST /items", valid, "Accept: text/plain"), `
406
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Not Acceptable","status":406,"detail":"available: application/json","request_id":"ID"}
`},
	{"accepts no JSON", raw("GET /items", "", "Accept: application/json;q=0, text/html"), `
406
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Not Acceptable","status":406,"detail":"available: application/json","request_id":"ID"}
`},
	{"accepts anything", raw("GET /items", "", "Accept: */*"), `
200
Cache-Control: no-cache
Content-Type: application/json
[{"id":1,"name":"hammer","qty":1,"version":1}]
`},
	{"accepts any application", raw("GET /items", "", "Accept: application/*"), `
200
Cache-Control: no-cache
Content-Type: application/json
[{"id":1,"name":"hammer","qty":1,"version":1}]
`},
	{"accepts nothing said", raw("GET /items", ""), `
200
Cache-Control: no-cache
Content-Type: application/json
[{"id":1,"name":"hammer","qty":1,"version":1}]
`},
	{"If-None-Match", raw("GET /items/1", "", `If-None-Match: "1"`), `
304
Cache-Control: no-cache
Etag: "1"
`},
	{"If-None-Match, weak", raw("GET /items/1", "", `If-None-Match: W/"1"`), `
304
Cache-Control: no-cache
Etag: "1"
`},
	{"If-None-Match, list", raw("GET /items/1", "", `If-None-Match: "0", "1"`), `
304
Cache-Control: no-cache
Etag: "1"
`},
	{"If-Match of another version", raw("GET /items/1", "", `If-Match: "0"`), `
412
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Precondition Failed","status":412,"detail":"the resource is not in the state that the request demands","request_id":"ID"}
`},
	{"If-None-Match before If-Modified-Since", raw("GET /file", "", `If-None-Match: "0"`, "If-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT"), `
200
Accept-Ranges: bytes
Cache-Control: no-cache
Content-Type: text/plain
Etag: "f1"
Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
0123456789abcdefghij
`},
	{"If-Modified-Since", raw("GET /file", "", "If-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT"), `
304
Cache-Control: no-cache
Etag: "f1"
Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
`},
	{"PUT", raw("PUT /items/1", valid, `If-Match: "1"`), `
200
Content-Type: application/json
{"id":1,"name":"saw","qty":2,"version":2}
`},
	{"PUT of a stale version", raw("PUT /items/1", valid, `If-Match: "0"`), `
412
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Precondition Failed","status":412,"detail":"the resource is not in the state that the request demands","request_id":"ID"}
`},
	{"PUT without a condition", raw("PUT /items/1", valid), `
428
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Precondition Required","status":428,"detail":"send If-Match with the ETag of the version that the change is based on","request_id":"ID"}
`},
	{"PUT where nothing must be", raw("PUT /items/1", valid, "If-None-Match: *"), `
412
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Precondition Failed","status":412,"detail":"the resource is not in the state that the request demands","request_id":"ID"}
`},
	{"DELETE", raw("DELETE /items/1", ""), `
204
`},
	{"DELETE of an unknown id", raw("DELETE /items/999", ""), `
404
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Not Found","status":404,"detail":"there is no such item","request_id":"ID"}
`},
	{"DELETE of a stale version", raw("DELETE /items/1", "", `If-Match: "0"`), `
412
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Precondition Failed","status":412,"detail":"the resource is not in the state that the request demands","request_id":"ID"}
`},
	{"range", raw("GET /file", "", "Range: bytes=0-3"), `
206
Accept-Ranges: bytes
Cache-Control: no-cache
Content-Range: bytes 0-3/20
Content-Type: text/plain
Etag: "f1"
Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
0123
`},
	{"range at the end", raw("GET /file", "", "Range: bytes=-3"), `
206
Accept-Ranges: bytes
Cache-Control: no-cache
Content-Range: bytes 17-19/20
Content-Type: text/plain
Etag: "f1"
Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
hij
`},
	{"range beyond", raw("GET /file", "", "Range: bytes=100-"), `
416
Cache-Control: no-store
Content-Range: bytes */20
Content-Type: application/problem+json
{"title":"Range Not Satisfiable","status":416,"request_id":"ID"}
`},
	{"range of another unit", raw("GET /file", "", "Range: items=0-3"), `
200
Accept-Ranges: bytes
Cache-Control: no-cache
Content-Type: text/plain
Etag: "f1"
Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
0123456789abcdefghij
`},
	{"range of nothing", raw("GET /file", "", "Range: bytes=-0"), `
416
Cache-Control: no-store
Content-Range: bytes */20
Content-Type: application/problem+json
{"title":"Range Not Satisfiable","status":416,"request_id":"ID"}
`},
	{"range, malformed", raw("GET /file", "", "Range: bytes=3-0"), `
200
Accept-Ranges: bytes
Cache-Control: no-cache
Content-Type: text/plain
Etag: "f1"
Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
0123456789abcdefghij
`},
	{"range of the version", raw("GET /file", "", "Range: bytes=0-3", `If-Range: "f1"`), `
206
Accept-Ranges: bytes
Cache-Control: no-cache
Content-Range: bytes 0-3/20
Content-Type: text/plain
Etag: "f1"
Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
0123
`},
	{"range of another version", raw("GET /file", "", "Range: bytes=0-3", `If-Range: "f0"`), `
200
Accept-Ranges: bytes
Cache-Control: no-cache
Content-Type: text/plain
Etag: "f1"
Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
0123456789abcdefghij
`},
	{"HEAD of a file", raw("HEAD /file", ""), `
200
Accept-Ranges: bytes
Cache-Control: no-cache
Content-Type: text/plain
Etag: "f1"
Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
`},
	{"no credentials", raw("GET /private", ""), `
401
Cache-Control: no-store
Content-Type: application/problem+json
Www-Authenticate: Bearer realm="items"
{"title":"Unauthorized","status":401,"detail":"a bearer token is needed","request_id":"ID"}
`},
	{"credentials of another scheme", raw("GET /private", "", "Authorization: Basic czNjcmV0OnMzY3JldA=="), `
401
Cache-Control: no-store
Content-Type: application/problem+json
Www-Authenticate: Bearer realm="items"
{"title":"Unauthorized","status":401,"detail":"a bearer token is needed","request_id":"ID"}
`},
	{"no token", raw("GET /private", "", "Authorization: Bearer"), `
401
Cache-Control: no-store
Content-Type: application/problem+json
Www-Authenticate: Bearer realm="items", error="invalid_token"
{"title":"Unauthorized","status":401,"detail":"the token is not valid, or no longer","request_id":"ID"}
`},
	{"malformed token", raw("GET /private", "", "Authorization: Bearer s3cret s3cret"), `
401
Cache-Control: no-store
Content-Type: application/problem+json
Www-Authenticate: Bearer realm="items", error="invalid_token"
{"title":"Unauthorized","status":401,"detail":"the token is not valid, or no longer","request_id":"ID"}
`},
	{"expired token", raw("GET /private", "", "Authorization: Bearer s3cret"), `
401
Cache-Control: no-store
Content-Type: application/problem+json
Www-Authenticate: Bearer realm="items", error="invalid_token"
{"title":"Unauthorized","status":401,"detail":"the token is not valid, or no longer","request_id":"ID"}
`},
	{"two tokens", raw("GET /private", "", "Authorization: Bearer s3cret", "Authorization: Bearer good"), `
400
Cache-Control: no-store
Content-Type: application/problem+json
Www-Authenticate: Bearer realm="items", error="invalid_request"
{"title":"Bad Request","status":400,"detail":"more than one Authorization field","request_id":"ID"}
`},
	{"scope lacking", raw("GET /private", "", "Authorization: Bearer narrow"), `
403
Cache-Control: no-store
Content-Type: application/problem+json
Www-Authenticate: Bearer realm="items", error="insufficient_scope", scope="items"
{"title":"Forbidden","status":403,"detail":"the token lacks a scope","request_id":"ID"}
`},
	{"good token", raw("GET /private", "", "Authorization: bearer good"), `
200
Cache-Control: no-store
Content-Type: application/json
{"user":"jo"}
`},
	{"limited, first", raw("GET /limited", ""), `
200
Content-Type: application/json
Ratelimit: "burst";r=1;t=2
Ratelimit-Policy: "burst";q=2;w=3
{"allowed":true}
`},
	{"limited, second", raw("GET /limited", ""), `
200
Content-Type: application/json
Ratelimit: "burst";r=0;t=2
Ratelimit-Policy: "burst";q=2;w=3
{"allowed":true}
`},
	{"limited, third", raw("GET /limited", ""), `
429
Cache-Control: no-store
Content-Type: application/problem+json
Ratelimit: "burst";r=0;t=2
Ratelimit-Policy: "burst";q=2;w=3
Retry-After: 2
{"type":"https://iana.org/assignments/http-problem-types#quota-exceeded","title":"Quota exceeded","status":429,"violated-policies":["burst"],"limits":[{"policy":"burst","quota":2,"window":3,"remaining":0,"reset":3}],"request_id":"ID"}
`},
	{"panic", raw("GET /err/panic", ""), `
500
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Internal Server Error","status":500,"request_id":"ID"}
`},
	{"unknown error", raw("GET /err/plain", ""), `
500
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Internal Server Error","status":500,"request_id":"ID"}
`},
	{"no rows", raw("GET /err/norows", ""), `
404
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Not Found","status":404,"request_id":"ID"}
`},
	{"deadline", raw("GET /err/deadline", ""), `
504
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Gateway Timeout","status":504,"request_id":"ID"}
`},
	{"upstream refuses", raw("GET /err/refused", ""), `
502
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Bad Gateway","status":502,"request_id":"ID"}
`},
	{"upstream too slow", raw("GET /err/slow", ""), `
504
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Gateway Timeout","status":504,"request_id":"ID"}
`},
	{"pool exhausted", raw("GET /err/pool", ""), `
503
Cache-Control: no-store
Content-Type: application/problem+json
Retry-After: 5
{"title":"Service Unavailable","status":503,"request_id":"ID"}
`},
	{"breaker open", raw("GET /err/breaker", ""), `
503
Cache-Control: no-store
Content-Type: application/problem+json
Retry-After: 2
{"title":"Service Unavailable","status":503,"request_id":"ID"}
`},
	{"content too large for the handler", raw("POST /err/maxbytes", valid), `
413
Cache-Control: no-store
Connection: close
Content-Type: application/problem+json
{"title":"Content Too Large","status":413,"detail":"at most 3 bytes are taken","limit":3,"request_id":"ID"}
`},
	{"no Idempotency-Key", raw("POST /orders", valid), `
400
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Bad Request","status":400,"detail":"send one Idempotency-Key of up to 255 characters","request_id":"ID"}
`},
	{"Idempotency-Key", raw("POST /orders", valid, `Idempotency-Key: "k1"`), `
201
Content-Type: application/json
Location: /orders/1
{"item":"saw"}
`},
	{"Idempotency-Key again", raw("POST /orders", valid, `Idempotency-Key: "k1"`), `
201
Content-Type: application/json
Location: /orders/1
{"item":"saw"}
`},
	{"Idempotency-Key with other content", raw("POST /orders", `{"name":"axe","qty":2}`, `Idempotency-Key: "k1"`), `
422
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Unprocessable Content","status":422,"detail":"the Idempotency-Key came with another request before","request_id":"ID"}
`},
	{"early data", raw("POST /items", valid, "Early-Data: 1"), `
425
Cache-Control: no-store
Content-Type: application/problem+json
{"title":"Too Early","status":425,"detail":"repeat the request when the TLS handshake is complete","request_id":"ID"}
`},
	{"health", raw("GET /health", ""), `
200
Content-Type: application/json
{"status":"up"}
`},
}
