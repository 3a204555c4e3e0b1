package report

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/statute-http/statute"
)

// TestConventions shows the choices of an API in all formats for people, and
// what its description does not list apart from the other findings.
func TestConventions(t *testing.T) {
	choice := &statute.Rule{ID: "choice", Level: statute.Advice, Doc: "# Choice", Convention: "invalid values", Choose: func(p *statute.Pass) string {
		return fmt.Sprint(p.Response.Status)
	}}
	drift := &statute.Rule{ID: "drift", Level: statute.Advice, Doc: "# Drift", Needs: statute.SeenDeclared, Check: func(p *statute.Pass) {
		p.Report(statute.Fault{Message: "not listed"})
	}}
	judge := statute.NewJudge([]*statute.Rule{choice, drift})
	for i, path := range []string{"/a", "/b", "/c?token=" + url.QueryEscape("s3cr3t")} {
		x := &statute.Exchange{
			Operation: statute.Operation{Method: "POST", Path: path},
			Request:   statute.Request{Method: "POST", Target: path, Authority: "127.0.0.1"},
			Response:  statute.Response{Status: 422},
			Declared:  &statute.Declared{},
		}
		if i > 1 {
			x.Response.Status = 400
		}
		judge.See(x)
	}
	run := &Run{Verdict: judge.Verdict()}
	const want = "invalid values: 422 on 2 operations; 400 on POST /c?token=[redacted]"
	for _, name := range []string{"text", "markdown", "html"} {
		format, _ := ByName(name)
		var b bytes.Buffer
		if err := format.Write(&b, run, Screen{}); err != nil {
			t.Fatal(err)
		}
		if text := strings.ReplaceAll(b.String(), "`", ""); !strings.Contains(text, want) {
			t.Errorf("%s lacks %q:\n%s", name, want, text)
		}
		if name == "text" && !strings.Contains(b.String(), "differ\n        POST /a, POST /b, POST /c?token=[redacted]: not listed  drift\n") {
			t.Errorf("the drift is not shown apart:\n%s", &b)
		}
	}
	var b bytes.Buffer
	if err := writeJSON(&b, newView(run), Screen{}); err != nil {
		t.Fatal(err)
	}
	const json = `"choices": [
        {
          "answer": "422",
          "operations": [
            "POST /a",
            "POST /b"
          ]
        },`
	if !strings.Contains(b.String(), json) {
		t.Errorf("the JSON report lacks %s:\n%s", json, &b)
	}
}
