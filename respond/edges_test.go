package respond_test

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/respond"
)

// TestEdges sends requests from the edges of the RFCs. Each finds the API with
// one item, a hammer of version 1.
func TestEdges(t *testing.T) {
	s := newItems(t)
	w := serve(t, s.routes(s.api(io.Discard)))
	for _, edge := range edges {
		t.Run(edge.name, func(t *testing.T) {
			s.reset()
			if diff := cmp.Diff(edge.want, brief(w.sendRaw(edge.request))); diff != "" {
				t.Errorf("got +, want -:\n%s", diff)
			}
		})
	}
}

// brief returns an answer in a line: its code, where it leads or what part it is,
// and what it says, of a failure the detail and the fields.
func brief(x *statute.Exchange) string {
	parts := []string{fmt.Sprint(x.Response.Status)}
	for _, name := range []string{"Location", "Content-Range", "Allow", "WWW-Authenticate"} {
		if value := x.Response.Fields.Get(name); value != "" {
			parts = append(parts, value)
		}
	}
	content := x.Response.Body.Bytes
	if x.Response.MediaType() != "application/problem+json" || len(content) == 0 {
		return strings.Join(append(parts, string(content)), " ")
	}
	var problem struct {
		Detail string
		Errors []respond.FieldError
	}
	if err := json.Unmarshal(content, &problem); err != nil {
		return err.Error()
	}
	parts = append(parts, problem.Detail)
	for _, f := range problem.Errors {
		parts = append(parts, f.Error())
	}
	return strings.Join(parts, " ")
}

const (
	hammer = `{"id":1,"name":"hammer","qty":1,"version":1}`
	made   = `201 /items/2 {"id":2,"name":"saw","qty":2,"version":1}`
	put    = `200 {"id":1,"name":"saw","qty":2,"version":2}`
	unmet  = "412 the resource is not in the state that the request demands"
	needed = "428 send If-Match with the ETag of the version that the change is based on"
	digits = "0123456789abcdefghij"
	noJSON = "415 the content must be of type application/json"
	coded  = "415 the content must not be encoded"
	noKey  = "400 send one Idempotency-Key of up to 255 characters"
	early  = "425 repeat the request when the TLS handshake is complete"
	noNum  = "400 some values of the query are not valid limit: must be an integer"
	day    = "Fri, 02 Jan 2026 03:04:05 GMT" // of the file's last change
)

// chunked returns a create whose content comes in chunks, as they are on the wire.
func chunked(chunks string) string {
	return raw("POST /items", "", "Content-Type: application/json", "Transfer-Encoding: chunked") + chunks
}

var edges = []struct{ name, request, want string }{
	// Preconditions (RFC 9110, 13).
	{"If-Match, weak", raw("PUT /items/1", valid, `If-Match: W/"1"`), unmet},
	{"If-Match, any", raw("PUT /items/1", valid, `If-Match: *`), put},
	{"If-Match, any of nothing", raw("PUT /items/99", valid, `If-Match: *`), "404 there is no such item"},
	{"If-Match, list", raw("PUT /items/1", valid, `If-Match: "7", "1"`), put},
	{"If-Match, two lines", raw("PUT /items/1", valid, "If-Match: \"7\"\r\nIf-Match: \"1\""), put},
	{"If-Match without quotes", raw("PUT /items/1", valid, `If-Match: 1`), unmet},
	{"If-Match, a comma in the tag", raw("PUT /items/1", valid, `If-Match: "a,1"`), unmet},
	{"If-None-Match of a PUT, weak in a list", raw("PUT /items/1", valid, `If-None-Match: "7", W/"1"`), needed},
	{"If-None-Match, any", raw("GET /items/1", "", `If-None-Match: *`), "304 "},
	{"If-None-Match, any of nothing", raw("GET /items/9", "", `If-None-Match: *`), "404 there is no such item"},
	{"If-None-Match of a HEAD", raw("HEAD /items/1", "", `If-None-Match: "1"`), "304 "},
	{"If-Modified-Since, RFC 850", raw("GET /file", "", "If-Modified-Since: Friday, 02-Jan-26 03:04:05 GMT"), "304 "},
	{"If-Modified-Since, asctime", raw("GET /file", "", "If-Modified-Since: Fri Jan  2 03:04:05 2026"), "304 "},
	{"If-Modified-Since, no date", raw("GET /file", "", "If-Modified-Since: yesterday"), "200 " + digits},
	{"If-Modified-Since, two lines", raw("GET /file", "", "If-Modified-Since: "+day+"\r\nIf-Modified-Since: "+day), "200 " + digits},
	{"If-Unmodified-Since before the change", raw("GET /file", "", "If-Unmodified-Since: Thu, 01 Jan 2026 03:04:05 GMT"), unmet},
	{"If-Unmodified-Since, no date", raw("GET /file", "", "If-Unmodified-Since: x"), "200 " + digits},

	// Ranges (RFC 9110, 14).
	{"range of a HEAD", raw("HEAD /file", "", "Range: bytes=0-3"), "200 "},
	{"range of a POST", raw("POST /items", valid, "Range: bytes=0-3"), made},
	{"the last bytes", raw("GET /file", "", "Range: bytes=-5"), "206 bytes 15-19/20 fghij"},
	{"more of the last bytes than there are", raw("GET /file", "", "Range: bytes=-500"), "206 bytes 0-19/20 " + digits},
	{"range without end", raw("GET /file", "", "Range: bytes=0-99999999999999999999"), "206 bytes 0-19/20 " + digits},
	{"range backwards", raw("GET /file", "", "Range: bytes=5-2"), "200 " + digits},
	{"range with signs", raw("GET /file", "", "Range: bytes=+1-3"), "200 " + digits},
	{"range with a space", raw("GET /file", "", "Range: bytes = 0-3"), "200 " + digits},
	{"one range of two is there", raw("GET /file", "", "Range: bytes=100-,0-3"), "206 bytes 0-3/20 0123"},
	{"many small ranges", raw("GET /file", "", "Range: bytes="+strings.Repeat("0-0,", 40)+"1-1"), "200 " + digits},
	{"If-Range, weak", raw("GET /file", "", "Range: bytes=0-3", `If-Range: W/"f1"`), "200 " + digits},
	{"If-Range", raw("GET /file", "", "Range: bytes=0-3", `If-Range: "f1"`), "206 bytes 0-3/20 0123"},
	{"If-Range, date", raw("GET /file", "", "Range: bytes=0-3", "If-Range: "+day), "206 bytes 0-3/20 0123"},
	{"If-Range, another date", raw("GET /file", "", "Range: bytes=0-3", "If-Range: Fri, 02 Jan 2026 03:04:06 GMT"), "200 " + digits},
	{"If-None-Match before a range", raw("GET /file", "", "Range: bytes=0-3", `If-None-Match: "f1"`), "304 "},

	// Content and its negotiation (RFC 9110, 8 and 12).
	{"accepts nothing at all", raw("GET /items/1", "", "Accept: */*;q=0"), "406 available: application/json"},
	{"accepts all but JSON", raw("GET /items/1", "", "Accept: */*, application/json;q=0"), "406 available: application/json"},
	{"empty Accept", raw("GET /items/1", "", "Accept:"), "200 " + hammer},
	{"Accept-Charset, which is past", raw("GET /items/1", "", "Accept-Charset: utf-16"), "200 " + hammer},
	{"two types", raw("POST /items", valid, "Content-Type: application/json\r\nContent-Type: text/plain"), "400 more than one Content-Type"},
	{"charset in quotes", raw("POST /items", valid, `Content-Type: application/json;charset="UTF-8"`), made},
	{"type with junk", raw("POST /items", valid, "Content-Type: application/json; ; ="), noJSON},
	{"form", raw("POST /items", "name=saw", "Content-Type: application/x-www-form-urlencoded"), noJSON},
	{"coded as itself", raw("POST /items", valid, "Content-Encoding: identity"), made},
	{"coded in the second line", raw("POST /items", valid, "Content-Encoding: identity\r\nContent-Encoding: gzip"), coded},
	{"coded in a way of nobody", raw("POST /items", valid, "Content-Encoding: x-own"), coded},
	{"content with GET", raw("GET /items/1", "{"), "200 " + hammer},
	{"content with DELETE", raw("DELETE /items/1", "{"), "204 "},

	// Targets and methods (RFC 9110, 7 and 9; RFC 9112, 3).
	{"GET of the server", raw("GET *", ""), "400 the target is not a path"},
	{"OPTIONS of the server", raw("OPTIONS *", ""), "200 "},
	{"TRACE", raw("TRACE /items", ""), "405 GET, HEAD, OPTIONS, POST "},
	{"method in lower case", raw("get /items", ""), "501 "},
	{"HEAD where there is no GET", raw("HEAD /orders", ""), "405 OPTIONS, POST "},
	{"absolute target", raw("GET http://api.example/items/1", ""), "200 " + hammer},
	{"dot segments", raw("GET /x/../items/1", ""), "308 /items/1 "},
	{"dot segments in code", raw("GET /x/%2e%2e/items/1", ""), "404 "},
	{"slash in code", raw("GET /items%2F1", ""), "404 "},
	{"digit in code", raw("GET /items/%31", ""), "200 " + hammer},
	{"NUL", raw("GET /items/%00", ""), "404 "},
	{"no UTF-8", raw("GET /items/%ff", ""), "404 "},
	{"number with a sign", raw("GET /items?limit=+1", ""), noNum}, // which is a space
	{"number with an underscore", raw("GET /items?limit=1_0", ""), noNum},
	{"empty number", raw("GET /items?limit=", ""), noNum},
	{"semicolon in the query", raw("GET /items?limit=1;limit=2", ""), "400 the query is not well-formed"},
	{"very many parameters", raw("GET /items?"+strings.Repeat("limit=1&", 20_000), ""), "400 the query has too many parameters"},
	{"method by a field", raw("POST /items/1", valid, "X-HTTP-Method-Override: DELETE"), "405 DELETE, GET, HEAD, OPTIONS, PUT "},
	{"protocol of nobody", raw("GET /items/1", "", "Connection: Upgrade", "Upgrade: foo"), "200 " + hammer},

	// Framing (RFC 9112, 6 and 7).
	{"chunks and a trailer", chunked("16\r\n" + valid + "\r\n0\r\nX-Sum: 1\r\n\r\n"), made},
	{"chunk without size", chunked("zz\r\n" + valid + "\r\n0\r\n\r\n"), "400 the content cannot be read"},
	{"chunk longer than its size", chunked("16\r\n" + valid + "XX"), "400 the content cannot be read"},
	{"HTTP/1.0", "GET /items/1 HTTP/1.0\r\n\r\n", "200 " + hammer},

	// Credentials, keys, early data (RFC 6750; RFC 8470).
	{"credentials twice", raw("GET /private", "", "Authorization: Bearer good", "Authorization: Bearer good"), `400 Bearer realm="items", error="invalid_request" more than one Authorization field`},
	{"scheme of others", raw("GET /private", "", "Authorization: Basic Z29vZA=="), `401 Bearer realm="items" a bearer token is needed`},
	{"scheme in lower case", raw("GET /private", "", "Authorization: bearer good"), `200 {"user":"jo"}`},
	{"scheme alone", raw("GET /private", "", "Authorization: Bearer"), `401 Bearer realm="items", error="invalid_token" the token is not valid, or no longer`},
	{"token in the query", raw("GET /private?access_token=good", ""), `401 Bearer realm="items" a bearer token is needed`},
	{"empty key", raw("POST /orders", valid, "Idempotency-Key:"), noKey},
	{"empty key in quotes", raw("POST /orders", valid, `Idempotency-Key: ""`), noKey},
	{"long key", raw("POST /orders", valid, "Idempotency-Key: "+strings.Repeat("k", 256)), noKey},
	{"two keys", raw("POST /orders", valid, "Idempotency-Key: a\r\nIdempotency-Key: b"), noKey},
	{"early GET", raw("GET /items/1", "", "Early-Data: 1"), "200 " + hammer},
	{"early data, invalid", raw("POST /items", valid, "Early-Data: 0"), early},
	{"early data, twice", raw("POST /items", valid, "Early-Data: 0\r\nEarly-Data: 1"), early},

	// JSON (RFC 8259).
	{"same name with an escape", raw("POST /items", `{"name":"a","n\u0061me":"b"}`), "400 the same name twice in a JSON object: see byte 12 /name: the same name twice in a JSON object"},
	{"without end of nesting", raw("POST /items", strings.Repeat("[", 20_000)), "400 the JSON is nested too deeply: see byte 10000"},
	{"UTF-16", raw("POST /items", "\xFF\xFE{\x00}\x00"), "400 the JSON is not UTF-8: see byte 0"},
	{"byte order mark", raw("POST /items", "\xEF\xBB\xBF"+valid), "400 malformed JSON: see byte 0"},
	{"NaN", raw("POST /items", `{"name":"a","qty":NaN}`), "400 malformed JSON: see byte 18 /qty: malformed JSON"},
	{"beyond all numbers", raw("POST /items", `{"name":"a","qty":1e400}`), "422 some values are not allowed /qty: must be an integer"},
	{"fraction", raw("POST /items", `{"name":"a","qty":1.5}`), "422 some values are not allowed /qty: must be an integer"},
	{"leading zero", raw("POST /items", `{"name":"a","qty":01}`), "400 malformed JSON: see byte 19"},
	{"half a surrogate", raw("POST /items", `{"name":"\ud800","qty":1}`), "400 malformed JSON: see byte 9 /name: malformed JSON"},
	{"comment", raw("POST /items", `{"name":"a",/**/"qty":1}`), "400 malformed JSON: see byte 12"},
	{"white space alone", raw("POST /items", " \n"), "400 the JSON breaks off: see byte 2"},
	{"text", raw("POST /items", `"x"`), "422 some values are not allowed : must be an object"},
	{"null member", raw("POST /items", `{"name":null,"qty":1}`), "422 some values are not allowed /name: is required"},
	{"line break after the value", raw("POST /items", valid+"\r\n"), made},
	{"two values", raw("POST /items", valid+"\n"+valid), "400 there is more after the JSON value: see byte 24"},
	{"long name", raw("POST /items", `{"`+strings.Repeat("n", 5000)+`":1}`), "422 some values are not allowed : is not known"},
}
