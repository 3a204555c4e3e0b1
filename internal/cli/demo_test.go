package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/sample"
)

func TestCompare(t *testing.T) {
	get := statute.Operation{Method: "GET", Path: "/a"}
	put := statute.Operation{Method: "PUT", Path: "/a"}
	finding := func(rule string, operations ...statute.Operation) *statute.Finding {
		return &statute.Finding{Rule: &statute.Rule{ID: rule}, Message: "wrong", Operations: operations}
	}
	planted := []sample.Fault{
		{Rule: "one", Operation: get, What: "one is wrong"},
		{Rule: "two", Operation: statute.Operation{Path: "/a"}, What: "two is wrong"},
		{Rule: "three", What: "three is wrong"},
	}
	tests := []struct {
		name     string
		findings []*statute.Finding
		want     []string
		ok       bool
	}{
		{
			"all",
			[]*statute.Finding{finding("one", get), finding("two", put), finding("three", get, put)},
			[]string{"3 of 3 planted faults found, nothing else"},
			true,
		},
		{
			"none", nil,
			[]string{
				"missed: one on GET /a: one is wrong", "missed: two on /a: two is wrong",
				"missed: three on the whole server: three is wrong", "0 of 3 planted faults found, nothing else",
			},
			false,
		},
		{
			"more",
			[]*statute.Finding{finding("one", get, put), finding("two", get), finding("three", get), finding("four", get)},
			[]string{
				"not planted: one on PUT /a: wrong", "not planted: four on GET /a: wrong", "3 of 3 planted faults found",
			},
			false,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			lines, ok := compare(planted, &statute.Verdict{Findings: test.findings})
			if ok != test.ok {
				t.Errorf("got ok %v, want %v", ok, test.ok)
			}
			if diff := cmp.Diff(test.want, lines); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}
