package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

// TestOff sees that every report for people says what was switched off and why,
// without secrets, and that JSON tells what was switched off for nothing.
func TestOff(t *testing.T) {
	run := judged()
	run.Redactor.Secrets = []string{"hush-hush"}
	late := &statute.Rule{ID: "201-without-location", Level: statute.Should, Doc: "# 201 without Location\n"}
	var faults []Fault
	for _, path := range []string{"/jobs", "/jobs/{id}", "/hush-hush"} {
		faults = append(faults, Fault{late, statute.Operation{Method: "POST", Path: path}, 201})
	}
	run.Off = []Off{
		{Rule: "201-without-location", Route: "POST /jobs", Code: 201, Reason: "the id is in the content, not <hush-hush>", Faults: faults},
		{Rule: "date-missing", Reason: "no clock"},
	}
	for _, tt := range []struct {
		format string
		want   []string
	}{
		{"text", []string{"3 findings switched off\n", "3 × 201-without-location on POST /jobs with 201: the id is in the content, not <[redacted]>\n"}},
		{"markdown", []string{"3 findings switched off", "POST /jobs", "the id is in the content, not `<[redacted]>`"}},
		{"html", []string{"3 findings switched off", "POST /jobs with 201: the id is in the content, not &lt;[redacted]&gt;"}},
	} {
		format, _ := ByName(tt.format)
		var b strings.Builder
		if err := format.Write(&b, run, Screen{}); err != nil {
			t.Fatal(err)
		}
		for _, want := range tt.want {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s lacks %q", tt.format, want)
			}
		}
		if strings.Contains(b.String(), "no clock") {
			t.Errorf("%s tells what was switched off for nothing", tt.format)
		}
	}

	format, _ := ByName("json")
	var b strings.Builder
	if err := format.Write(&b, run, Screen{}); err != nil {
		t.Fatal(err)
	}
	type entry struct {
		Rule, Route, Reason string
		Code, Count         int
	}
	var got struct{ Off, Unused []entry }
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	want := struct{ Off, Unused []entry }{
		[]entry{{"201-without-location", "POST /jobs", "the id is in the content, not <[redacted]>", 201, 3}},
		[]entry{{Rule: "date-missing", Reason: "no clock"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
