package cli

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/config"
	"github.com/statute-http/statute/internal/report"
	"github.com/statute-http/statute/internal/sample"
)

// demo returns the command that checks the sample shop, and with it Statute.
func (a *app) demo() *cobra.Command {
	var (
		right, serve bool
		out          output
	)
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Check a built-in sample API with planted faults",
		Long: `Serves a small shop on a free port of this machine, checks it and compares what
is found with the faults that were planted in it. The exit status is 0 if those
were found and nothing else.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			out.failOn = "never"
			if err := out.resolve(); err != nil {
				return err
			}
			ctx, done := a.interruptible()
			defer done()
			edition, planted := sample.Flawed(), sample.Planted()
			if right {
				edition, planted = sample.Right(), nil
			}
			return a.demonstrate(ctx, edition, planted, serve, &out)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&right, "right", false, "check the edition without faults: nothing is found")
	f.BoolVar(&serve, "serve", false, "leave the shop running to play with")
	out.flags(f)
	return cmd
}

// demonstrate serves an edition of the shop, checks it and compares what is
// found with what was planted.
func (a *app) demonstrate(ctx context.Context, edition http.Handler, planted []sample.Fault, serve bool, out *output) error {
	server, err := sample.Listen(edition, "")
	if err != nil {
		return err
	}
	defer server.Close()
	l, err := users(sample.Token, sample.LowToken, sample.OtherToken)
	if err != nil {
		return err
	}
	base, err := url.Parse(server.URL)
	if err != nil {
		return err
	}
	t, err := discover(ctx, base, nil, l)
	if err != nil {
		return err
	}
	run, err := a.run(ctx, t, l, check.Config{Write: true}, newJudging(&config.File{}, nil))
	if err != nil {
		return err
	}
	if err := a.write(run, out); err != nil {
		return err
	}
	lines, ok := compare(planted, run.Verdict)
	for _, line := range lines {
		if out.format == "text" {
			fmt.Fprintln(a.stdout, report.Escape(line))
		} else {
			a.console.say("%s", line)
		}
	}
	if serve {
		a.console.say("the shop is at %s until Ctrl-C; its credential guards nothing", server.URL)
		a.console.hint(fmt.Sprintf("statute check %s --auth 'Authorization: Bearer %s'", server.URL, sample.Token))
		<-ctx.Done()
	}
	if !ok {
		return errFindings
	}
	return nil
}

// users returns the log-in of the three principals with these bearer tokens.
func users(full, low, other string) (*login, error) {
	l, err := parseLogin(nil, []string{"Authorization: Bearer " + full})
	if err != nil {
		return nil, err
	}
	for _, user := range []struct {
		*identity
		token string
	}{{&l.low, low}, {&l.other, other}} {
		if user.credentials, err = parseAuth("Authorization: Bearer "+user.token, ""); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// compare says which planted faults were found, which were not, and what was
// found that nobody planted; ok means all of the first and none of the others.
func compare(planted []sample.Fault, verdict *statute.Verdict) (lines []string, ok bool) {
	found := make([]bool, len(planted))
	var others []string
	for _, f := range verdict.Findings {
		for _, o := range f.Operations {
			expected := false
			for i, fault := range planted {
				if fault.Rule == f.Rule.ID && shows(fault, o) {
					found[i], expected = true, true
				}
			}
			if !expected {
				others = append(others, fmt.Sprintf("not planted: %s on %s: %s", f.Rule.ID, o, f.Message))
			}
		}
	}
	hits := 0
	for i, fault := range planted {
		if found[i] {
			hits++
			continue
		}
		where := cmp.Or(strings.TrimSpace(fault.Operation.String()), "the whole server")
		lines = append(lines, fmt.Sprintf("missed: %s on %s: %s", fault.Rule, where, fault.What))
	}
	lines = append(lines, others...)
	if len(planted)+len(others) == 0 {
		return []string{"nothing found, as it should be"}, true
	}
	last := fmt.Sprintf("%d of %d planted faults found", hits, len(planted))
	if len(others) == 0 {
		last += ", nothing else"
	}
	return append(lines, last), hits == len(planted) && len(others) == 0
}

// shows reports whether a planted fault may show at an operation: one without
// a method shows at any, one without a path everywhere.
func shows(fault sample.Fault, o statute.Operation) bool {
	at := fault.Operation
	return (at.Method == "" || at.Method == o.Method) && (at.Path == "" || at.Path == o.Path)
}
