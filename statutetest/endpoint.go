package statutetest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/report"
)

// Endpoint is a line of a table of tests: a request that succeeds, and up to four
// that are each wrong in one thing. An empty field leaves its case out.
type Endpoint struct {
	Operation string   // method and target of what there is: "POST /orders", "GET /orders/1?full=1"
	Success   string   // content, JSON unless Fields say else; "" if the request has none
	Want      int      // the code of the success; 0 means any 2xx
	Fields    []string // header fields of all requests: "If-Match: *", "Content-Type: image/png"

	MissingField string // a JSON pointer (RFC 6901) to the member that Success must not lack
	Invalid      string // content with a value that is not allowed, or a target with one: "/orders?limit=x"
	As           string // the credential of who may do it: "Bearer t", "X-API-Key: k"; "" if anybody may
	Lacking      string // a credential that is right and lacks the right
}

// Test sends the requests of the endpoint, the success last, and fails the test
// where an answer is not what its case demands: 401 without credentials, 403
// (or 404, to hide what there is) with credentials that lack the right, 400 or
// 422 without a field or with an invalid value (404, too, if that is in the
// path). All answers are judged as [Judge] does.
func (e Endpoint) Test(t *testing.T, h http.Handler, options ...Option) {
	t.Helper()
	t.Run(e.Operation, func(t *testing.T) {
		t.Helper()
		e.test(t, h, options)
	})
}

// attempt is one request of an endpoint.
type attempt struct {
	name            string
	target, content string
	credential      string
	statute.Case
}

// attempts returns the requests of the endpoint.
func (e Endpoint) attempts() ([]attempt, error) {
	_, target, ok := strings.Cut(e.Operation, " ")
	if !ok || !strings.HasPrefix(target, "/") {
		return nil, fmt.Errorf("the operation %q is not a method and a target, like POST /orders", e.Operation)
	}
	for _, line := range e.Fields {
		if name, _, ok := strings.Cut(line, ":"); !ok || name == "" {
			return nil, fmt.Errorf("the field %q is not a name and a value, like If-Match: *", line)
		}
	}
	var all []attempt
	add := func(name string, cause statute.Cause, in string, change func(*attempt)) {
		a := attempt{name, target, e.Success, e.As, statute.Case{Cause: cause, In: in, Principal: statute.Full}}
		if change != nil {
			change(&a)
		}
		all = append(all, a)
	}
	if e.As != "" {
		add("unauthenticated", statute.NoCredentials, "", func(a *attempt) { a.credential, a.Principal = "", statute.Nobody })
	}
	if e.Lacking != "" {
		add("unauthorised", statute.Permitted, "", func(a *attempt) { a.credential, a.Principal = e.Lacking, statute.Low })
	}
	if e.MissingField != "" {
		lacking, err := without(e.Success, e.MissingField)
		if err != nil {
			return nil, err
		}
		add("missing field", statute.MissingField, "body", func(a *attempt) { a.content, a.Detail = lacking, e.MissingField })
	}
	switch path, _, query := strings.Cut(e.Invalid, "?"); {
	case e.Invalid == "":
	case !strings.HasPrefix(path, "/"):
		add("invalid value", statute.OutOfRange, "body", func(a *attempt) { a.content = e.Invalid })
	case query:
		add("invalid value", statute.OutOfRange, "query", func(a *attempt) { a.target = e.Invalid })
	default:
		add("invalid value", statute.IllFormedID, "path", func(a *attempt) { a.target = e.Invalid })
	}
	add("success", statute.Valid, "", nil)
	return all, nil
}

func (e Endpoint) test(t testing.TB, h http.Handler, options []Option) {
	t.Helper()
	attempts, err := e.attempts()
	if err != nil {
		t.Fatalf("statutetest: %v", err)
	}
	s := apply(t, options)
	for _, secret := range []string{e.As, e.Lacking} {
		_, value := credential(secret)
		s.redactor.Learn(value)
	}
	exchanges, err := e.send(t, h, attempts)
	if err != nil {
		t.Fatalf("statutetest: %v", err)
	}
	last := len(attempts) - 1
	success := exchanges[last]
	for i, x := range exchanges {
		x.Case = &attempts[i].Case
		if i != last && success.Response.Class() == 2 {
			x.Case.Control = success
		}
	}
	judge := s.judge()
	judge.See(success) // first, for the others are compared with it
	for _, x := range exchanges[:last] {
		judge.See(x)
	}
	for i, x := range exchanges {
		if want := e.want(x); want != "" {
			t.Errorf("%s: answered %s, want %s", attempts[i].name, s.answer(x), want)
		}
	}
	s.fail(t, judge)
}

// want returns the codes that an answer should have had, "" if it has one.
func (e Endpoint) want(x *statute.Exchange) string {
	code, right := x.Response.Status, x.Case.Cause.Right()
	switch {
	case x.Case.Cause == statute.Permitted:
		right = []int{http.StatusForbidden, http.StatusNotFound}
	case x.Case.Cause == statute.Valid && e.Want == 0:
		if x.Response.Class() == 2 {
			return ""
		}
		return "2xx"
	case x.Case.Cause == statute.Valid:
		right = []int{e.Want}
	}
	if slices.Contains(right, code) {
		return ""
	}
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(right), " ", " or "), "[]")
}

// maxShown is how many bytes of an answer's content are shown.
const maxShown = 200

// answer returns an answer in a line.
func (s *settings) answer(x *statute.Exchange) string {
	if x.Response.Status == 0 {
		return "nothing: " + x.Error
	}
	line := fmt.Sprintf("%d %s", x.Response.Status, x.Response.Reason)
	if content := s.redactor.Exchange(x).Response.Body.Bytes; len(content) > 0 {
		line += ": " + strings.TrimSpace(string(content[:min(len(content), maxShown)]))
	}
	return report.Escape(line)
}

// send sends the requests, each over a connection of its own, and returns what
// went over the wire.
func (e Endpoint) send(t testing.TB, h http.Handler, attempts []attempt) ([]*statute.Exchange, error) {
	t.Helper()
	n, server := serve(t, h)
	defer server.Close()
	transport := server.Client().Transport.(*http.Transport)
	transport.DisableKeepAlives = true
	method, _, _ := strings.Cut(e.Operation, " ")
	for _, a := range attempts {
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+a.target, strings.NewReader(a.content))
		if err != nil {
			return nil, fmt.Errorf("making the request for %s: %w", a.name, err)
		}
		if e.Success != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		for _, line := range e.Fields {
			name, value, _ := strings.Cut(line, ":")
			r.Header.Set(name, strings.TrimSpace(value))
		}
		if a.credential != "" {
			r.Header.Set(credential(a.credential))
		}
		response, err := transport.RoundTrip(r)
		if err != nil {
			continue // the record says what came
		}
		_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, maxRecord))
		response.Body.Close()
	}
	server.Close()
	exchanges, _ := n.exchanges()
	if len(exchanges) != len(attempts) {
		return nil, fmt.Errorf("%d requests were sent, and %d are recorded", len(attempts), len(exchanges))
	}
	return exchanges, nil
}

// without returns JSON without the member that a pointer names.
func without(content, pointer string) (string, error) {
	var whole any
	if err := json.Unmarshal([]byte(content), &whole); err != nil {
		return "", fmt.Errorf("reading the content of the success: %w", err)
	}
	at, names := whole, strings.Split(pointer, "/")[1:]
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for i, name := range names {
		object, ok := at.(map[string]any)
		name = unescape.Replace(name)
		if _, there := object[name]; !ok || !there {
			break
		}
		if i == len(names)-1 {
			delete(object, name)
			lacking, err := json.Marshal(whole)
			return string(lacking), err
		}
		at = object[name]
	}
	return "", fmt.Errorf("the content of the success has no member %s", pointer)
}
