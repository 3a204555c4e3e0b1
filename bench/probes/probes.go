package main

import (
	"fmt"
	"slices"
	"strings"
)

// What not every library offers.
const (
	quotas      = "quotas"
	maintenance = "maintenance"
	idempotency = "idempotency"
	conditions  = "conditions"
	logs        = "logs"
	unmapped    = "unmapped" // not a feature: errors of the database mean nothing to the API
)

const valid = `{"name":"saw","qty":2}`

// large is content of 2 MiB.
var large = `{"name":"` + strings.Repeat("x", 2<<20) + `","qty":2}`

// one returns a probe of one request.
func one(name, wanted, line, content string, fields []string, codes []int, answered ...string) probe {
	method, _, _ := strings.Cut(line, " ")
	return probe{
		name: name, wanted: wanted, method: method, steps: []step{{raw: raw(line, content, fields...)}},
		codes: codes, fields: answered,
	}
}

func create(name, wanted, content string, codes []int, answered ...string) probe {
	return one(name, wanted, "POST /items", content, nil, codes, answered...)
}

// needing marks a probe as one of what not every library offers.
func needing(feature string, p probe) probe {
	p.needs = feature
	return p
}

func in(fields ...string) []string { return fields }
func is(codes ...int) []int        { return codes }

// invalid are the codes for a value that is not allowed, by the API's policy.
var invalid = is(422, 400)

// probes are the rows of the table.
var probes = slices.Concat(bodies, targets, negotiation, preconditions, access, failing)

var bodies = []probe{
	create("POST valid", "201, Location", valid, is(201), "Location: /items/2"),
	create("POST `{\"name\":\"saw\",}`", "400", `{"name":"saw",}`, is(400)),
	create("POST truncated JSON", "400", `{"name":"saw","qty":`, is(400)),
	one("POST empty", "400", "POST /items", "", in("Content-Type: application/json", "Content-Length: 0"), is(400)),
	create("POST `qty:\"x\"`", "422 or 400", `{"name":"saw","qty":"s3cret"}`, invalid),
	create("POST without `name`", "422 or 400", `{"qty":2}`, invalid),
	create("POST `qty:-5`", "422 or 400", `{"name":"saw","qty":-5}`, invalid),
	naming("POST both wrong", "422 or 400, both named", `{"qty":-5}`, "name", "qty"),
	create("POST unknown field", "422 (by policy)", `{"name":"saw","qty":2,"colour":"red"}`, is(422, 400)),
	create("POST `qty` twice", "400", `{"name":"saw","qty":2,"qty":3}`, is(400)),
	create("POST invalid UTF-8", "400", "{\"name\":\"saw\xff\",\"qty\":2}", is(400)),
	create("POST data after the value", "400", valid+" x", is(400)),
	{name: "POST shorter than Content-Length", wanted: "400", method: "POST", codes: is(400), steps: []step{
		{raw: raw("POST /items", valid, "Content-Length: 40"), how: cut},
	}},
	one("POST `text/plain`", "415, Accept-Post", "POST /items", valid, in("Content-Type: text/plain"), is(415), "Accept-Post"),
	one("POST `application/xml`", "415, Accept-Post", "POST /items", valid, in("Content-Type: application/xml"), is(415), "Accept-Post"),
	one("POST no Content-Type", "415 (by policy)", "POST /items", valid, in("-Content-Type"), is(415)),
	one("POST `application/vnd.x+json`", "201", "POST /items", valid, in("Content-Type: application/vnd.x+json"), is(201)),
	one("POST `Content-Encoding: gzip`, plain", "415, Accept-Encoding", "POST /items", valid, in("Content-Encoding: gzip"), is(415), "Accept-Encoding"),
	create("POST 2 MiB, limit 1 MiB", "413", large, is(413)),
	one("POST 2 MiB, chunked", "413", "POST /items", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(large), large), in("-Content-Length", "Transfer-Encoding: chunked"), is(413)),
	expecting("POST `Expect: 100-continue`", "100, 201", "POST /items", valid, "100, 201 json"),
	expecting("the same, bad credentials", "401 at once", "POST /private", valid, "401", "Authorization: Bearer bad"),
	expecting("the same, too large", "413 at once", "POST /items", large, "413"),
	one("POST `Expect: bogus`", "417", "POST /items", valid, in("Expect: bogus"), is(417)),
	create("POST a name that is taken", "409", `{"name":"hammer","qty":2}`, is(409)),
}

// naming returns a probe whose answer must name members.
func naming(name, wanted, content string, members ...string) probe {
	p := create(name, wanted, content, invalid)
	codes := p
	p.check = func(a answer) string {
		if wrong := codes.wrong(a); wrong != "" {
			return wrong
		}
		for _, member := range members {
			if !strings.Contains(strings.ToLower(a.content), member) {
				return "`" + member + "` not named"
			}
		}
		return ""
	}
	return p
}

// expecting returns a probe that sends its content only when it is asked to. The
// answer, in the words of the table, must begin with what is wanted.
func expecting(name, wanted, line, content, begins string, fields ...string) probe {
	whole := raw(line, content, append(fields, "Expect: 100-continue")...)
	head, body, _ := strings.Cut(whole, "\r\n\r\n")
	return probe{
		name: name, wanted: wanted, method: "POST", steps: []step{{raw: head + "\r\n\r\n", then: body}},
		check: func(a answer) string {
			switch {
			case a.code == 0:
				return "no answer"
			case !strings.HasPrefix(a.String(), begins):
				return "asked for the content"
			}
			return ""
		},
	}
}

var targets = []probe{
	one("GET /items/999", "404", "GET /items/999", "", nil, is(404)),
	one("GET /items/abc", "404, 400 or 422", "GET /items/abc", "", nil, is(404, 400, 422)),
	one("GET /nope", "404", "GET /nope", "", nil, is(404)),
	one("GET /items?limit=abc", "400 or 422", "GET /items?limit=abc", "", nil, is(400, 422)),
	one("GET /items?limit=%zz", "400", "GET /items?limit=%zz", "", nil, is(400)),
	allowing("PATCH /items"),
	allowing("PUT /items"),
	one("BREW /items", "501 or 405", "BREW /items", "", nil, is(501, 405)),
	one("HEAD /items/1", "200", "HEAD /items/1", "", nil, is(200), "Content-Type: application/json"),
	one("HEAD /items/999", "404", "HEAD /items/999", "", nil, is(404)),
	one("OPTIONS /items", "204, Allow, Accept-Post", "OPTIONS /items", "", nil, is(204), "Allow", "Accept-Post"),
	one("POST /items/", "308 or 404", "POST /items/", valid, nil, is(308, 404)),
}

// allowing returns a probe whose answer must name the methods of the collection.
func allowing(line string) probe {
	p := one(line, "405, Allow", line, "", nil, is(405), "Allow")
	codes := p
	p.check = func(a answer) string {
		if wrong := codes.wrong(a); wrong != "" {
			return wrong
		}
		for _, method := range []string{"GET", "POST"} {
			if !a.fields.HasToken("Allow", method) {
				return method + " not named"
			}
		}
		return ""
	}
	return p
}

var negotiation = []probe{
	one("GET Accept `text/plain`", "406 or 200", "GET /items", "", in("Accept: text/plain"), is(406, 200)),
	one("GET Accept `*/*`", "200", "GET /items", "", in("Accept: */*"), is(200)),
	one("GET Accept `application/*`", "200", "GET /items", "", in("Accept: application/*"), is(200)),
	one("GET without Accept", "200", "GET /items", "", nil, is(200)),
}

var preconditions = []probe{
	needing(conditions, one("GET If-None-Match hit", "304, ETag", "GET /items/1", "", in(`If-None-Match: "1"`), is(304), "ETag")),
	needing(conditions, one("GET If-None-Match `W/`", "304, ETag", "GET /items/1", "", in(`If-None-Match: W/"1"`), is(304), "ETag")),
	needing(conditions, one("GET If-None-Match in a list", "304, ETag", "GET /items/1", "", in(`If-None-Match: "0", "1"`), is(304), "ETag")),
	needing(conditions, one("GET If-Match miss", "412", "GET /items/1", "", in(`If-Match: "0"`), is(412))),
	needing(conditions, one("GET If-None-Match miss, not modified since", "200", "GET /items/1", "",
		in(`If-None-Match: "0"`, "If-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT"), is(200))),
	needing(conditions, one("PUT If-Match stale", "412", "PUT /items/1", valid, in(`If-Match: "0"`), is(412))),
	needing(conditions, one("PUT without a precondition", "428 (demanded)", "PUT /items/1", valid, nil, is(428))),
	needing(conditions, one("PUT If-None-Match `*`", "412", "PUT /items/1", valid, in("If-None-Match: *"), is(412))),
	one("DELETE", "204, no length", "DELETE /items/1", "", nil, is(204), "-Content-Length"),
	{name: "DELETE again", wanted: "404", method: "DELETE", codes: is(404), steps: []step{
		{raw: raw("DELETE /items/1", "")}, {raw: raw("DELETE /items/1", "")},
	}},
	one("GET /file Range 0-3", "206", "GET /file", "", in("Range: bytes=0-3"), is(206), "Content-Range: bytes 0-3/20"),
	one("GET /file Range 100-", "416", "GET /file", "", in("Range: bytes=100-"), is(416), "Content-Range: bytes */20"),
	one("GET /file `items=0-3`", "200", "GET /file", "", in("Range: items=0-3"), is(200)),
	one("GET /file `bytes=-0`", "416", "GET /file", "", in("Range: bytes=-0"), is(416)),
}

var access = []probe{
	one("GET /private", "401, challenge", "GET /private", "", nil, is(401), `WWW-Authenticate: Bearer realm="items"`),
	one("the same, malformed", "401 or 400, challenge", "GET /private", "", in("Authorization: Bearer a b"), is(401, 400), "WWW-Authenticate"),
	one("the same, expired", "401, `invalid_token`", "GET /private", "", in("Authorization: Bearer old"), is(401),
		`WWW-Authenticate: Bearer realm="items", error="invalid_token"`),
	one("the same, lacking scope", "403, `insufficient_scope`", "GET /private", "", in("Authorization: Bearer narrow"), is(403),
		`WWW-Authenticate: Bearer realm="items", error="insufficient_scope", scope="items"`),
	needing(quotas, probe{
		name: "GET /limited, third time", wanted: "429, Retry-After, RateLimit", method: "GET", codes: is(429),
		fields: []string{"Retry-After: 2", "RateLimit", "RateLimit-Policy"},
		steps:  []step{{raw: raw("GET /limited", "")}, {raw: raw("GET /limited", "")}, {raw: raw("GET /limited", "")}},
	}),
}

var failing = []probe{
	one("panic", "500", "GET /err/panic", "", nil, is(500)),
	{
		name: "panic after the first byte", wanted: "broken off", method: "GET", steps: []step{{raw: raw("GET /err/panic-late", "")}},
		check: func(a answer) string {
			if a.code == 200 && !a.broken {
				return "whole"
			}
			return ""
		},
	},
	one("plain error", "500", "GET /err/plain", "", nil, is(500)),
	one("sql.ErrNoRows, mapped", "404", "GET /err/norows", "", nil, is(404)),
	needing(unmapped, one("the same, unmapped", "500", "GET /err/norows", "", nil, is(500))),
	one("deadline of its own", "504 or 503", "GET /err/deadline", "", nil, is(504, 503)),
	one("upstream refuses", "502", "GET /err/refused", "", nil, is(502)),
	one("upstream too slow", "504", "GET /err/slow", "", nil, is(504)),
	one("pool exhausted", "503, Retry-After", "GET /err/pool", "", nil, is(503), "Retry-After"),
	one("breaker open", "503, Retry-After", "GET /err/breaker", "", nil, is(503), "Retry-After"),
	needing(logs, probe{
		name: "client gone", wanted: "nothing, 499 in the log", method: "GET", steps: []step{{raw: raw("GET /err/canceled", ""), how: gone}},
		check: func(a answer) string {
			if !strings.Contains(a.log, "499") {
				return "no 499 in the log"
			}
			return ""
		},
	}),
	one("`*http.MaxBytesError`", "413", "POST /err/maxbytes", valid, nil, is(413)),
	needing(maintenance, one("any, in maintenance", "503, Retry-After, no-store", "GET /items", "", nil, is(503), "Retry-After", "Cache-Control: no-store")),
	needing(maintenance, one("health, in maintenance", "200", "GET /health", "", nil, is(200))),
	needing(idempotency, orders("Idempotency-Key again", "201, the same", is(201), "/orders/1", order("saw", "k"), order("saw", "k"))),
	needing(idempotency, orders("the key with other content", "422", is(422), "", order("saw", "k"), order("axe", "k"))),
	needing(idempotency, orders("the key still running", "409", is(409), "", slow, order("slow", "k"))),
	needing(idempotency, orders("the key missing", "400", is(400), "", step{raw: raw("POST /orders", valid)})),
}

// order returns a request with an Idempotency-Key.
func order(name, key string) step {
	return step{raw: raw("POST /orders", `{"name":"`+name+`","qty":2}`, `Idempotency-Key: "`+key+`"`)}
}

// slow is an order that is not done while the probe lasts.
var slow = step{raw: order("slow", "k").raw, how: running}

func orders(name, wanted string, codes []int, location string, steps ...step) probe {
	p := probe{name: name, wanted: wanted, method: "POST", codes: codes, steps: steps}
	if location != "" {
		p.fields = []string{"Location: " + location}
	}
	return p
}
