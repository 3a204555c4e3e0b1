package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

// TestRead holds that what a replay needs comes back from the JSON report as it
// went in.
func TestRead(t *testing.T) {
	rule := &statute.Rule{ID: "fault", Level: statute.Must, Doc: "# Fault"}
	exchange := func(entry int, method, target string, status int, body string) *statute.Exchange {
		return &statute.Exchange{
			Source: statute.Source{Entry: entry}, Seen: statute.SeenAll,
			Operation: statute.Operation{Method: method, Path: "/orders/{id}"},
			Request: statute.Request{
				Method: method, Scheme: "http", Authority: "127.0.0.1:8080", Target: target, Proto: "HTTP/1.1",
				Fields: statute.Fields{{Name: "Host", Value: "127.0.0.1:8080"}, {Name: "accept", Value: ""}},
				Body:   statute.Body{Bytes: []byte(body), Size: int64(len(body))},
			},
			Response: statute.Response{Status: status, Proto: "HTTP/1.1", Reason: "x", Body: statute.Body{Bytes: []byte("cut"), Size: 9, Cut: true}},
		}
	}
	create := exchange(1, "POST", "/orders", 201, "{}")
	control := exchange(2, "GET", "/orders/17?a=b", 200, "")
	control.Case = &statute.Case{Cause: statute.Valid, Principal: statute.Full}
	fault := exchange(3, "PUT", "/orders/17", 500, "\xff\x00")
	fault.Declared = &statute.Declared{Responses: []string{"200", "default"}, Secured: true}
	fault.Case = &statute.Case{Cause: statute.WrongType, In: "body", Detail: "qty", Control: control, Principal: statute.Full}
	after := exchange(4, "OPTIONS", "*", 0, "")
	after.Response = statute.Response{}
	fault.Request.Body = body("a" + strings.Repeat("x", minRow) + "b")
	finding := &statute.Finding{
		Rule: rule, Level: statute.Should, Operation: fault.Operation, Path: "/orders/17", Status: 500, Cause: statute.WrongType,
		Message: "500", Expected: "400", Count: 1, Entries: []int{3}, Operations: []statute.Operation{fault.Operation},
		Marks:    map[string]string{"PUT /orders/{id}": "abc"},
		Evidence: []statute.Evidence{{Exchange: fault, Before: []*statute.Exchange{control}, After: []*statute.Exchange{after}}},
	}
	in := &Run{
		Target: "http://127.0.0.1:8080", Elapsed: time.Second,
		Verdict: &statute.Verdict{Findings: []*statute.Finding{finding}},
		Made: []Made{
			{Path: "/orders/17", By: create, Deleted: true},
			{Name: "17", By: create, Deleted: true, End: exchange(5, "POST", "/deleteOrder?id=17", 200, "")},
		},
	}
	var b bytes.Buffer
	if err := writeJSON(&b, newView(in), Screen{}); err != nil {
		t.Fatal(err)
	}
	if b.Len() > minRow*2 {
		t.Errorf("the report has %d bytes", b.Len())
	}
	out, err := Read(&b, []*statute.Rule{rule})
	if err != nil {
		t.Fatal(err)
	}
	want := &Run{Target: in.Target, Verdict: in.Verdict, Made: in.Made}
	byID := cmp.Transformer("rule", func(r *statute.Rule) string { return r.ID + r.Doc })
	if diff := cmp.Diff(want, out, byID, cmp.AllowUnexported(Run{})); diff != "" {
		t.Errorf("what came back (-want +got):\n%s", diff)
	}
}

// TestReadRows holds that what was left out of bodies can neither be more than a
// report may hold nor lie outside of them.
func TestReadRows(t *testing.T) {
	for _, row := range []string{
		`{"at":3,"text":"x","times":1}`, `{"at":-1,"text":"x","times":1}`, `{"at":0,"text":"x","times":-1}`, `{"at":0,"text":"","times":1}`,
		`{"at":0,"text":"xx","times":9223372036854775807}`, `{"at":0,"text":"x","times":200000000}`,
	} {
		message := `{"body":"ab","row":` + row + `}`
		text := `{"statute":"1","findings":[{"exchanges":[{"request":` + message + `,"before":[{"request":{},"response":` + message + `}]}]}]}`
		if _, err := Read(strings.NewReader(text), nil); err == nil {
			t.Errorf("%s was read", row)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`{"statute":"1","target":"http://127.0.0.1"}`)
	f.Add(`{"statute":"1","findings":[{"rule":"x","exchanges":[{"request":{"url":"http://a/b"},"control":1,"before":[{"source":{"entry":1}}]}]}]}`)
	f.Add(`{"statute":"1","made":[{"path":"/a","by":{"request":{"body":"!","encoding":"base64"}}}]}`)
	f.Add(`{"statute":"1","made":[{"path":"","name":"a","by":{"request":{"body":"ab","row":{"at":1,"text":"x","times":9}}},"end":{"request":{}}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		run, err := Read(strings.NewReader(text), nil)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := writeJSON(&b, newView(run), Screen{}); err != nil {
			t.Errorf("what was read cannot be written: %v", err)
		}
	})
}
