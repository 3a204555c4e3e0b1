package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/report"
	"github.com/statute-http/statute/internal/traffic"
	"github.com/statute-http/statute/rules"
)

// judge returns the command that judges recorded exchanges.
func (a *app) judge() *cobra.Command {
	var out output
	cmd := &cobra.Command{
		Use:   "judge FILE",
		Short: "Judge exchanges that somebody else recorded",
		Long: `Judges the exchanges of an HTTP Archive (HAR 1.2), as browsers, proxies and test
runners write it, by the same rules as check. A file of any size is read in
constant memory; - reads standard input. Nothing is sent.`,
		Example: `  statute judge traffic.har
  statute judge - --format json < traffic.har`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := out.resolve(); err != nil {
				return err
			}
			run, err := a.judgeFile(args[0], cmd.InOrStdin())
			if err != nil {
				return hint(err, "statute judge --help")
			}
			if err := a.write(run, &out); err != nil {
				return err
			}
			return out.gate(run)
		},
	}
	f := cmd.Flags()
	f.StringVar(&out.failOn, "fail-on", "should", "lowest `level` that counts as failure: must, should, advice or never")
	out.flags(f)
	return cmd
}

// judgeFile judges the recording of that name, "-" being standard input.
func (a *app) judgeFile(name string, stdin io.Reader) (*report.Run, error) {
	start := time.Now()
	in := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	run := &report.Run{Target: name}
	judge := statute.NewJudge(rules.All)
	for x, err := range traffic.HAR(bufio.NewReaderSize(in, 1<<16), name) {
		var broken *traffic.EntryError
		switch {
		case errors.As(err, &broken):
			run.Problems = append(run.Problems, report.Problem{Message: broken.Error()})
		case err != nil:
			return nil, fmt.Errorf("reading %s: %w", name, err)
		default:
			judge.See(x)
		}
	}
	run.Verdict = judge.Verdict()
	run.Elapsed = time.Since(start)
	return run, nil
}
