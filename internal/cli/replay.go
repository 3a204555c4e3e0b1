package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/report"
	"github.com/statute-http/statute/rules"
)

// replay returns the command that sends findings again.
func (a *app) replay() *cobra.Command {
	var (
		address      string
		fields, auth []string
		safe         bool
		config       check.Config
		wfc          string

		as, asLow, asOther string
	)
	cmd := &cobra.Command{
		Use:   "replay REPORT [ID]",
		Short: "Send the exchanges of findings again, and say which are fixed",
		Long: `Sends the exchanges that prove the findings of a JSON report again, judges them by
the same rules, and says of each finding

  FIXED        the exchanges do not show the fault any more;
  STILL THERE  they do;
  CANNOT TELL  they could not be repeated, and why.

The ID is that of a rule, or a finding's fingerprint or its beginning; without one
all findings are sent. - as REPORT is standard input.

What a finding is about is made anew, with its new ids in the place of the old ones,
and deleted afterwards. Reports hold no credentials: they are given as to check.
Towards any host but this machine only safe methods are sent, unless --write is
given; what this replay did not make is not written to.

The exit status is 0 if all is fixed, 1 if something is still there, 2 if it cannot
be told.`,
		Example: `  statute replay report.json
  statute replay report.json 5f1c0a --auth 'Authorization: Bearer $TOKEN'
  statute replay report.json 401-without-challenge --url http://127.0.0.1:9090`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := configuration(cmd.Flags())
			if err != nil {
				return err
			}
			switch {
			case safe && config.Write:
				return errors.New("--safe and --write contradict each other")
			case config.Timeout <= 0:
				return errors.New("--timeout: it must be more than nothing")
			}
			l, err := parseLogin(fields, auth)
			if err != nil {
				return err
			}
			redactor, err := a.introduce(l, file, wfc, as, asLow, asOther)
			if err != nil {
				return err
			}
			old, err := readReport(args[0], cmd.InOrStdin())
			if err != nil {
				return hint(err, "statute check http://127.0.0.1:8080 -o report.json")
			}
			if config.Base, err = baseOfReport(old, address); err != nil {
				return err
			}
			id := ""
			if len(args) > 1 {
				id = args[1]
			}
			chosen := choose(old.Verdict.Findings, id)
			if len(chosen) == 0 && (id != "" || len(old.Verdict.Findings) > 0) {
				return hint(fmt.Errorf("%s has no finding %s", args[0], id), "statute replay %s", word(args[0]))
			}
			ctx, done := a.interruptible()
			defer done()
			if err := l.reach(ctx, config.Base); err != nil {
				return err
			}
			config.Write = (config.Write || loopback(config.Base)) && !safe
			l.give(&config)
			config.Secret = redactor.Learn
			config.Failed = rules.Failed
			config.Announce = func([]string) { a.console.say("writing to %s", config.Base) }
			r := &replaying{old: old, judging: func() *judging { return newJudging(file, nil) }}
			result, err := r.play(ctx, config, chosen)
			if err != nil {
				return hint(fmt.Errorf("replaying to %s: %w", config.Base, err), "curl -i %s", word(config.Base))
			}
			for _, left := range result.Leftover {
				a.console.say("not known to be deleted: %s", left)
			}
			for _, line := range r.lines {
				fmt.Fprintln(a.stdout, report.Escape(redactor.Text(line)))
			}
			switch {
			case r.there > 0:
				return errFindings
			case r.open > 0:
				return hint(fmt.Errorf("of %s it cannot be told", counted(r.open, "finding", "findings")), "statute replay --help")
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&address, "url", "", "`URL` of the API: its host takes the place of that in the report")
	f.StringArrayVarP(&fields, "header", "H", nil, "`field` to send with every request: 'Name: value'")
	f.StringArrayVar(&auth, "auth", nil, "`credential`: 'Name: value', or '?name=value' for one in the query")
	f.StringVar(&as, "as", "", "`name` of credentials in statute.yaml")
	f.StringVar(&asLow, "as-low", "", "`name` of credentials with fewer rights")
	f.StringVar(&asOther, "as-other", "", "`name` of credentials with the same rights and other resources")
	f.StringVar(&wfc, "wfc", "", "`file` with credentials by name, in the format of Web Fuzzing Commons")
	f.StringArrayVar(&config.Risky, "risky", nil, "send these `operations` though their names speak of harm")
	f.BoolVar(&safe, "safe", false, "send safe methods only")
	f.BoolVar(&config.Write, "write", false, "send unsafe methods to a host that is not this machine")
	f.DurationVar(&config.Timeout, "timeout", 10*time.Second, "`time` for one exchange")
	configFlag(f)
	return cmd
}

// readReport reads the JSON report of that name, "-" being standard input.
func readReport(name string, stdin io.Reader) (*report.Run, error) {
	in := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	run, err := report.Read(in, everyRule())
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return run, nil
}

// baseOfReport returns the host that requests go to: that of the address or, if
// it is "", of the report.
func baseOfReport(run *report.Run, address string) (*url.URL, error) {
	text := cmp.Or(address, run.Target)
	u, err := parseURL(text)
	if err != nil && address == "" {
		return nil, hint(errors.New("the report does not say where the API is"), "statute replay report.json --url http://127.0.0.1:8080")
	}
	if err != nil {
		return nil, fmt.Errorf("--url: %w", err)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

// proofs returns the exchanges by which the findings of a verdict are proved.
func proofs(v *statute.Verdict) []*statute.Exchange {
	var all []*statute.Exchange
	for _, f := range v.Findings {
		for _, e := range f.Evidence {
			all = append(all, scene(e)...)
		}
	}
	return all
}

// scene returns the exchanges of a proof in the order sent.
func scene(e statute.Evidence) []*statute.Exchange {
	all := slices.Concat(e.Before, []*statute.Exchange{e.Exchange}, e.After)
	if e.Case != nil {
		for _, other := range []*statute.Exchange{e.Case.Control, e.Case.Elsewhere} {
			if other != nil && !slices.Contains(all, other) {
				all = append(all, other)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *statute.Exchange) int { return cmp.Compare(a.Source.Entry, b.Source.Entry) })
	return all
}

// choose returns the findings that an ID means, all for "". One that is found by
// a fingerprint is kept as far as it concerns that operation.
func choose(all []*statute.Finding, id string) []*statute.Finding {
	var chosen []*statute.Finding
	for _, f := range all {
		if id == "" || f.Rule.ID == id {
			chosen = append(chosen, f)
			continue
		}
		for _, o := range f.Operations {
			if !strings.HasPrefix(f.Marks[o.String()], strings.ToLower(id)) {
				continue
			}
			if f.Rule.Once {
				chosen = append(chosen, f)
				break
			}
			one := *f
			one.Operation, one.Operations = o, []statute.Operation{o}
			others := func(e statute.Evidence) bool { return statute.OperationOf(e.Exchange) != o }
			one.Evidence = slices.DeleteFunc(slices.Clone(f.Evidence), others)
			chosen = append(chosen, &one)
		}
	}
	return chosen
}

// replaying sends findings again.
type replaying struct {
	old         *report.Run
	judging     func() *judging
	lines       []string
	there, open int // findings
}

// play sends the findings again and notes what became of them.
func (r *replaying) play(ctx context.Context, config check.Config, findings []*statute.Finding) (*check.Result, error) {
	var made []check.Made
	for _, m := range r.old.Made {
		made = append(made, check.Made(m))
	}
	var scenes []check.Scene
	var owners []*statute.Finding
	for _, f := range findings {
		for _, e := range f.Evidence {
			scenes, owners = append(scenes, check.Scene{Exchanges: scene(e), Shown: e.Exchange}), append(owners, f)
		}
	}
	became := map[*statute.Finding][]outcome{}
	result := &check.Result{}
	if len(scenes) > 0 {
		var err error
		result, err = check.Replay(ctx, config, made, scenes, func(i int, p check.Played) {
			became[owners[i]] = append(became[owners[i]], r.settle(owners[i], scenes[i].Shown, p))
		})
		if err != nil {
			return nil, err
		}
	}
	for _, f := range findings {
		r.say(f, became[f])
	}
	return result, nil
}

// outcome is what became of one proof.
type outcome struct {
	there bool
	why   string // it cannot be told; "" if it can
}

// settle judges what was sent again.
func (r *replaying) settle(f *statute.Finding, shown *statute.Exchange, p check.Played) outcome {
	if f.Rule.Doc == "" {
		return outcome{why: "there is no such rule any more"}
	}
	judge := r.judging()
	for _, x := range p.Exchanges {
		judge.see(x)
	}
	verdict := judge.Verdict()
	for _, found := range verdict.Findings {
		if found.Rule == f.Rule && (f.Rule.Once || f.Rule.Choose != nil || slices.Contains(found.Operations, statute.OperationOf(shown))) {
			return outcome{there: true}
		}
	}
	if p.Why != "" {
		return outcome{why: p.Why}
	}
	if f.Rule.Choose != nil && !compared(verdict, f.Rule) {
		return outcome{why: "what is compared did not come out as it did then"}
	}
	if missing := f.Rule.Needs &^ p.Shown.Known(); missing != 0 && f.Rule.LooksAt(p.Shown.Response.Status) {
		return outcome{why: "not known: " + missing.String()}
	}
	return outcome{}
}

// compared reports whether several operations showed what the API chose.
func compared(v *statute.Verdict, r *statute.Rule) bool {
	n := 0
	for _, c := range v.Conventions {
		if c.Rule != r {
			continue
		}
		for _, choice := range c.Choices {
			n += len(choice.Operations)
		}
	}
	return n > 1
}

// say writes the line of a finding.
func (r *replaying) say(f *statute.Finding, became []outcome) {
	word, why := "FIXED", ""
	switch {
	case slices.ContainsFunc(became, func(o outcome) bool { return o.there }):
		r.there++
		word = "STILL THERE"
	case len(became) == 0:
		r.open++
		word, why = "CANNOT TELL", "the report shows no exchange of it"
	default:
		for _, o := range became {
			why = cmp.Or(why, o.why)
		}
		if why != "" {
			r.open++
			word = "CANNOT TELL"
		}
	}
	on := "the whole server"
	if !f.Rule.Once {
		on = f.Operation.String()
		if n := len(f.Operations); n > 1 {
			on += fmt.Sprintf(" + %d more", n-1)
		}
	}
	line := fmt.Sprintf("%-11s  %-6s  %s: %s  %s", word, f.Level, on, f.Message, f.Rule.ID)
	if why != "" {
		line += " (" + why + ")"
	}
	r.lines = append(r.lines, line)
}
