package statute

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fault returns a rule that reports every exchange it is asked about.
func fault(id string, level Level) *Rule {
	return &Rule{ID: id, Level: level, Check: func(p *Pass) {
		p.Report(Fault{Message: fmt.Sprintf("%s on %d", id, p.Response.Status)})
	}}
}

// exchange returns an exchange of which all was seen.
func exchange(entry int, method, path string, status int) *Exchange {
	return &Exchange{
		Source:   Source{Entry: entry},
		Seen:     SeenAll,
		Request:  Request{Method: method, Authority: "shop.example", Target: path + "?a=b"},
		Response: Response{Status: status},
	}
}

// judged returns the verdict of rules on exchanges.
func judged(rules []*Rule, exchanges ...*Exchange) *Verdict {
	j := NewJudge(rules)
	for _, x := range exchanges {
		j.See(x)
	}
	return j.Verdict()
}

// summary returns a line for each finding: "2x must a: message".
func summary(v *Verdict) []string {
	var all []string
	for _, f := range v.Findings {
		all = append(all, fmt.Sprintf("%dx %s %s: %s", f.Count, f.Level, f.Rule.ID, f.Message))
	}
	return all
}

func TestJudgeGroups(t *testing.T) {
	a, b := exchange(1, "GET", "/orders/1", 404), exchange(4, "GET", "/orders/2", 404)
	a.Operation = Operation{"GET", "/orders/{id}"}
	b.Operation = a.Operation
	c := exchange(7, "POST", "/orders", 500)
	c.Declared = &Declared{Responses: []string{"500"}}
	r := fault("r", Must)
	v := judged([]*Rule{r}, a, b, c)
	if len(v.Findings) != 1 || v.Exchanges != 3 {
		t.Fatalf("%d findings in %d exchanges: %v", len(v.Findings), v.Exchanges, summary(v))
	}
	got := v.Findings[0]
	want := &Finding{
		Rule: r, Level: Must, Operation: a.Operation, Path: "/orders/1", Status: 404, Message: "r on 404",
		Count: 3, Entries: []int{1, 4, 7}, Files: []Span{{Entries: 3}},
		Operations: []Operation{{"GET", "/orders/{id}"}, {"POST", "/orders"}},
		Marks:      got.Marks,
		Evidence:   []Evidence{{Exchange: a}, {Exchange: c}},
	}
	same := cmp.Comparer(func(a, b *Rule) bool { return a == b })
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Errorf("finding (-want +got):\n%s", diff)
	}
	if len(got.Marks) != 2 || len(got.Marks["POST /orders"]) != 16 || got.Marks["POST /orders"] == got.Marks["GET /orders/{id}"] {
		t.Errorf("marks = %v", got.Marks)
	}
	// A fingerprint survives other ids, times and an other order.
	again := judged([]*Rule{r}, exchange(9, "POST", "/orders", 500)).Findings[0]
	if again.Marks["POST /orders"] != got.Marks["POST /orders"] {
		t.Errorf("marks = %v, then %v", got.Marks, again.Marks)
	}
	if !judged([]*Rule{r}, c).Findings[0].Documented {
		t.Error("the description lists the code, the finding does not say so")
	}
}

// TestJudgeRoots says what makes a finding of its own.
func TestJudgeRoots(t *testing.T) {
	byCause := fault("by-cause", Should)
	byCause.Needs = SeenCause
	caused := func(entry int, cause Cause, status int) *Exchange {
		x := exchange(entry, "GET", "/orders", status)
		x.Case = &Case{Cause: cause}
		return x
	}
	split := &Rule{ID: "split", Level: Must, Check: func(p *Pass) {
		switch p.Response.Status {
		case 500:
			p.Report(Fault{Message: "lower", Level: Advice})
		case 501:
			p.Report(Fault{Message: "likely", Confidence: Likely})
		default:
			p.Report(Fault{Message: "plain"})
		}
	}}
	v := judged([]*Rule{byCause, split},
		caused(1, UnknownID, 200), caused(2, UnknownID, 200), caused(3, UnknownID, 500), caused(4, NoCredentials, 200), caused(5, UnknownID, 501))
	want := []string{
		"3x must split: plain",
		"1x must split: likely",
		"3x should by-cause: by-cause on 200",
		"1x should by-cause: by-cause on 500",
		"1x should by-cause: by-cause on 501",
		"1x advice split: lower",
	}
	if diff := cmp.Diff(want, summary(v)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if v.Count(Must) != 2 || v.Count(Should) != 3 || v.Count(Advice) != 1 || v.Worst() != Must {
		t.Errorf("%d must, %d should, %d advice, worst %v", v.Count(Must), v.Count(Should), v.Count(Advice), v.Worst())
	}
	if f := v.Findings[2]; f.Cause != UnknownID || f.Confidence != Certain {
		t.Errorf("cause %q, confidence %v", f.Cause, f.Confidence)
	}
	if worst := (&Verdict{}).Worst(); worst != 0 {
		t.Errorf("worst of nothing is %v", worst)
	}
}

// TestJudgeCauses sees that a fingerprint stands in one finding, which names all
// causes and shows an exchange of each, in whatever order they come.
func TestJudgeCauses(t *testing.T) {
	rule := &Rule{ID: "r", Level: Should, Needs: SeenCause, Check: func(p *Pass) {
		f := Fault{Message: fmt.Sprintf("%d for %s, no less", p.Response.Status, p.Case.Cause), Expected: "400 or 422"}
		if p.Case.Cause == WrongMediaType {
			f.Expected = "415"
		}
		p.Report(f)
	}}
	x := func(method, path string, cause Cause) *Exchange {
		x := exchange(0, method, path, 500)
		x.Case = &Case{Cause: cause}
		return x
	}
	tests := []struct {
		name      string
		exchanges []*Exchange
		want      []string
	}{
		{"of one operation", []*Exchange{x("POST", "/a", WrongType), x("POST", "/b", WrongType), x("POST", "/b", WrongMediaType), x("POST", "/b", MissingContent)}, []string{
			"500 for wrong type, unsupported media type, no content, no less: 4 on [POST /a POST /b], 4 shown, expected 400 or 422; 415",
		}},
		{"of two", []*Exchange{x("POST", "/a", WrongType), x("GET", "/a", MissingContent)}, []string{
			"500 for wrong type, no less: 1 on [POST /a], 1 shown, expected 400 or 422",
			"500 for no content, no less: 1 on [GET /a], 1 shown, expected 400 or 422",
		}},
		{"joined later", []*Exchange{x("POST", "/a", WrongType), x("POST", "/b", MissingContent), x("POST", "/b", WrongMediaType), x("POST", "/b", WrongType), x("POST", "/c", MissingContent)}, []string{
			"500 for wrong type, no content, unsupported media type, no less: 5 on [POST /a POST /b POST /c], 3 shown, expected 400 or 422; 415",
		}},
		{"the method", []*Exchange{x("OPTIONS", "/a", Options), x("OPTIONS", "/b", Options), x("STATUTE", "/a", UnknownMethod), x("POST", "/a", UnsupportedMethod), x("OPTIONS", "/c", Options)}, []string{
			"500 for OPTIONS, unknown method, unsupported method, no less: 5 on [OPTIONS /a OPTIONS /b STATUTE /a POST /a OPTIONS /c], 4 shown, expected 400 or 422",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for i, x := range tt.exchanges {
				x.Source.Entry = i
			}
			v := judged([]*Rule{rule}, tt.exchanges...)
			var got []string
			for _, f := range v.Findings {
				got = append(got, fmt.Sprintf("%s: %d on %v, %d shown, expected %s", f.Message, f.Count, f.Operations, len(f.Evidence), f.Expected))
				if first := f.Evidence[0]; OperationOf(first.Exchange) != f.Operation || first.Case.Cause != f.Cause {
					t.Errorf("%s for %s leads, not %s for %s", OperationOf(first.Exchange), first.Case.Cause, f.Operation, f.Cause)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if last := v.Findings[len(v.Findings)-1]; tt.name == "the method" && last.Operation.Method != "POST" {
				t.Errorf("%s leads", last.Operation)
			}
		})
	}
}

func TestJudgeOrder(t *testing.T) {
	once, note := fault("a-once", Must), fault("a-note", Advice)
	once.Once, note.Once = true, true
	wide, often, rare := fault("z-wide", Should), fault("y-often", Should), fault("x-rare", Should)
	often.On = []int{200}
	rare.On = []int{404}
	v := judged([]*Rule{note, once, rare, fault("c", Advice), fault("b", Must), often, wide},
		exchange(0, "GET", "/a", 200), exchange(1, "GET", "/a", 200), exchange(2, "GET", "/b", 404))
	want := []string{
		"3x must b: b on 200",
		"1x must a-once: a-once on 200", // counted once
		"3x should z-wide: z-wide on 200",
		"2x should y-often: y-often on 200",
		"1x should x-rare: x-rare on 404",
		"3x advice c: c on 200",
		"1x advice a-note: a-note on 200", // a note on the server comes last
	}
	if diff := cmp.Diff(want, summary(v)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if last := v.Findings[len(v.Findings)-1]; !slices.Equal(last.Entries, []int{0, 1, 2}) {
		t.Errorf("entries of what is said once: %v", last.Entries)
	}
}

func TestJudgeOver(t *testing.T) {
	special := fault("special", Should)
	special.On = []int{404}
	special.Over = []string{"general"}
	general := fault("general", Must)
	for _, rules := range [][]*Rule{{special, general}, {general, special}} {
		v := judged(rules, exchange(0, "GET", "/a", 404), exchange(1, "GET", "/a", 400))
		if diff := cmp.Diff([]string{"1x must general: general on 400", "1x should special: special on 404"}, summary(v)); diff != "" {
			t.Errorf("findings (-want +got):\n%s", diff)
		}
	}
}

func TestJudgeOn(t *testing.T) {
	var asked []string
	rule := func(id string, on ...int) *Rule {
		return &Rule{ID: id, On: on, Check: func(p *Pass) { asked = append(asked, fmt.Sprint(id, " ", p.Response.Status)) }}
	}
	rules := []*Rule{rule("all"), rule("class", 4), rule("code", 404, 200), rule("none", 0)}
	judged(rules, exchange(0, "GET", "/", 404), exchange(1, "GET", "/", 200), exchange(2, "GET", "/", 0), exchange(3, "GET", "/", 4), exchange(4, "GET", "/", 499))
	want := []string{"all 404", "class 404", "code 404", "all 200", "code 200", "all 0", "none 0", "all 4", "class 4", "all 499", "class 499"}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

func TestJudgeLeftOut(t *testing.T) {
	fields, cause, control, declared := fault("fields", Must), fault("cause", Must), fault("control", Must), fault("declared", Must)
	fields.Needs = SeenFields | SeenBody
	cause.Needs = SeenCause
	control.Needs = SeenControl
	declared.Needs = SeenDeclared
	bare := exchange(0, "GET", "/", 200)
	bare.Seen = SeenBody
	full := exchange(1, "GET", "/", 200)
	full.Case = &Case{Control: bare}
	full.Declared = &Declared{}
	caused := exchange(2, "GET", "/", 200)
	caused.Case = &Case{}
	v := judged([]*Rule{fields, declared, control, cause}, bare, full, caused)
	var got []string
	for _, left := range v.LeftOut {
		got = append(got, fmt.Sprintf("%s %d: %s", left.Rule.ID, left.Exchanges, left.Why))
	}
	want := []string{
		"cause 1: no cause of the request recorded",
		"control 2: no control exchange recorded",
		"declared 2: no description recorded",
		"fields 1: no header fields recorded",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
	wantFindings := []string{"2x must cause: cause on 200", "2x must fields: fields on 200", "1x must control: control on 200", "1x must declared: declared on 200"}
	if diff := cmp.Diff(wantFindings, summary(v)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestJudgeEvidence sees that a finding shows few exchanges, of different
// operations, and that a fault may lie in an earlier one.
func TestJudgeEvidence(t *testing.T) {
	j := NewJudge([]*Rule{fault("r", Must)})
	j.Keep = 2
	for i := range 10 {
		j.See(exchange(i, "GET", fmt.Sprint("/", i/2), 200))
	}
	f := j.Verdict().Findings[0]
	if len(f.Evidence) != 2 || f.Evidence[0].Source.Entry != 0 || f.Evidence[1].Source.Entry != 2 || f.Count != 10 || len(f.Operations) != 5 {
		t.Errorf("%d in evidence, %d counted, %d operations", len(f.Evidence), f.Count, len(f.Operations))
	}

	earlier, last := exchange(3, "POST", "/a", 201), exchange(5, "GET", "/a", 404)
	v := judged([]*Rule{{ID: "at", Level: Must, Compare: func(p *Pass) {
		if past := p.Past("/a"); len(past) > 0 {
			p.Report(Fault{Message: "lost", At: past[0], Before: past})
		}
	}}}, earlier, last)
	got := v.Findings[0]
	if got.Status != 201 || got.Operation.String() != "POST /a" || !slices.Equal(got.Entries, []int{3}) {
		t.Errorf("the fault lies in %s, %d, %v", got.Operation, got.Status, got.Entries)
	}
	if e := got.Evidence[0]; e.Exchange != earlier || len(e.Before) > 0 || !slices.Equal(e.After, []*Exchange{last}) {
		t.Errorf("evidence = %+v", e)
	}
}

// TestJudgeExcept sees that excepted faults leave no trace, and that what they
// silence stays silent.
func TestJudgeExcept(t *testing.T) {
	over := fault("over", Must)
	over.Over = []string{"under"}
	choose := &Rule{ID: "mixed", Level: Advice, Convention: "choice", Choose: func(p *Pass) string { return fmt.Sprint(p.Response.Status) }}
	j := NewJudge([]*Rule{over, fault("under", Should), fault("other", Should), choose})
	j.Except = func(r *Rule, o Operation, code int) bool {
		return r == over && o.Path == "/a" && code == 200 || r == choose && o.Path == "/c"
	}
	for i, x := range []*Exchange{
		exchange(0, "GET", "/a", 200), exchange(1, "GET", "/a", 404), exchange(2, "GET", "/b", 404),
		exchange(3, "GET", "/c", 422), exchange(4, "GET", "/d", 404), exchange(5, "GET", "/e", 200),
	} {
		x.Source.Entry = i
		j.See(x)
	}
	var got []string
	for _, f := range j.Verdict().Findings {
		got = append(got, fmt.Sprintf("%s: %d answers, %v, %d marks, %d shown: %s", f.Rule.ID, f.Count, f.Entries, len(f.Marks), len(f.Evidence), f.Message))
	}
	want := []string{
		"over: 5 answers, [1 2 3 4 5], 5 marks, 3 shown: over on 404",
		"other: 6 answers, [0 1 2 3 4 5], 5 marks, 3 shown: other on 200",
		"mixed: 2 answers, [0 5], 2 marks, 2 shown: choice: 404 on 3 of the operations, 200 on 2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestJudgeConvention sees that an operation counts once with each of its choices,
// and none that the description does not know.
func TestJudgeConvention(t *testing.T) {
	choose := &Rule{ID: "mixed", Level: Advice, Once: true, Convention: "errors", Choose: func(p *Pass) string { return fmt.Sprint(p.Response.Status) }}
	described := func(entry int, path string, status int) *Exchange {
		x := exchange(entry, "GET", path, status)
		x.Declared = &Declared{}
		return x
	}
	j := NewJudge([]*Rule{choose})
	for _, x := range []*Exchange{
		described(0, "/a", 400), described(1, "/a", 422), described(2, "/b", 400), described(3, "/b", 400), described(4, "/c", 409), described(5, "/a", 422),
		exchange(6, "STATUTE", "/a", 500), exchange(7, "OPTIONS", "/b", 409),
	} {
		j.See(x)
	}
	v := j.Verdict()
	if diff := cmp.Diff([]string{"1x advice mixed: errors: 400 on 2 of the operations, 422 on 1, 409 on 1"}, summary(v)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if got := v.Findings[0].Entries; !slices.Equal(got, []int{1, 4, 5}) {
		t.Errorf("entries %v", got)
	}
	j.Conventions = map[string]string{"errors": "422"}
	if got, want := summary(j.Verdict())[0], "1x advice mixed: errors: 422 by the API's convention, 400 on 2, 409 on 1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestJudgeFiles sees that findings tell of which files their entries are.
func TestJudgeFiles(t *testing.T) {
	choose := &Rule{ID: "mixed", Level: Advice, Choose: func(p *Pass) string { return fmt.Sprint(p.Response.Status) }}
	in := func(file string, entry int, path string, status int) *Exchange {
		x := exchange(entry, "GET", path, status)
		x.Source.File = file
		return x
	}
	v := judged([]*Rule{fault("r", Must), choose},
		in("b", 0, "/1", 400), in("b", 1, "/2", 422), in("a", 0, "/3", 400), in("a", 1, "/4", 400), in("b", 2, "/2", 422), in("a", 2, "/5", 422))
	var got []string
	for _, f := range v.Findings {
		got = append(got, fmt.Sprintf("%s: %v of %v", f.Rule.ID, f.Entries, f.Files))
	}
	want := []string{"r: [0 1 0 1 2 2] of [{b 2} {a 2} {b 1} {a 1}]", "mixed: [2 1 2] of [{a 1} {b 2}]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestJudgeMemory sees that a judge remembers what came before on the same
// server and path, and no more than so much of it.
func TestJudgeMemory(t *testing.T) {
	var past []int
	j := NewJudge([]*Rule{{ID: "r", Compare: func(p *Pass) {
		past = past[:0]
		for _, x := range p.Past(p.Request.Path()) {
			past = append(past, x.Source.Entry)
		}
	}}})
	for i := range keepAt + 3 {
		j.See(exchange(i, "GET", "/a", 200))
	}
	if len(past) != keepAt || past[0] != 2 || past[keepAt-1] != keepAt+1 {
		t.Errorf("%d remembered of one path: %v", len(past), past)
	}
	other := exchange(0, "GET", "/a", 200)
	other.Request.Authority = "other.example"
	if j.See(other); len(past) != 0 {
		t.Errorf("another server's past is %v", past)
	}
	for i := range keepPlaces {
		j.See(exchange(i, "GET", fmt.Sprint("/", i), 200))
	}
	if j.See(exchange(0, "GET", "/a", 200)); len(past) != 0 {
		t.Errorf("a path long gone is remembered: %v", past)
	}
	if order := j.past.order[j.past.first:]; len(j.past.exchanges) != keepPlaces || len(order) != keepPlaces {
		t.Errorf("%d paths remembered, %d in order", len(j.past.exchanges), len(order))
	}

	single := NewJudge([]*Rule{fault("r", Must)})
	if single.See(other); len(single.past.exchanges) != 0 {
		t.Error("exchanges are remembered though no rule compares")
	}
}

func TestRulePage(t *testing.T) {
	r := &Rule{Doc: strings.Join([]string{
		"# A fault", "", "What is wrong.", "", "More.", "", "## Fix", "", "Do this", "at once.", "", "    Example: 1", "",
		"## Not reported", "", "That.", "-- good: a --", "GET / HTTP/1.1", "",
	}, "\n")}
	for _, tt := range []struct{ name, got, want string }{
		{"title", r.Title(), "A fault"},
		{"lead", r.Part(""), "What is wrong.\n\nMore."},
		{"fix", r.Fix(), "Do this at once."},
		{"part", r.Part("Not reported"), "That."},
		{"missing part", r.Part("Not"), ""},
		{"end of page", r.Page()[len(r.Page())-6:], "That.\n"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s = %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestLevelText(t *testing.T) {
	for _, level := range []Level{Advice, Should, Must} {
		text, _ := level.MarshalText()
		var got Level
		if err := got.UnmarshalText(text); err != nil || got != level {
			t.Errorf("%v reads back as %v, error = %v", level, got, err)
		}
	}
	for _, text := range []string{"", "MUST", "error"} {
		var got Level
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q reads as %v", text, got)
		}
	}
	if Level(9).String() != "Level(9)" || Likely.String() != "likely" || Certain.String() != "certain" {
		t.Error("texts of levels and confidences")
	}
}
