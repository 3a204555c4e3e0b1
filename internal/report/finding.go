package report

import (
	"bufio"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/redact"
)

// Finding returns a finding as the text report shows it, without the command
// that sends it again: for who has no server that a command could reach. A nil
// Redactor knows no secrets of the user's.
func Finding(f *statute.Finding, r *redact.Redactor) string {
	v := newView(&Run{Verdict: &statute.Verdict{Findings: []*statute.Finding{f}}, Redactor: r})
	shown := v.Findings[0]
	for i := range shown.Evidence {
		shown.Evidence[i].Replay = ""
	}
	var b strings.Builder
	p := &printer{w: bufio.NewWriter(&b)}
	p.finding(shown)
	p.w.Flush()
	return strings.TrimSpace(b.String())
}
