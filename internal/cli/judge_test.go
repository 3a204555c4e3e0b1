package cli

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/traffic"
	"github.com/statute-http/statute/rules"
)

// TestUnknownRequest judges responses alone, of each code, with and without
// fields and content: what is said of one must be true whatever was asked for. A
// rule that knows what was asked for may say it in the other's stead.
func TestUnknownRequest(t *testing.T) {
	const date = "Date: Sat, 21 Nov 2026 12:00:00 GMT\n"
	codes := []int{101}
	for code := 200; code < 1000; code++ {
		codes = append(codes, code)
	}
	said := 0
	for _, test := range []struct{ fields, content string }{
		{"", ""},
		{"Content-Length: 12\n", ""},
		{date + "ETag: \"a\"\nContent-Type: application/json\nTransfer-Encoding: chunked\n", ""},
		{date + "Content-Type: application/json\n", `{"error":"not authorized","id":17}`},
		{date + "Content-Type: application/problem+json\n", `{"title":"Not Found","status":404}`},
		{date + "Content-Type: text/html\n", "<!DOCTYPE html><title>500 Internal Server Error</title>"},
		{date + "Location: /b\nAllow: GET\nWWW-Authenticate: Bearer\nRetry-After: 12\nAccept-Patch: a/b\n", "plain"},
		{date + "Content-Range: bytes 0-1/2\nContent-Type: text/plain\n", "ab"},
	} {
		recording := func(method string) string {
			var b strings.Builder
			for _, code := range codes {
				if method != "" {
					fmt.Fprintf(&b, "%s /%d HTTP/1.1\nHost: a.example\n\n", method, code)
				}
				fmt.Fprintf(&b, "HTTP/1.1 %d Reason\n%s\n%s\n", code, test.fields, test.content)
			}
			return b.String()
		}
		unknown := judged(t, recording(""))
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
			if method == "HEAD" && test.content != "" {
				continue
			}
			known := judged(t, recording(method))
			for i, code := range codes {
				for _, finding := range unknown[i] {
					if said++; !slices.Contains(known[i], finding) && !replaced(finding, known[i]) {
						t.Errorf("%d with fields\n%s%s\ndraws %s, but not where it answers %s: %v", code, test.fields, test.content, finding, method, known[i])
					}
				}
			}
		}
	}
	if said == 0 {
		t.Error("nothing is said of responses alone")
	}
}

// replaced reports whether a rule that is Over the one of a finding speaks
// instead.
func replaced(finding string, by []string) bool {
	_, id, _ := strings.Cut(finding, " ")
	return slices.ContainsFunc(rules.All, func(r *statute.Rule) bool {
		return slices.Contains(r.Over, id) && slices.ContainsFunc(by, func(f string) bool { return strings.HasSuffix(f, " "+r.ID) })
	})
}

// judged returns what is found by the exchanges of a recording.
func judged(t *testing.T, recording string) map[int][]string {
	t.Helper()
	judge := statute.NewJudge(rules.All)
	for x, err := range traffic.Raw(strings.NewReader(recording), "") {
		if err != nil {
			t.Fatal(err)
		}
		judge.See(x)
	}
	found := map[int][]string{}
	for _, f := range judge.Verdict().Findings {
		for _, entry := range f.Entries {
			found[entry] = append(found[entry], fmt.Sprintf("%s %s", f.Level, f.Rule.ID))
		}
	}
	return found
}
