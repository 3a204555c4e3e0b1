package cli

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/config"
	"github.com/statute-http/statute/internal/report"
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

// TestManyHosts reads a recording in which each exchange has a host of its own:
// what is kept of it stays bounded.
func TestManyHosts(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, "GET /orders/%d HTTP/1.1\nHost: h%d.example\n\nHTTP/1.1 401 Unauthorized\nContent-Type: application/json\n\n{\"message\":\"who?\"}\n\n", i, i)
	}
	r := &reading{run: &report.Run{}, judge: newJudging(&config.File{}, nil), progress: func(string) {}}
	r.judge.servers = map[report.Fault][]string{}
	if err := r.file(strings.NewReader(b.String()), "many.http"); err != nil {
		t.Fatal(err)
	}
	r.judge.finish(r.run, true)
	if n := len(r.routes); n > maxServers+1 {
		t.Errorf("%d tables of routes", n)
	}
	if n := len(r.run.Verdict.Conventions); n == 0 || n > 1024 {
		t.Errorf("%d conventions", n)
	}
	for _, f := range r.run.Verdict.Findings {
		if len(f.Operations) > 1 {
			t.Errorf("%s on %d operations", f.Rule.ID, len(f.Operations))
		}
	}
	if n := len(r.judge.servers[report.Fault{Rule: r.run.Verdict.Findings[0].Rule, Operation: statute.Operation{Method: "GET", Path: "/orders/{id}"}}]); n != maxAt {
		t.Errorf("%d servers are kept of a fault", n)
	}
}
