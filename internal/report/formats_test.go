package report

import (
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/net/html"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/traffic"
)

var update = flag.Bool("update", false, "rewrite the reports in testdata")

// The marks of attack: each breaks out of one format if that format lets it.
const attack = "`a` ``` |x| @octocat <script>alert(1)</script> [go](https://evil.example/) </pre></details>]]>&amp; " +
	"\x1b[2J\x00\u202e\u200b\xff \"' #1 GH-1 www.evil.example"

// hostile returns a run in which everything that comes from outside attacks.
func hostile() *Run {
	challenge := &statute.Rule{
		ID: "401-without-challenge", Level: statute.Must, Doc: challengePage,
		Cite: []statute.Section{statute.RFC(9110, "15.5.2"), statute.RFC(9110, "11.6.1")},
	}
	challenge.Check = func(p *statute.Pass) {
		if p.Response.Status == 401 {
			p.Report(statute.Fault{Message: "401 without " + p.Response.Reason, Expected: attack, Before: p.Past("/before")})
		}
	}
	leak := &statute.Rule{
		ID: "error-leaks", Level: statute.Should, Doc: "# An error that leaks\n\nText.\n",
		Cite: []statute.Section{{Doc: "GraphQL over HTTP"}},
	}
	leak.Check = func(p *statute.Pass) {
		if p.Response.Status >= 500 {
			p.Report(statute.Fault{Message: attack, Confidence: statute.Likely})
		}
	}
	length := &statute.Rule{ID: "length", Level: statute.Advice, Doc: "# Long\n"}
	length.Check = func(p *statute.Pass) {
		if p.Response.Status == 401 {
			p.Report(statute.Fault{Message: "no length"})
		}
	}
	date := &statute.Rule{ID: "date-missing", Level: statute.Advice, Once: true, Doc: "# No Date\n", Cite: []statute.Section{statute.RFC(9110, "6.6.1")}}
	date.Check = func(p *statute.Pass) {
		if p.Request.Path() != "/before" {
			p.Report(statute.Fault{Message: "response without Date"})
		}
	}
	unasked := &statute.Rule{ID: "unasked", Level: statute.Should, Needs: statute.SeenDeclared, Check: func(*statute.Pass) {}}

	recorded := func(entry int, method, path string, status int) *statute.Exchange {
		content := attack + "\r\n\tsecond line\n" + strings.Repeat("long ", 600)
		return &statute.Exchange{
			Source: statute.Source{File: "shop @octocat.har", Entry: entry, Line: 12}, Seen: statute.SeenAll,
			Request: statute.Request{
				Method: method, Scheme: "https", Authority: "shop.example", Target: path + "?" + attack, Proto: "HTTP/1.1",
				Fields: statute.Fields{{Name: "Host", Value: "shop.example"}, {Name: "X-" + attack, Value: attack}},
				Body:   body(attack),
			},
			Response: statute.Response{
				Status: status, Reason: attack, Proto: "HTTP/1.1", Body: body(content),
				Fields: statute.Fields{{Name: "Vary", Value: "Accept"}, {Name: "vary", Value: attack}},
			},
			Operation: statute.Operation{Method: method, Path: path},
		}
	}
	before := recorded(0, "GET", "/before", 200)
	refused := recorded(1, "GET", "/"+attack, 401)
	refused.Case = &statute.Case{Cause: statute.NoCredentials, Detail: attack, Principal: statute.Nobody}
	refused.Interim = []statute.Response{{Status: 103, Proto: "HTTP/1.1", Reason: attack}}
	silent := recorded(3, "PUT", "/silent", 0)
	silent.Error = "timeout: " + attack

	run := &Run{
		Target: "shop.har", Files: []string{"shop @octocat.har"}, Elapsed: 1234 * time.Millisecond,
		Operations: []statute.Outcome{
			{Operation: refused.Operation, State: statute.Reached},
			{Operation: statute.Operation{Method: "PUT", Path: "/silent"}, Last: silent, Why: attack},
			{Operation: statute.Operation{Method: "POST", Path: "/shutdown"}, State: statute.Skipped, Why: attack},
			{Operation: statute.Operation{Method: "GET", Path: "/right"}, State: statute.Reached},
		},
		Leftover: []string{"https://shop.example/" + attack},
		Problems: []Problem{{12, attack}},
		Notes:    []string{"Mind " + attack},
		Baseline: "known.json " + attack,
		Known:    []Fault{{leak, statute.Operation{Method: "GET", Path: "/right"}, 500}, {Rule: date}},
		Off: []Off{
			{Rule: "length", Route: "GET /" + attack, Reason: attack, Faults: []Fault{{length, statute.Operation{Method: "GET", Path: "/" + attack}, 402}}},
		},
	}
	judge := statute.NewJudge([]*statute.Rule{challenge, leak, length, date, unasked, {ID: "remember", Compare: func(*statute.Pass) {}}})
	for _, x := range []*statute.Exchange{before, refused, recorded(2, "POST", "/leak", 500), silent, recorded(4, "POST", "/other", 502)} {
		judge.See(x)
		run.Count(x)
	}
	run.Verdict = judge.Verdict()
	return run
}

const challengePage = "# 401 without a challenge\n\nThe client is not told `how` to log in.\n\n## Why it hurts\n\nClients cannot\nask for it.\n\n" +
	"## Fix\n\nSend `WWW-Authenticate` with\nevery 401.\n\n    HTTP/1.1 401 Unauthorized\n    WWW-Authenticate: Bearer\n\n    {}\n"

// TestGolden holds each format of a hostile run against a file: "go test
// ./internal/report -update" rewrites them. The page's style and script are
// left out of its file.
func TestGolden(t *testing.T) {
	for _, f := range Formats {
		if f.Name == "har" {
			continue // see TestHAR
		}
		t.Run(f.Name, func(t *testing.T) {
			got := write(t, f.Name, hostile(), false)
			if f.Name == "html" {
				got = strings.NewReplacer(
					htmlStyle, "(style)", strings.ReplaceAll(integrity(htmlStyle), "+", "&#43;"), "(hash)",
					htmlScript, "(script)", strings.ReplaceAll(integrity(htmlScript), "+", "&#43;"), "(hash)",
				).Replace(got)
			}
			file := filepath.Join("testdata", "hostile"+f.Ending)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// TestVisible holds that no format but JSON, in which everything is data, writes
// a character that does not show or changes the direction of text.
func TestVisible(t *testing.T) {
	for _, name := range []string{"text", "junit", "markdown", "html"} {
		for line := range strings.Lines(write(t, name, hostile(), false)) {
			if i := strings.IndexFunc(strings.TrimRight(line, "\n"), func(r rune) bool { return r != '\t' && !unicode.IsPrint(r) }); i >= 0 {
				t.Errorf("%s: %q in %q", name, line[i:min(len(line), i+4)], line)
			}
		}
	}
}

// TestSARIFSchema holds SARIF against its published schema.
func TestSARIFSchema(t *testing.T) {
	file, err := os.Open("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	document, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("sarif.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, run := range map[string]*Run{"hostile": hostile(), "judged": judged(), "healthy": {Verdict: &statute.Verdict{}}} {
		log, err := jsonschema.UnmarshalJSON(strings.NewReader(write(t, "sarif", run, false)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(log); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSARIFResults holds what a viewer of a repository wants of each result,
// beyond the schema: a relative place with a line, and a fingerprint that is
// that of the operation. What is known or switched off is no result.
func TestSARIFResults(t *testing.T) {
	run := hostile()
	var log sarifLog
	if err := json.Unmarshal([]byte(write(t, "sarif", run, false)), &log); err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, f := range run.Verdict.Findings {
		if f.Rule.Once {
			want++
		} else {
			want += len(f.Operations)
		}
	}
	results, rules := log.Runs[0].Results, log.Runs[0].Tool.Driver.Rules
	if len(results) != want {
		t.Errorf("%d results, want %d", len(results), want)
	}
	marks := map[string]bool{}
	for _, r := range results {
		if rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("rule %d is %s, want %s", r.RuleIndex, rules[r.RuleIndex].ID, r.RuleID)
		}
		at := r.Locations[0].PhysicalLocation
		if at.ArtifactLocation.URI != "shop%20@octocat.har" || at.Region.StartLine != 12 {
			t.Errorf("%s: location %+v", r.RuleID, at)
		}
		mark := r.PartialFingerprints["statute/v1"]
		if len(mark) != 16 || marks[mark] {
			t.Errorf("%s: fingerprint %q is none or not its own", r.RuleID, mark)
		}
		marks[mark] = true
	}
	first := results[0]
	if first.Level != "error" || first.WebRequest.Method != "GET" || first.WebResponse.StatusCode != 401 ||
		first.WebResponse.Headers["Vary"] == "Accept" || !strings.HasPrefix(first.WebResponse.Headers["Vary"], "Accept, ") {
		t.Errorf("first result: %+v", first)
	}
	if strings.Contains(first.Message.Text, "[go](") {
		t.Errorf("a link in %s", first.Message.Text)
	}
}

// TestSARIFPlaces holds where findings of live answers are: at the operation in
// the description, else at the description, else at the address.
func TestSARIFPlaces(t *testing.T) {
	run := judged()
	for _, test := range []struct {
		description string
		places      map[statute.Operation]Place
		want        sarifPhysical
	}{
		{"", nil, sarifPhysical{sarifArtifact{"./127.0.0.1:8080"}, sarifRegion{1}}},
		{"openapi.yaml", nil, sarifPhysical{sarifArtifact{"openapi.yaml"}, sarifRegion{1}}},
		{
			"openapi.yaml",
			map[statute.Operation]Place{{Method: "GET", Path: "/orders/{id}"}: {"paths/orders.yaml", 7}},
			sarifPhysical{sarifArtifact{"paths/orders.yaml"}, sarifRegion{7}},
		},
	} {
		run.Description, run.Places = test.description, test.places
		var log sarifLog
		if err := json.Unmarshal([]byte(write(t, "sarif", run, false)), &log); err != nil {
			t.Fatal(err)
		}
		location := log.Runs[0].Results[0].Locations[0]
		if diff := cmp.Diff(test.want, location.PhysicalLocation); diff != "" {
			t.Errorf("place (-want +got):\n%s", diff)
		}
		if got, want := location.LogicalLocations[0].FullyQualifiedName, "GET /orders/{id}"; got != want {
			t.Errorf("logical location %q, want %q", got, want)
		}
	}
}

// TestSARIFLines holds where findings of recordings are: at the entry that shows
// the fault of an operation, else at one that shows the same fault. What has
// servers of its own names them.
func TestSARIFLines(t *testing.T) {
	rule := &statute.Rule{ID: "error-leaks", Level: statute.Must, Doc: page}
	rule.Check = func(p *statute.Pass) { p.Report(statute.Fault{Message: "it leaks"}) }
	judge := statute.NewJudge([]*statute.Rule{rule})
	judge.Keep = 2
	run := &Run{Target: "a.har", Files: []string{"a.har"}, Servers: map[Fault][]string{}}
	for i, path := range []string{"/a", "/b", "/c"} {
		x := exchange(i, "GET", path, 500, "", "")
		x.Source.File, x.Source.Line, x.Operation.Path = "a.har", 10*i+2, path
		judge.See(x)
		run.Servers[Fault{Rule: rule, Operation: x.Operation}] = []string{"shop.example", "api.example"}[:i%3]
	}
	run.Verdict = judge.Verdict()
	var log sarifLog
	if err := json.Unmarshal([]byte(write(t, "sarif", run, false)), &log); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range log.Runs[0].Results {
		what, _, _ := strings.Cut(r.Message.Text, ": ")
		got = append(got, fmt.Sprintf("%s, line %d", what, r.Locations[0].PhysicalLocation.Region.StartLine))
	}
	want := []string{
		"GET /a (127.0.0.1:8080), line 2", // as its evidence tells
		"GET /b (shop.example), line 12", "GET /c (api.example, shop.example), line 2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestArtifact(t *testing.T) {
	tests := []struct{ file, want string }{
		{"openapi.yaml", "openapi.yaml"},
		{"./docs/open api.yaml", "docs/open%20api.yaml"},
		{`docs\openapi.yaml`, "docs/openapi.yaml"},
		{"/srv/openapi.yaml", "file:///srv/openapi.yaml"},
		{`C:\srv\openapi.yaml`, "file:///C:/srv/openapi.yaml"},
		{"https://api.example/v1/openapi.json?x=1", "api.example/v1/openapi.json"},
		{"http://127.0.0.1:8080/", "./127.0.0.1:8080"},
	}
	for _, test := range tests {
		if got := artifact(test.file); got != test.want {
			t.Errorf("artifact(%q) = %q, want %q", test.file, got, test.want)
		}
	}
}

// TestJUnit reads the report back by the names that Ant's and Jenkins' schemas
// have, and counts again what its attributes count.
func TestJUnit(t *testing.T) {
	type testcase struct {
		Name      string `xml:"name,attr"`
		ClassName string `xml:"classname,attr"`
		Time      string `xml:"time,attr"`
		Skipped   []struct {
			Message string `xml:"message,attr"`
		} `xml:"skipped"`
		Failures []struct {
			Message string `xml:"message,attr"`
			Type    string `xml:"type,attr"`
			Text    string `xml:",chardata"`
		} `xml:"failure"`
		Out string `xml:"system-out"`
	}
	type counts struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Skipped  int `xml:"skipped,attr"`
		Errors   int `xml:"errors,attr"`
	}
	var suites struct {
		XMLName xml.Name `xml:"testsuites"`
		counts
		Suites []struct {
			counts
			Name  string     `xml:"name,attr"`
			Time  string     `xml:"time,attr"`
			Cases []testcase `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(write(t, "junit", hostile(), false)), &suites); err != nil {
		t.Fatal(err)
	}
	suite := suites.Suites[0]
	if suite.Name != "shop.har" || suite.Time != "1.234" {
		t.Errorf("suite %q of %q s", suite.Name, suite.Time)
	}
	got := map[string]string{}
	counted := counts{}
	for _, c := range suite.Cases {
		counted.Tests++
		state := "passed"
		switch {
		case len(c.Failures) == 1:
			counted.Failures++
			state = "failed: " + c.Failures[0].Type
		case len(c.Skipped) == 1:
			counted.Skipped++
			state = "skipped"
		}
		if c.Out != "" {
			state += ", advised"
		}
		if len(c.Failures) > 1 || c.ClassName == "" || c.Time == "" {
			t.Errorf("case %+v", c)
		}
		got[c.Name] = state
	}
	want := map[string]string{
		Escape("GET /" + attack): "failed: 401-without-challenge, advised",
		"PUT /silent":            "skipped",
		"POST /shutdown":         "skipped",
		"GET /right":             "passed, advised",
		"POST /leak":             "failed: error-leaks",
		"POST /other":            "failed: error-leaks",
		wholeServer:              "passed, advised",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cases (-want +got):\n%s", diff)
	}
	if suite.counts != counted || suites.counts != counted {
		t.Errorf("counts %+v and %+v, want %+v", suites.counts, suite.counts, counted)
	}
}

// TestHAR reads the evidence back: every exchange of a proof once, in order.
func TestHAR(t *testing.T) {
	for name, test := range map[string]struct {
		run  *Run
		want []int // codes
	}{
		"judged":  {judged(), []int{200, 403}},
		"hostile": {hostile(), []int{200, 401, 500, 0, 502}},
	} {
		var got []int
		for x, err := range traffic.HAR(strings.NewReader(write(t, "har", test.run, false)), "evidence.har") {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, x.Response.Status)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: codes (-want +got):\n%s", name, diff)
		}
	}
}

// TestMarkdownWords holds the forms in which foreign text stands in Markdown.
func TestMarkdownWords(t *testing.T) {
	tests := []struct{ text, want string }{
		{"401 without a WWW-Authenticate challenge", "401 without a WWW-Authenticate challenge"},
		{`it says "success": false (likely)`, `it says "success": false (likely)`},
		{"ask @octocat or #12 now", "ask `@octocat` or `#12` now"},
		{"see www.evil.example GH-1 //x", "see `www.evil.example GH-1 //x`"},
		{"a *b* <i>c</i> d", "a `*b* <i>c</i>` d"},
		{"tick ` and ``", "tick `` ` `` and ``` `` ```"},
		{"a\x00b", "`a\\x00b`"},
		{"", ""},
	}
	for _, test := range tests {
		if got := prose(test.text, code); got != test.want {
			t.Errorf("prose(%q) = %s, want %s", test.text, got, test.want)
		}
	}
	if got, want := cell(code("a|b")), "`a\\x7cb`"; got != want {
		t.Errorf("cell: got %s, want %s", got, want)
	}
	if got, want := htmlCode("<b>@x"), "<code>&#60;b&#62;&#64;x</code>"; got != want {
		t.Errorf("htmlCode: got %s, want %s", got, want)
	}
}

// TestMarkdownSize writes a run of many long findings, which must fit a comment
// and say what is missing.
func TestMarkdownSize(t *testing.T) {
	var rules []*statute.Rule
	for i := range 400 {
		rules = append(rules, &statute.Rule{ID: fmt.Sprintf("rule-%d", i), Level: statute.Should, Doc: page, Check: func(p *statute.Pass) {
			p.Report(statute.Fault{Message: strings.Repeat("<@>", 200)})
		}})
	}
	judge := statute.NewJudge(rules)
	judge.See(exchange(1, "GET", "/"+strings.Repeat("ü", 500), 500, "", strings.Repeat("`", 5000)))
	text := write(t, "markdown", &Run{Target: strings.Repeat("x", 5000), Verdict: judge.Verdict()}, false)
	if len(text) > maxMarkdown {
		t.Errorf("%d bytes, want at most %d", len(text), maxMarkdown)
	}
	for _, want := range []string{"more findings are left out here", "details are left out here"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	if open, closed := strings.Count(text, "<details>"), strings.Count(text, "</details>"); open == 0 || open != closed {
		t.Errorf("%d details are opened, %d closed", open, closed)
	}
}

// TestPage reads the page as a browser does: nothing is loaded from elsewhere,
// no script but ours is there, and what came over the wire is text.
func TestPage(t *testing.T) {
	document, err := html.Parse(strings.NewReader(write(t, "html", hostile(), false)))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	scripts, policy, ids := 0, "", map[string]bool{}
	for n := range document.Descendants() {
		switch {
		case n.Type == html.TextNode && n.Parent.Data == "script":
			scripts++
			if n.Data != htmlScript {
				t.Errorf("a script that is not ours: %s", n.Data)
			}
		case n.Type == html.TextNode && n.Parent.Data == "style":
			if n.Data != htmlStyle {
				t.Errorf("a style that is not ours: %s", n.Data)
			}
		case n.Type == html.TextNode:
			text.WriteString(n.Data)
		case n.Type == html.CommentNode:
			t.Errorf("comment %q", n.Data)
		case n.Type != html.ElementNode:
			continue
		}
		if slices.Contains([]string{"img", "link", "iframe", "object", "embed", "base", "audio", "video", "source", "image", "use"}, n.Data) && n.Type == html.ElementNode {
			t.Errorf("element %s", n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "http-equiv":
				policy = n.Attr[1].Val
			case a.Key == "id" && ids[a.Val]:
				t.Errorf("id %s occurs twice", a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			case a.Key == "href" && n.Data == "a" && (strings.HasPrefix(a.Val, "#") || strings.HasPrefix(a.Val, "https://www.rfc-editor.org/") ||
				strings.HasPrefix(a.Val, "https://graphql.github.io/")):
			case strings.Contains(a.Val, "://") && a.Key != "data-routes" && a.Key != "value",
				slices.Contains([]string{"src", "srcset", "href", "style", "action"}, a.Key), strings.HasPrefix(a.Key, "on"):
				t.Errorf("%s has %s=%q", n.Data, a.Key, a.Val)
			}
		}
	}
	if scripts != 1 {
		t.Errorf("%d scripts, want 1", scripts)
	}
	want := fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", integrity(htmlStyle), integrity(htmlScript))
	if policy != want {
		t.Errorf("policy %q, want %q", policy, want)
	}
	if n := strings.Count(text.String(), Escape("<script>alert(1)</script>")); n < 10 {
		t.Errorf("the attack is shown %d times as text", n)
	}
	for _, word := range []string{"no answer × 1", "401 × 1", "GET /before", "WWW-Authenticate: Bearer\n\n{}"} {
		if !strings.Contains(text.String(), word) {
			t.Errorf("no %q on the page", word)
		}
	}
}

// TestCount holds that what is counted stays bounded, and that operations which
// differ in secrets alone become one.
func TestCount(t *testing.T) {
	run := &Run{Verdict: &statute.Verdict{}}
	for i := range maxCounted + 10 {
		run.Count(exchange(i, "GET", "/", 200, "OK", ""))
		x := exchange(i, "GET", fmt.Sprintf("/%d", i), 200, "OK", "")
		x.Operation = statute.Operation{}
		run.Count(x)
	}
	if n := len(run.Codes); n != maxCounted+1 {
		t.Errorf("%d operations are counted apart, want %d and the rest", n, maxCounted)
	}
	if got, want := run.Codes[statute.Operation{}][200], 11; got != want {
		t.Errorf("%d exchanges in the rest, want %d", got, want)
	}
	if got, want := run.Codes[statute.Operation{Method: "GET", Path: "/orders/{id}"}][200], maxCounted+10; got != want {
		t.Errorf("%d exchanges of one operation, want %d", got, want)
	}

	run.Codes = map[statute.Operation]map[int]int{
		{Method: "GET", Path: "/a?token=b"}: {200: 1, 404: 2},
		{Method: "GET", Path: "/a?token=c"}: {200: 3},
		{Method: "PUT", Path: "/"}:          {0: 1},
	}
	want := []counted{
		{statute.Operation{Method: "PUT", Path: "/"}, map[int]int{0: 1}},
		{statute.Operation{Method: "GET", Path: "/a?token=[redacted]"}, map[int]int{200: 4, 404: 2}},
	}
	if diff := cmp.Diff(want, newView(run).Codes); diff != "" {
		t.Errorf("codes (-want +got):\n%s", diff)
	}
}

// TestCauseOfOthers holds that the formats for people say of each exchange of a
// proof what it was sent for, and of an operation that was not reached how far it
// got where nobody says why.
func TestCauseOfOthers(t *testing.T) {
	before := &statute.Exchange{
		Seen: statute.SeenAll, Request: statute.Request{Method: "GET", Target: "/notes/141"}, Response: statute.Response{Status: 404},
		Case: &statute.Case{Cause: statute.NotTheOwner},
	}
	shown := &statute.Exchange{
		Seen: statute.SeenAll, Request: statute.Request{Method: "PUT", Target: "/notes/141"}, Response: statute.Response{Status: 200},
		Operation: statute.Operation{Method: "PUT", Path: "/notes/{id}"},
	}
	rule := &statute.Rule{ID: "r", Level: statute.Must, Doc: page, Check: func(p *statute.Pass) {
		p.Report(statute.Fault{Message: "200 to another user", Before: []*statute.Exchange{before}})
	}}
	judge := statute.NewJudge([]*statute.Rule{rule})
	judge.See(shown)
	refused := &statute.Exchange{Response: statute.Response{Status: 401, Reason: "Unauthorized"}}
	run := &Run{Verdict: judge.Verdict(), Requests: 3, Operations: []statute.Outcome{
		{Operation: statute.Operation{Method: "GET", Path: "/audit"}, Last: refused},
		{Operation: statute.Operation{Method: "GET", Path: "/vault"}},
	}}
	for format, want := range map[string][]string{
		"text":     {"GET /notes/141: 404 (" + string(statute.NotTheOwner) + ")"},
		"markdown": {"GET /notes/141: 404 (" + string(statute.NotTheOwner) + ")"},
		"html":     {"GET /notes/141: 404 (" + template.HTMLEscapeString(string(statute.NotTheOwner)) + ")", "GET /audit: 401 Unauthorized"},
		"junit":    {`message="not reached: 401 Unauthorized"`, `message="not reached"`},
	} {
		text := write(t, format, run, false)
		for _, want := range want {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", format, want, text)
			}
		}
	}
}
