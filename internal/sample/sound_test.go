package sample

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// listen serves an edition until the test ends.
func listen(t *testing.T, edition http.Handler) *Server {
	t.Helper()
	s, err := Listen(edition, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// raw returns a request as it goes over the wire. What the lines do not say
// is added: the version, Host, the credentials, and for content its type and
// length. A field "-Name" leaves that one out.
func raw(line, content string, fields ...string) string {
	method, _, _ := strings.Cut(line, " ")
	all := []string{"Host: shop.example", "Authorization: Bearer " + Token}
	if content != "" {
		mediaType := "application/json"
		if method == "PATCH" {
			mediaType = mergePatch
		}
		all = append(all, "Content-Type: "+mediaType, fmt.Sprintf("Content-Length: %d", len(content)))
	}
	for _, field := range fields {
		name, _, _ := strings.Cut(strings.TrimPrefix(field, "-"), ":")
		all = slices.DeleteFunc(all, func(other string) bool { return strings.HasPrefix(other, name+":") })
		if !strings.HasPrefix(field, "-") {
			all = append(all, field)
		}
	}
	return line + " HTTP/1.1\r\n" + strings.Join(all, "\r\n") + "\r\n\r\n" + content
}

// send sends a request over a connection of its own, ends sending, and returns
// the final response; its body holds whatever came until the server closed.
func send(t *testing.T, s *Server, request string) *statute.Response {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	method, _, _ := strings.Cut(request, " ")
	for {
		response, err := statute.ReadResponse(r, method, 1<<20)
		if err != nil {
			t.Fatalf("%.80q: %v", request, err)
		}
		if response.Class() == 1 {
			continue
		}
		rest, err := io.ReadAll(r)
		if err != nil && !errors.Is(err, net.ErrClosed) {
			t.Fatalf("%.80q: after the response: %v", request, err)
		}
		response.Body.Bytes = append(response.Body.Bytes, rest...)
		return response
	}
}

// wanted is what an answer must be like.
type wanted struct {
	status int
	fields []string // "Name: value"; "-Name": there is none
	body   string   // a part of it; "-": there is none
}

// differs says in what a response is not as wanted; "" if in nothing.
func (w wanted) differs(got *statute.Response) string {
	if got.Status != w.status {
		return fmt.Sprintf("got %d %s, want %d", got.Status, got.Body.Bytes, w.status)
	}
	for _, field := range w.fields {
		name, want, _ := strings.Cut(field, ": ")
		name, absent := strings.CutPrefix(name, "-")
		if value, present := got.Fields.Lookup(name); present == absent || value != want {
			return fmt.Sprintf("got %s %q, want %s", name, value, field)
		}
	}
	body := string(got.Body.Bytes)
	if w.body == "-" && body != "" || w.body != "-" && !strings.Contains(body, w.body) {
		return fmt.Sprintf("got content %s, want %s", body, w.body)
	}
	return ""
}

// TestSound holds the flawed edition, without its flaws, to its answers. Each row
// meets a fresh store, prepared by the requests of before.
func TestSound(t *testing.T) {
	const (
		saw      = `{"customer_id":1,"note":"a saw"}`
		tooLarge = `{"customer_id":1,"note":"` + "%s" + `"}`
	)
	etag := send(t, listen(t, newShop()), raw("GET /orders/1", "")).Fields.Get("ETag")
	list := send(t, listen(t, newShop()), raw("GET /customers", "")).Fields.Get("ETag")
	shelf := send(t, listen(t, newShop()), raw("GET /catalogue", "")).Fields.Get("ETag")
	large := strings.Repeat("x", 10<<20)
	size := len(catalogue)

	tests := []struct {
		name    string
		before  string
		request string
		wanted
	}{
		{"create", "", raw("POST /orders", saw), wanted{201, []string{"Location: /orders/3"}, `{"id":3,"customer_id":1,"status":"open","note":"a saw"}`}},
		{"create, id given", "", raw("POST /orders", `{"id":"x","customer_id":1}`), wanted{201, []string{"Location: /orders/3"}, `"id":3`}},
		{"create, vendor type", "", raw("POST /orders", saw, "Content-Type: application/vnd.shop+json; charset=utf-8"), wanted{201, nil, ""}},
		{"read created", raw("POST /orders", saw), raw("GET /orders/3", ""), wanted{200, nil, `"id":3`}},
		{"escaped location", "", raw("POST /orders/2/items", `{"sku":"a/b c","quantity":1,"price_cents":5}`), wanted{201, []string{"Location: /orders/2/items/a%2Fb%20c"}, ""}},
		{"read by it", raw("POST /orders/2/items", `{"sku":"a/b c","quantity":1,"price_cents":5}`), raw("GET /orders/2/items/a%2Fb%20c", ""), wanted{200, nil, `"sku":"a/b c"`}},

		{"trailing comma", "", raw("POST /orders", `{"customer_id":1,}`), wanted{400, nil, "byte 16"}},
		{"truncated", "", raw("POST /orders", `{"customer_id":`), wanted{400, nil, ""}},
		{"no content", "", raw("POST /orders", ""), wanted{400, nil, "missing"}},
		{"duplicate name", "", raw("POST /orders", `{"customer_id":1,"customer_id":1}`), wanted{400, nil, ""}},
		{"invalid UTF-8", "", raw("POST /orders", "{\"customer_id\":1,\"note\":\"\xff\"}"), wanted{400, nil, ""}},
		{"half a surrogate pair", "", raw("POST /orders", `{"customer_id":1,"note":"\ud800"}`), wanted{400, nil, ""}},
		{"data after the value", "", raw("POST /orders", saw+" {}"), wanted{400, nil, ""}},
		{"broken off", "", raw("POST /orders", saw, "Content-Length: 100"), wanted{400, nil, ""}},
		{"broken off: nothing stored", raw("POST /orders", saw, "Content-Length: 100"), raw("GET /orders/3", ""), wanted{404, nil, ""}},
		{"wrong type", "", raw("POST /orders", `{"customer_id":"x"}`), wanted{422, nil, `"pointer":"/customer_id"`}},
		{"no object", "", raw("POST /orders", `[]`), wanted{422, nil, ""}},
		{"missing field and wrong one", "", raw("POST /orders/1/items", `{"sku":"a","quantity":0}`), wanted{422, nil, `[{"pointer":"/quantity","detail":"must be an integer from 1 to 999"},{"pointer":"/price_cents","detail":"is required"}]`}},
		{"fraction", "", raw("POST /orders/1/items", `{"sku":"a","quantity":1.5,"price_cents":1}`), wanted{422, nil, `"/quantity"`}},
		{"unknown field", "", raw("POST /orders", `{"customer_id":1,"a/b":1}`), wanted{422, nil, `"pointer":"/a~1b"`}},
		{"unknown customer", "", raw("POST /orders", `{"customer_id":9}`), wanted{422, nil, `"/customer_id"`}},
		{"not in the enum", "", raw("POST /orders", `{"customer_id":1,"status":"lost"}`), wanted{422, nil, `"/status"`}},
		{"no e-mail address", "", raw("POST /customers", `{"name":"A","email":"a"}`), wanted{422, nil, `"/email"`}},
		{"duplicate", "", raw("POST /customers", `{"name":"A","email":"ada@shop.example"}`), wanted{409, nil, ""}},
		{"duplicate by PUT", "", raw("PUT /customers/2", `{"name":"A","email":"ada@shop.example"}`), wanted{409, nil, ""}},
		{"PUT with the same address", "", raw("PUT /customers/1", `{"name":"A","email":"ada@shop.example"}`), wanted{200, nil, `"name":"A"`}},
		{"duplicate item", "", raw("POST /orders/1/items", `{"sku":"saw-100","quantity":1,"price_cents":1}`), wanted{409, nil, ""}},

		{"plain text", "", raw("POST /orders", saw, "Content-Type: text/plain"), wanted{415, []string{"Accept: application/json", "Accept-Post: application/json"}, ""}},
		{"no type", "", raw("POST /orders", saw, "-Content-Type"), wanted{415, nil, ""}},
		{"compressed", "", raw("POST /orders", saw, "Content-Encoding: gzip"), wanted{415, []string{"Accept-Encoding: identity"}, ""}},
		{"patch of another type", "", raw("PATCH /orders/1", `{}`, "Content-Type: application/json"), wanted{415, []string{"Accept-Patch: application/merge-patch+json"}, ""}},
		{"too large", "", raw("POST /orders", fmt.Sprintf(tooLarge, large)), wanted{413, nil, ""}},
		{"too large, chunked", "", raw("POST /orders", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(large), large), "-Content-Length", "Transfer-Encoding: chunked"), wanted{413, nil, ""}},
		{"too large, leave asked", "", raw("POST /orders", "", "Content-Type: application/json", "Content-Length: 2000000", "Expect: 100-continue"), wanted{413, nil, ""}},
		{"long target", "", raw("GET /orders?x="+large[:20_000], ""), wanted{414, nil, ""}},
		{"large fields", "", raw("GET /orders", "", "X-Large: "+large[:100_000]), wanted{431, nil, ""}},
		{"leave asked", "", raw("POST /orders", saw, "Expect: 100-continue"), wanted{201, nil, ""}},
		{"leave asked without credentials", "", raw("POST /orders", "", "Content-Type: application/json", "Content-Length: 20", "Expect: 100-continue", "-Authorization"), wanted{401, nil, ""}},

		{"unknown id", "", raw("GET /orders/999", ""), wanted{404, []string{"-ETag", "Cache-Control: no-store"}, `{"title":"Not Found","status":404,"detail":"there is no such order"}`}},
		{"ill-formed id", "", raw("GET /orders/abc", ""), wanted{404, nil, ""}},
		{"another form of an id", "", raw("GET /orders/01", ""), wanted{404, nil, ""}},
		{"unknown path", "", raw("GET /nope", "", "-Authorization"), wanted{404, nil, ""}},
		{"slash at the end", "", raw("POST /orders/", saw), wanted{404, nil, ""}},
		{"double slash", "", raw("GET //orders", ""), wanted{404, nil, ""}},
		{"broken escape in the query", "", raw("GET /orders?limit=%zz", ""), wanted{400, nil, ""}},
		{"limit is no number", "", raw("GET /orders?limit=abc", ""), wanted{422, nil, `"parameter":"limit"`}},
		{"limit out of range", "", raw("GET /orders?limit=101", ""), wanted{422, nil, ""}},
		{"limit empty", "", raw("GET /orders?limit=", ""), wanted{422, nil, ""}},
		{"status not in the enum", "", raw("GET /orders?status=lost", ""), wanted{422, nil, `"parameter":"status"`}},
		{"limit", "", raw("GET /orders?limit=1", ""), wanted{200, nil, `[{"id":1,"customer_id":1,"status":"paid"}]`}},
		{"status", "", raw("GET /orders?status=open", ""), wanted{200, nil, `[{"id":2,`}},

		{"method of another resource", "", raw("PATCH /orders", "{}"), wanted{405, []string{"Allow: GET, HEAD, OPTIONS, POST"}, `"status":405`}},
		{"HEAD without GET", "", raw("HEAD /orders/1/cancel", ""), wanted{405, []string{"Allow: OPTIONS, POST"}, "-"}},
		{"TRACE", "", raw("TRACE /orders", ""), wanted{405, nil, ""}},
		{"unknown method", "", raw("BREW /orders", ""), wanted{501, nil, `"status":501`}},
		{"OPTIONS", "", raw("OPTIONS /orders/1", "", "-Authorization"), wanted{204, []string{"Allow: GET, HEAD, OPTIONS, PUT, PATCH, DELETE", "Accept-Patch: application/merge-patch+json", "-Content-Length"}, "-"}},
		{"HEAD", "", raw("HEAD /orders/1", ""), wanted{200, []string{"ETag: " + etag, "Content-Length: 40", "Content-Type: application/json", "Cache-Control: no-cache"}, "-"}},
		{"HEAD, unknown id", "", raw("HEAD /orders/999", ""), wanted{404, nil, "-"}},
		{"any Accept", "", raw("GET /orders/1", "", "Accept: application/*"), wanted{200, nil, ""}},

		{"no credentials", "", raw("GET /orders/999", "", "-Authorization"), wanted{401, []string{`WWW-Authenticate: Bearer realm="shop"`}, `"status":401`}},
		{"another scheme", "", raw("GET /orders", "", "Authorization: Basic eDp5"), wanted{401, []string{`WWW-Authenticate: Bearer realm="shop"`}, ""}},
		{"false token", "", raw("GET /orders", "", "Authorization: bearer nope"), wanted{401, []string{`WWW-Authenticate: Bearer realm="shop", error="invalid_token"`}, ""}},
		{"no credentials, malformed content", "", raw("POST /orders", "{", "-Authorization"), wanted{401, nil, ""}},
		{"no credentials needed", "", raw("GET /health", "", "-Authorization"), wanted{200, nil, `{"status":"up"}`}},

		{"If-None-Match", "", raw("GET /orders/1", "", "If-None-Match: "+etag), wanted{304, []string{"ETag: " + etag, "Cache-Control: no-cache", "-Content-Length", "-Content-Type"}, "-"}},
		{"If-None-Match, weak, in a list", "", raw("GET /orders/1", "", `If-None-Match: "a", W/`+etag), wanted{304, nil, "-"}},
		{"If-None-Match, HEAD", "", raw("HEAD /orders/1", "", "If-None-Match: *"), wanted{304, nil, "-"}},
		{"If-None-Match false, date true", "", raw("GET /catalogue", "", `If-None-Match: "a"`, "If-Modified-Since: Mon, 02 Mar 2026 09:30:00 GMT"), wanted{200, nil, ""}},
		{"If-Modified-Since", "", raw("GET /catalogue", "", "If-Modified-Since: Mon, 02 Mar 2026 09:30:00 GMT"), wanted{304, []string{"ETag: " + shelf, "Cache-Control: public, max-age=3600"}, "-"}},
		{"If-Unmodified-Since", "", raw("GET /catalogue", "", "If-Unmodified-Since: Sun, 01 Mar 2026 09:30:00 GMT"), wanted{412, nil, ""}},
		{"If-Match false on GET", "", raw("GET /orders/1", "", `If-Match: "a"`), wanted{412, nil, ""}},
		{"If-Match", "", raw("PUT /orders/1", saw, "If-Match: "+etag), wanted{200, []string{"-ETag"}, `"note":"a saw"`}},
		{"If-Match weak", "", raw("PUT /orders/1", saw, "If-Match: W/"+etag), wanted{412, nil, ""}},
		{"If-Match false", "", raw("PUT /orders/1", saw, `If-Match: "a"`), wanted{412, nil, ""}},
		{"If-Match false: nothing written", raw("PUT /orders/1", saw, `If-Match: "a"`), raw("GET /orders/1", "", "If-Match: "+etag), wanted{200, nil, ""}},
		{"If-Match of the list on POST", "", raw("POST /customers", `{"name":"A","email":"a@b.example"}`, "If-Match: "+list), wanted{201, nil, ""}},
		{"If-Match where there is no GET", "", raw("POST /orders/1/cancel", "", "If-Match: *"), wanted{412, nil, ""}},
		{"If-Match false after what is wrong anyway", "", raw("PUT /orders/1", "{", `If-Match: "a"`), wanted{400, nil, ""}},
		{"If-None-Match * on PUT", "", raw("PUT /orders/1", saw, "If-None-Match: *"), wanted{412, nil, ""}},

		{"PUT replaces", "", raw("PUT /orders/2", `{"customer_id":1}`), wanted{200, nil, `{"id":2,"customer_id":1,"status":"open"}`}},
		{"PUT, unknown id", "", raw("PUT /orders/9", saw), wanted{404, nil, ""}},
		{"PATCH", "", raw("PATCH /orders/2", `{"note":null,"status":"paid"}`), wanted{200, nil, `{"id":2,"customer_id":2,"status":"paid"}`}},
		{"PATCH, required field removed", "", raw("PATCH /orders/2", `{"customer_id":null}`), wanted{422, nil, `"/customer_id"`}},
		{"cancel", "", raw("POST /orders/1/cancel", ""), wanted{202, []string{"Location: /orders/1"}, `"status":"cancelled"`}},
		{"cancel what is shipped", raw("PATCH /orders/1", `{"status":"shipped"}`), raw("POST /orders/1/cancel", ""), wanted{409, nil, ""}},
		{"DELETE", "", raw("DELETE /orders/1", ""), wanted{204, []string{"-Content-Length", "-Content-Type"}, "-"}},
		{"DELETE again", raw("DELETE /orders/1", ""), raw("DELETE /orders/1", ""), wanted{404, nil, ""}},
		{"read deleted item", raw("DELETE /orders/1/items/saw-100", ""), raw("GET /orders/1/items/saw-100", ""), wanted{404, nil, ""}},
		{"report", "", raw("GET /report", ""), wanted{200, nil, `{"orders":2,"revenue_cents":4937}`}},

		{"range", "", raw("GET /catalogue", "", "Range: bytes=0-3"), wanted{206, []string{fmt.Sprintf("Content-Range: bytes 0-3/%d", size), "Content-Length: 4", "ETag: " + shelf, "Cache-Control: public, max-age=3600"}, catalogue[:4]}},
		{"range, clipped", "", raw("GET /catalogue", "", "Range: bytes=2-99999999999999999999"), wanted{206, []string{fmt.Sprintf("Content-Range: bytes 2-%d/%d", size-1, size)}, catalogue[2:]}},
		{"range to the end", "", raw("GET /catalogue", "", "Range: bytes=9-"), wanted{206, nil, catalogue[9:]}},
		{"range from the end", "", raw("GET /catalogue", "", "Range: bytes=-5"), wanted{206, nil, catalogue[size-5:]}},
		{"range beyond the end", "", raw("GET /catalogue", "", "Range: bytes=100000-"), wanted{416, []string{fmt.Sprintf("Content-Range: bytes */%d", size)}, `"status":416`}},
		{"range of nothing", "", raw("GET /catalogue", "", "Range: bytes=-0"), wanted{416, nil, ""}},
		{"range backwards", "", raw("GET /catalogue", "", "Range: bytes=9-2"), wanted{200, nil, catalogue}},
		{"range of another unit", "", raw("GET /catalogue", "", "Range: items=0-3"), wanted{200, nil, catalogue}},
		{"several ranges", "", raw("GET /catalogue", "", "Range: bytes=0-1,4-5"), wanted{200, nil, catalogue}},
		{"range on HEAD", "", raw("HEAD /catalogue", "", "Range: bytes=0-3"), wanted{200, nil, "-"}},
		{"If-Range", "", raw("GET /catalogue", "", "Range: bytes=0-3", "If-Range: "+shelf), wanted{206, nil, ""}},
		{"If-Range false", "", raw("GET /catalogue", "", "Range: bytes=0-3", `If-Range: "a"`), wanted{200, nil, catalogue}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := listen(t, newShop())
			if test.before != "" {
				send(t, s, test.before)
			}
			got := send(t, s, test.request)
			if wrong := test.differs(got); wrong != "" {
				t.Error(wrong)
			}
			if _, err := http.ParseTime(got.Fields.Get("Date")); err != nil {
				t.Errorf("Date: %v", err)
			}
			if got.Status >= 400 && got.MediaType() != "application/problem+json" {
				t.Errorf("got an error of type %s", got.MediaType())
			}
		})
	}
}

// TestFalseIfMatch holds every operation that writes to write nothing on a
// false If-Match.
func TestFalseIfMatch(t *testing.T) {
	const (
		customer = `{"name":"A","email":"a@b.example"}`
		order    = `{"customer_id":1}`
	)
	for line, content := range map[string]string{
		"POST /customers":                 customer,
		"PUT /customers/1":                customer,
		"DELETE /customers/1":             "",
		"POST /orders":                    order,
		"PUT /orders/1":                   order,
		"PATCH /orders/1":                 order,
		"DELETE /orders/1":                "",
		"POST /orders/1/cancel":           "",
		"POST /orders/1/items":            `{"sku":"a","quantity":1,"price_cents":1}`,
		"DELETE /orders/1/items/nails-60": "",
	} {
		t.Run(line, func(t *testing.T) {
			s := listen(t, newShop())
			state := func() (state []string) {
				for _, path := range []string{"/customers", "/orders", "/orders/1/items"} {
					state = append(state, string(send(t, s, raw("GET "+path, "")).Body.Bytes))
				}
				return state
			}
			before := state()
			if wrong := (wanted{412, nil, `"status":412`}).differs(send(t, s, raw(line, content, `If-Match: "a"`))); wrong != "" {
				t.Error(wrong)
			}
			if diff := cmp.Diff(before, state()); diff != "" {
				t.Errorf("it changed something (-before +after):\n%s", diff)
			}
			if got := send(t, s, raw(line, content)); got.Class() != 2 {
				t.Errorf("without If-Match: got %d %s", got.Status, got.Body.Bytes)
			}
		})
	}
}

// TestSoundSendsLeave holds 100 to be sent where it is due and nowhere else.
func TestSoundSendsLeave(t *testing.T) {
	tests := []struct {
		name, request string
		want          []int
	}{
		{"good", raw("POST /orders", `{"customer_id":1}`, "Expect: 100-continue"), []int{100, 201}},
		{"too large", raw("POST /orders", "", "Content-Length: 2000000", "Expect: 100-continue"), []int{413}},
		{"no credentials", raw("POST /orders", "", "Content-Length: 9", "Expect: 100-continue", "-Authorization"), []int{401}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			conn, err := net.Dial("tcp", strings.TrimPrefix(listen(t, newShop()).URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			head, content, _ := strings.Cut(test.request, "\r\n\r\n")
			if _, err := io.WriteString(conn, head+"\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			var got []int
			for r := bufio.NewReader(conn); ; {
				response, err := statute.ReadResponse(r, "POST", 1<<20)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, response.Status)
				if response.Status != 100 {
					break
				}
				if _, err := io.WriteString(conn, content); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestDescription holds the description to the resources: the same operations,
// the same security, and every error by name.
func TestDescription(t *testing.T) {
	d, err := openapi.Parse([]byte(description), "openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range d.Problems {
		t.Errorf("line %d: %s", p.Line, p.Message)
	}
	got, want := map[string]bool{}, map[string]bool{}
	paths := map[string]bool{"": true}
	for _, o := range d.Operations {
		got[o.String()] = o.Secured()
		paths[o.Path] = true
	}
	for _, res := range resources() {
		for method := range res.operations {
			if res.path != "/openapi.yaml" {
				want[method+" "+res.path] = !res.open
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("secured operations (-want +got):\n%s", diff)
	}
	for _, f := range Planted() {
		if !paths[f.Operation.Path] {
			t.Errorf("%s is planted on %s, which is not described", f.Rule, f.Operation.Path)
		}
	}
}
