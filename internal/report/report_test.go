package report

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/redact"
)

// exchange returns an exchange with an answer of that status.
func exchange(entry int, method, target string, status int, reason, body string) *statute.Exchange {
	return &statute.Exchange{
		Source: statute.Source{Entry: entry},
		Seen:   statute.SeenAll,
		Request: statute.Request{
			Method: method, Scheme: "http", Authority: "127.0.0.1:8080", Target: target, Proto: "HTTP/1.1",
			Fields: statute.Fields{{Name: "Host", Value: "127.0.0.1:8080"}, {Name: "Accept", Value: "application/json"}},
		},
		Response: statute.Response{
			Status: status, Reason: reason, Proto: "HTTP/1.1",
			Fields: statute.Fields{{Name: "Server", Value: "x"}, {Name: "Content-Type", Value: "application/json"}},
			Body:   statute.Body{Bytes: []byte(body), Size: int64(len(body))},
		},
		Operation: statute.Operation{Method: method, Path: "/orders/{id}"},
	}
}

const page = `# An unknown id answered otherwise than 404

Text.

## Fix

Answer 404
when nothing is there.
`

// judged returns a run with one finding of a comparing rule and one of a rule
// that speaks once for the server.
func judged() *Run {
	wrong := &statute.Rule{
		ID: "wrong-code-for-unknown-id", Level: statute.Should, Needs: statute.SeenCause, Doc: page,
		Cite: []statute.Section{statute.RFC(9110, "15.5.5")},
	}
	wrong.Check = func(p *statute.Pass) {
		if p.Case.Cause == statute.UnknownID && !p.Case.Cause.IsRight(p.Response.Status) {
			p.Report(statute.Fault{Message: "unknown id answered 403", Expected: "404"})
		}
	}
	date := &statute.Rule{ID: "date-missing", Level: statute.Advice, Once: true, Cite: []statute.Section{statute.RFC(9110, "6.6.1")}}
	date.Check = func(p *statute.Pass) {
		if !p.Response.Fields.Has("Date") {
			p.Report(statute.Fault{Message: "answer without Date"})
		}
	}
	asked := &statute.Rule{ID: "range-wrong", Level: statute.Should, Needs: statute.SeenControl, Check: func(*statute.Pass) {}}

	control := exchange(3, "GET", "/orders/7", 200, "OK", `{"id":7}`)
	control.Case = &statute.Case{Cause: statute.Valid, Principal: statute.Full}
	shown := exchange(4, "GET", "/orders/999", 403, "Forbidden", "{\n  \"detail\": \"no\x1b[2Jsuch order\"\n}")
	shown.Case = &statute.Case{Cause: statute.UnknownID, In: "path", Detail: "id is 999", Control: control, Principal: statute.Full}
	shown.Declared = &statute.Declared{Responses: []string{"200", "403"}}

	judge := statute.NewJudge([]*statute.Rule{date, asked, wrong})
	judge.See(control)
	judge.See(shown)
	return &Run{
		Target: "http://127.0.0.1:8080", Verdict: judge.Verdict(), Requests: 2, Elapsed: 1234 * time.Millisecond,
		Operations: []statute.Outcome{
			{Operation: statute.Operation{Method: "GET", Path: "/orders/{id}"}, State: statute.Reached},
			{
				Operation: statute.Operation{Method: "POST", Path: "/orders"}, Why: "3 answers, none of success",
				Last: exchange(5, "POST", "/orders", 400, "Bad Request", `{"detail":"qty missing"}`),
			},
			{Operation: statute.Operation{Method: "POST", Path: "/reset"}, State: statute.Skipped, Why: "its name speaks of reset"},
			{Operation: statute.Operation{Method: "POST", Path: "/shutdown"}, State: statute.Skipped, Why: "its name speaks of shutdown"},
			{Operation: statute.Operation{Method: "GET", Path: "/reset/now"}, State: statute.Skipped, Why: "its name speaks of reset"},
		},
		Leftover: []string{"http://127.0.0.1:8080/orders/8"},
		Problems: []Problem{{12, "no type"}, {0, "no title"}},
		Notes:    []string{"The run was interrupted."},
		Redactor: &redact.Redactor{},
	}
}

func write(t *testing.T, format string, run *Run, colour bool) string {
	t.Helper()
	f, ok := ByName(format)
	if !ok {
		t.Fatalf("no format %q", format)
	}
	var b strings.Builder
	if err := f.Write(&b, run, Screen{Colour: colour}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestTextWidth sees that words are broken to the width of the screen, within
// bounds.
func TestTextWidth(t *testing.T) {
	run := judged()
	run.Notes = []string{strings.Repeat("words ", 40)}
	for _, tt := range []struct{ width, most int }{{0, 107}, {60, 60}, {10, 40}, {500, 107}} {
		var b strings.Builder
		if err := writeText(&b, newView(run), Screen{Width: tt.width}); err != nil {
			t.Fatal(err)
		}
		longest := 0
		for line := range strings.Lines(b.String()) {
			if strings.HasSuffix(line, "words\n") {
				longest = max(longest, len(line)-1)
			}
		}
		if longest > tt.most || longest < tt.most-6 {
			t.Errorf("width %d: a line of %d characters, want up to %d", tt.width, longest, tt.most)
		}
	}
}

func TestText(t *testing.T) {
	want := `http://127.0.0.1:8080  1 of 2 operations reached, 3 left out  2 requests  1.2 s  0 must  1 should  1 advice
        note     The run was interrupted.

should  unknown id answered 403 (documented so)  wrong-code-for-unknown-id
        on       GET /orders/{id}
        cause    unknown id: id is 999
        before   GET /orders/7: 200 OK (valid request)
        request  GET /orders/999
                 Accept: application/json
        answer   403 Forbidden
                 Content-Type: application/json
                 { "detail": "no\x1b[2Jsuch order" }
        section  RFC 9110, 15.5.5  https://www.rfc-editor.org/rfc/rfc9110#section-15.5.5
        fix      Answer 404 when nothing is there.
        again    curl -i http://127.0.0.1:8080/orders/999 -H 'Accept: application/json'

advice  answer without Date  in 2 answers  RFC 9110, 6.6.1  date-missing

1 operation not reached: the last answer
        POST /orders  400 Bad Request  {"detail":"qty missing"}  (3 answers, none of success)

3 operations left out
        its name speaks of reset: POST /reset, GET /reset/now
        its name speaks of shutdown: POST /shutdown

1 thing not known to be deleted
        http://127.0.0.1:8080/orders/8

2 problems in what was read
        line 12: no type
        no title
`
	if diff := cmp.Diff(want, write(t, "text", judged(), false)); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

// TestUnreached holds the order and the columns of a long list.
func TestUnreached(t *testing.T) {
	run := judged()
	run.Operations = []statute.Outcome{
		{Operation: statute.Operation{Method: "GET", Path: "/a"}, Last: exchange(1, "GET", "/a", 500, "", "")},
		{Operation: statute.Operation{Method: "GET", Path: "/a/long/one"}, Last: exchange(2, "GET", "/b", 404, "Not Found", ""), Why: "one answer"},
		{Operation: statute.Operation{Method: "GET", Path: "/b"}, Why: "no id known for b"},
		{Operation: statute.Operation{Method: "PUT", Path: "/a"}, Last: exchange(3, "PUT", "/a", 500, "", "oops")},
	}
	want := `4 operations not reached: the last answer
        no answer × 1, 404 × 1, 500 × 2
        GET /b           (no id known for b)
        GET /a/long/one  404 Not Found  (one answer)
        GET /a           500
        PUT /a           500  oops

`
	if text := write(t, "text", run, false); !strings.Contains(text, want) {
		t.Errorf("no list\n%s\nin:\n%s", want, text)
	}
}

func TestColour(t *testing.T) {
	text := write(t, "text", judged(), true)
	if !strings.Contains(text, "\x1b[1;33mshould  \x1b[0m") {
		t.Errorf("no colour for a level in:\n%q", text)
	}
	if strings.Contains(text, "\x1b[2J") {
		t.Errorf("an escape sequence of a body reaches the terminal:\n%q", text)
	}
}

func TestHealthy(t *testing.T) {
	run := &Run{
		Target: "http://[::1]:80", Verdict: &statute.Verdict{Exchanges: 9}, Requests: 9, Elapsed: time.Second,
		Operations: []statute.Outcome{{State: statute.Reached}},
	}
	want := "http://[::1]:80  1 of 1 operation reached  9 requests  1.0 s  0 must  0 should  0 advice\n"
	if got := write(t, "text", run, false); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var out struct {
		Findings, LeftOut []any
	}
	text := write(t, "json", run, false)
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{`"findings": []`, `"left_out": []`} {
		if !strings.Contains(text, list) {
			t.Errorf("no %s in:\n%s", list, text)
		}
	}
}

func TestJSON(t *testing.T) {
	run := judged()
	run.Verdict.Findings[0].Evidence[0].Response.Body.Bytes = []byte{0xff, 0}
	var got struct {
		Statute string
		Target  string
		Summary map[string]float64
		LeftOut []struct {
			Rule, Why string
			Exchanges int
		} `json:"left_out"`
		Findings []struct {
			Rule, Level, Confidence, Operation, Method, Path, Expected, Cause, Message, Cite, URL, Fix, Replay string

			Status, Count int
			Documented    bool
			Operations    []string
			Fingerprints  map[string]string
			Entries       []int
			Exchanges     []struct {
				Source            struct{ Entry int }
				Request, Response struct {
					Method, URL    string
					Status         int
					Body, Encoding string
					Headers        []struct{ Name, Value string }
				}
				Before []struct{ Source struct{ Entry int } }
			}
		}
		Unreached, Skipped []struct{ Operation string }
		LeftBehind         []string `json:"left_behind"`
	}
	if err := json.Unmarshal([]byte(write(t, "json", run, false)), &got); err != nil {
		t.Fatal(err)
	}
	wantSummary := map[string]float64{
		"exchanges": 2, "operations": 2, "reached": 1, "must": 0, "should": 1, "advice": 1, "requests": 2, "seconds": 1.234,
	}
	if diff := cmp.Diff(wantSummary, got.Summary); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if got.Statute != "1" || len(got.LeftOut) != 1 || got.LeftOut[0].Rule != "range-wrong" || len(got.Findings) != 2 {
		t.Fatalf("got %+v", got)
	}
	f := got.Findings[0]
	if f.Rule != "wrong-code-for-unknown-id" || f.Level != "should" || f.Confidence != "certain" || !f.Documented ||
		f.Operation != "GET /orders/{id}" || f.Method != "GET" || f.Path != "/orders/999" || f.Status != 403 ||
		f.Expected != "404" || f.Cause != "unknown id" || f.Cite != "RFC 9110, 15.5.5" || f.Count != 1 ||
		f.Fix != "Answer 404 when nothing is there." || len(f.Fingerprints["GET /orders/{id}"]) != 16 {
		t.Errorf("finding: %+v", f)
	}
	if diff := cmp.Diff([]int{4}, f.Entries); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	x := f.Exchanges[0]
	if x.Request.URL != "http://127.0.0.1:8080/orders/999" || x.Response.Encoding != "base64" || x.Response.Body != "/wA=" ||
		len(x.Response.Headers) != 2 || len(x.Before) != 1 || x.Before[0].Source.Entry != 3 {
		t.Errorf("exchange: %+v", x)
	}
	if len(got.Unreached) != 1 || len(got.Skipped) != 3 || len(got.LeftBehind) != 1 {
		t.Errorf("unreached, skipped, left behind: %v, %v, %v", got.Unreached, got.Skipped, got.LeftBehind)
	}
}

// TestSecrets puts a secret into every place of a run and looks for it in
// every format.
func TestSecrets(t *testing.T) {
	const secret = "canary-7f3a9c"
	fields := func() statute.Fields {
		return statute.Fields{{Name: "Authorization", Value: "Bearer " + secret}, {Name: "X-Odd", Value: secret}, {Name: "Set-Cookie", Value: "s=" + secret}}
	}
	body := statute.Body{Bytes: []byte("\xff" + `{"echo":"` + secret + `"}`), Size: 30}
	leaky := func(entry int) *statute.Exchange {
		return &statute.Exchange{
			Source:    statute.Source{Entry: entry},
			Seen:      statute.SeenAll,
			Request:   statute.Request{Method: "POST", Authority: "127.0.0.1", Target: "/a/" + secret + "?key=" + secret, Fields: fields(), Body: body},
			Interim:   []statute.Response{{Status: 103, Fields: fields()}},
			Response:  statute.Response{Status: 500, Reason: secret, Fields: fields(), Trailer: fields(), Body: body},
			Error:     "reading " + secret,
			Operation: statute.Operation{Method: "POST", Path: "/a/" + secret},
		}
	}
	control := leaky(1)
	shown := leaky(2)
	shown.Case = &statute.Case{Cause: statute.UnknownID, Detail: secret, Control: control, Principal: statute.Full}
	rule := &statute.Rule{ID: "r", Level: statute.Must, Doc: page, Check: func(p *statute.Pass) {
		if p.Case != nil {
			p.Report(statute.Fault{Message: "says " + secret, Expected: secret, Before: []*statute.Exchange{leaky(0)}})
		}
	}}
	judge := statute.NewJudge([]*statute.Rule{rule})
	judge.See(shown)
	last := leaky(3)
	last.Case = &statute.Case{Control: control}
	run := &Run{
		Target: "http://127.0.0.1/?key=" + secret, Verdict: judge.Verdict(),
		Description: "http://127.0.0.1/" + secret + "/openapi.yaml",
		Places:      map[statute.Operation]Place{shown.Operation: {File: secret + ".yaml", Line: 3}},
		Codes:       map[statute.Operation]map[int]int{shown.Operation: {500: 1}},
		Operations: []statute.Outcome{
			{Operation: last.Operation, Why: secret, Last: last},
			{Operation: last.Operation, Why: secret, State: statute.Skipped},
		},
		Leftover: []string{"http://127.0.0.1/" + secret}, Problems: []Problem{{1, secret}}, Notes: []string{secret},
		Credentials: []Credential{{In: "header", Name: "Authorization", Shell: "Bearer $SHOP_TOKEN"}, {In: "query", Name: "key", Shell: "$KEY"}},
		Redactor:    &redact.Redactor{Secrets: []string{secret}},
	}
	for _, f := range Formats {
		t.Run(f.Name, func(t *testing.T) {
			text := write(t, f.Name, run, false)
			if i := strings.Index(text, secret); i >= 0 {
				t.Errorf("a secret shows: ...%s...", text[max(0, i-200):min(len(text), i+80)])
			}
			if f.Name == "har" {
				return // it has no place for replay lines
			}
			for _, shell := range []string{"Bearer $SHOP_TOKEN", "key=$KEY"} {
				if !strings.Contains(text, shell) {
					t.Errorf("no replay line with %q in:\n%s", shell, text)
				}
			}
		})
	}
}

func TestEscape(t *testing.T) {
	tests := []struct{ in, want string }{
		{"plain, grün, 注文", "plain, grün, 注文"},
		{"a\x1b]0;title\x07b", `a\x1b]0;title\ab`},
		{"line\nline\r", `line\nline\r`},
		{"\u202egnp.exe", `\u202egnp.exe`},
		{"\u009b31m", `\u009b31m`},
		{"\xff\xfe", `\xff\xfe`},
		{"zero\u200bwidth", `zero\u200bwidth`},
	}
	for _, test := range tests {
		if got := Escape(test.in); got != test.want {
			t.Errorf("Escape(%q) = %s, want %s", test.in, got, test.want)
		}
	}
}
