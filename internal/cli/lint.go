package cli

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/lint"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/internal/redact"
	"github.com/statute-http/statute/internal/report"
	"github.com/statute-http/statute/rules"
)

// lint returns the command that judges a description alone.
func (a *app) lint() *cobra.Command {
	var out output
	cmd := &cobra.Command{
		Use:   "lint DESCRIPTION",
		Short: "Judge an API's description alone; nothing is sent",
		Long: `Judges what an OpenAPI or Swagger description (a file or its URL) says of status
codes: creates that answer 200, content for 204, credentials without 401, and the
like. Nothing is sent to the API. A class (2XX) and default count for all codes
that they stand for.

What is wrong with the description itself is listed: a $ref that leads nowhere, a
type or code that there is not. What stands there is not judged, and the exit
status is 2, unless --fail-on never is given.

Its rules are called lint-...: statute explain lint-no-error. Of statute.yaml it
takes description, off and fail-on.`,
		Example: `  statute lint openapi.yaml
  statute lint openapi.yaml --format sarif -o lint.sarif`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := out.configured(cmd.Flags())
			if err != nil {
				return err
			}
			location := file.Description
			if len(args) > 0 {
				location = args[0]
			}
			if location == "" {
				return hint(errors.New("name a description"), "statute lint openapi.yaml")
			}
			ctx, done := a.interruptible()
			defer done()
			start := time.Now()
			d, err := openapi.Load(ctx, location, openapi.Options{})
			if err != nil {
				return hint(err, "statute lint openapi.yaml")
			}
			if len(d.Operations) == 0 {
				return hint(fmt.Errorf("%s describes no operation", d.Location), "statute lint openapi.yaml")
			}
			run := &report.Run{Target: d.Location}
			describedBy(run, d)
			judge := newJudging(file, nil)
			run.Verdict = &statute.Verdict{Findings: lint.Findings(d, judge.accepts)}
			run.Off, run.Redactor, run.Elapsed = judge.off, &redact.Redactor{}, time.Since(start)
			if err := a.write(run, &out); err != nil {
				return err
			}
			if n := len(run.Problems); n > 0 && !out.nothing {
				return hint(fmt.Errorf("%s in %s: what could not be read was not judged", counted(n, "problem", "problems"), d.Location),
					"statute lint %s --fail-on never", word(location))
			}
			return out.gate(run)
		},
	}
	f := cmd.Flags()
	out.gateFlag(f)
	out.flags(f)
	configFlag(f)
	return cmd
}

// describedBy notes where a description stands, and what is wrong with it.
func describedBy(run *report.Run, d *openapi.Description) {
	run.Places = map[statute.Operation]report.Place{}
	for _, op := range d.Operations {
		if op.Line == 0 {
			continue
		}
		run.Places[op.Operation] = report.Place{File: op.File, Line: op.Line}
	}
	readFrom(run, d)
}

// readFrom notes which description was read, and what is wrong with it.
func readFrom(run *report.Run, d *openapi.Description) {
	run.Description = d.Location
	for _, p := range d.Problems {
		run.Problems = append(run.Problems, report.Problem{Line: p.Line, Message: p.Message})
	}
}

// everyRule lists the rules for exchanges and those for descriptions.
func everyRule() []*statute.Rule { return slices.Concat(rules.All, lint.Rules()) }
