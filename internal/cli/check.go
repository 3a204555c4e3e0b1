package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/openapi"
)

// unknown returns the patterns that mean no operation of a description: a slip
// in --skip must not go unseen.
func unknown(d *openapi.Description, patterns ...[]string) []string {
	if d == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Concat(patterns...), func(pattern string) bool {
		return slices.ContainsFunc(d.Operations, func(op *openapi.Operation) bool { return check.Matches(pattern, op) })
	})
}

// burstOn returns the pattern of the operation that is to get a burst, if the user
// names one.
func burstOn(c check.Config) []string {
	if c.BurstOn == "" {
		return nil
	}
	return []string{c.BurstOn}
}

// check returns the command that checks an API.
func (a *app) check() *cobra.Command {
	var (
		address      string
		fields, auth []string
		set          []string
		safe         bool
		noShrink     bool
		dryRun       bool
		from         []string
		config       check.Config
		out          output
		expired      []string
		wfc          string

		as, asLow, asOther string

		baseline func(live bool) (*baseline, error)
	)
	cmd := &cobra.Command{
		Use:   "check [DESCRIPTION | URL]",
		Short: "Send an API the requests that go wrong in production, and judge every answer",
		Long: `Sends an API the requests that go wrong in production, and judges every answer.

The argument is an OpenAPI or Swagger description (a file or its URL), or the
base URL of an API, whose description is then looked for at the usual places.
An API without one is checked as a single GET operation, or by --from: recorded
traffic tells the operations, and the recorded values are examples.

Towards this machine (127.0.0.0/8, ::1, localhost) everything that the
description lists is tried, and what the run created is deleted again. Towards
any other host only safe methods are sent, unless --write is given.

What changes something goes to what the run created, and nowhere else. An
operation that would act on something else, and one whose name speaks of harm
(shutdown, reset, log-out), is left out and named. --risky 'POST /reset' sends it
all the same: at the end of the run, before what it created is deleted.

Values may hold $VARIABLE, or be @FILE, so that no secret stands in a process
list. Operations are written 'GET /orders/{id}', with * for any characters.

What is said every time belongs into statute.yaml: target, description,
credentials by name, conventions, limits, rules that are switched off with a
reason. Flags win over it; --skip, --risky and --set add to it.`,
		Example: `  statute check http://127.0.0.1:8080 --auth 'Authorization: Bearer $TOKEN'
  statute check openapi.yaml --url http://127.0.0.1:8080/base --skip 'DELETE /account' --format json
  statute check --as admin --baseline baseline.json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := out.configured(cmd.Flags())
			if err != nil {
				return err
			}
			switch {
			case safe && config.Write:
				return errors.New("--safe and --write contradict each other")
			case config.MaxPerOperation < 1:
				return errors.New("--max-per-operation: one request at least")
			case config.MaxRequests < 0 || config.MaxTime < 0 || config.PerSecond < 0 || config.Parallel < 1 || config.Burst < 0:
				return errors.New("--max-requests, --max-time, --per-second, --parallel, --burst: they cannot be less than nothing")
			case config.Timeout <= 0:
				return errors.New("--timeout: it must be more than nothing")
			}
			if config.BurstOn != "" && config.Burst == 0 {
				config.Burst = 50
			}
			known, err := baseline(true)
			if err != nil {
				return err
			}
			fill(&config, file, cmd.Flags())
			for _, pair := range set {
				name, value, ok := strings.Cut(pair, "=")
				if !ok || name == "" {
					return hint(fmt.Errorf("--set %s: it reads name=value", pair), "statute check --set order_id=17")
				}
				config.Values[name] = value
			}
			l, err := parseLogin(fields, auth)
			if err != nil {
				return err
			}
			if err := l.expire(expired); err != nil {
				return err
			}
			if _, err := a.introduce(l, file, wfc, as, asLow, asOther); err != nil {
				return err
			}
			ctx, done := a.interruptible()
			defer done()

			argument := ""
			if len(args) > 0 {
				argument = args[0]
			}
			argument, address = place(file, argument, address)
			a.console.status("looking for the API and its description")
			finding, found := context.WithTimeout(ctx, 3*config.Timeout)
			var t *target
			l.offline = dryRun
			if len(from) > 0 {
				t, err = a.observe(finding, from, cmp.Or(argument, address), l)
			} else {
				t, err = locate(finding, argument, address, l)
			}
			found()
			a.console.status("")
			if errors.Is(err, context.DeadlineExceeded) {
				err = hint(fmt.Errorf("no description within %v: %w", 3*config.Timeout, err), "statute check openapi.yaml --timeout 1m")
			}
			if err != nil {
				return err
			}
			if t.description != nil && len(t.description.Operations) == 0 {
				return hint(fmt.Errorf("%s describes no operation", t.description.Location), "statute check http://127.0.0.1:8080/path")
			}
			for _, pattern := range unknown(t.description, config.Only, config.Skip, config.Risky, burstOn(config)) {
				a.console.say("%q is no operation of the description", pattern)
			}
			config.Write = (config.Write || loopback(t.base)) && !safe
			if dryRun {
				return a.plan(t, l, config)
			}
			judge := newJudging(file, known)
			judge.shrinks = !noShrink
			run, broken := a.run(ctx, t, l, config, judge)
			if run == nil {
				return broken
			}
			a.unused(file, run)
			if err := a.write(run, &out); err != nil || broken != nil {
				return cmp.Or(err, broken)
			}
			interrupted := ctx.Err() != nil
			if err := nothingReached(run); err != nil && !interrupted {
				return err
			}
			if err := a.settle(run, &out, known); err != nil {
				return err
			}
			if interrupted {
				return hint(errors.New("interrupted before the end: the findings are those until then"),
					"statute check %s --max-time 1m", word(t.base))
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&from, "from", nil, "recorded traffic (`file`: HAR, raw HTTP) to learn the operations from, where there is no description")
	f.BoolVar(&dryRun, "dry-run", false, "list what would be sent, and send nothing; a description named by its URL is fetched")
	f.BoolVar(&noShrink, "no-shrink", false, "show the requests of findings as they were, with all that does not matter")
	f.StringVar(&address, "url", "", "`base` URL of the API, whatever the description says")
	f.StringArrayVarP(&fields, "header", "H", nil, "`field` to send with every request: 'Name: value'")
	f.StringArrayVar(&auth, "auth", nil, "`credential`: 'Name: value', or '?name=value' for one in the query")
	f.StringArrayVar(&expired, "auth-expired", nil, "`credential` that was good once")
	f.StringVar(&as, "as", "", "`name` of credentials in statute.yaml")
	f.StringVar(&asLow, "as-low", "", "`name` of credentials with fewer rights")
	f.StringVar(&asOther, "as-other", "", "`name` of credentials with the same rights and other resources")
	f.StringVar(&wfc, "wfc", "", "`file` with credentials by name, in the format of Web Fuzzing Commons")
	f.StringArrayVar(&config.Only, "only", nil, "check only these `operations`")
	f.StringArrayVar(&config.Skip, "skip", nil, "leave these `operations` out")
	f.StringArrayVar(&config.Risky, "risky", nil, "send these `operations` too, at the end, whatever they act on")
	f.StringArrayVar(&set, "set", nil, "`name=value` of a parameter or field")
	f.BoolVar(&safe, "safe", false, "send safe methods only")
	f.BoolVar(&config.Write, "write", false, "send unsafe methods to a host that is not this machine")
	f.BoolVar(&config.Exhaustive, "exhaustive", false, "send every kind of false credentials to every operation")
	f.BoolVar(&config.HTTP2, "http2", false, "compare with HTTP/2 where the connection is not secured too: by prior knowledge")
	f.BoolVar(&config.HTTP3, "http3", false, "compare with HTTP/3, on the same port")
	f.IntVar(&config.MaxPerOperation, "max-per-operation", 40, "`requests` for one operation at most")
	f.IntVar(&config.MaxRequests, "max-requests", 0, "`requests` at most, cleaning up aside; 0: no limit")
	f.DurationVar(&config.MaxTime, "max-time", 0, "`time` at most, cleaning up aside; 0: no limit")
	f.Float64Var(&config.PerSecond, "per-second", 0, "`requests` a second at most; 0: no limit")
	f.IntVar(&config.Parallel, "parallel", 4, "`reads` under way at the same time")
	f.IntVar(&config.Burst, "burst", 0, "`copies` of one GET to send at once at the end, until 429; then hold the server to its Retry-After")
	f.StringVar(&config.BurstOn, "burst-on", "", "`operation` to send them to; 50 if --burst does not say how many")
	f.DurationVar(&config.Timeout, "timeout", 10*time.Second, "`time` for one exchange")
	out.gateFlag(f)
	out.flags(f)
	configFlag(f)
	baseline = baselineFlags(f)
	return cmd
}
