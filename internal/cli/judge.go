package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/report"
	"github.com/statute-http/statute/internal/traffic"
	"github.com/statute-http/statute/rules"
)

// judge returns the command that judges recorded exchanges.
func (a *app) judge() *cobra.Command {
	var out output
	cmd := &cobra.Command{
		Use:   "judge [FILE...]",
		Short: "Judge exchanges that somebody else recorded",
		Long: `Judges recorded exchanges by the same rules as check. Nothing is sent. A file is

  an HTTP Archive (HAR 1.2), as browsers, proxies and test runners write it;
  raw HTTP/1: request, response, the next request and so on, or responses alone;
  what curl -i, -I or -v printed (curl -sv URL > FILE 2>&1).

The first bytes tell which, also of what gzip compressed. A file of any size is
read in constant memory; - and no file at all stand for standard input.

A rule is left out for an exchange whose recording lacks what the rule needs. What
cannot be read is named, and the rest is judged.`,
		Example: `  statute judge traffic.har
  statute judge monday.har.gz tuesday.har.gz --format json
  curl -si https://shop.example/orders/17 | statute judge`,
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := out.resolve(); err != nil {
				return err
			}
			run, err := judgeFiles(names, cmd.InOrStdin())
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

// judgeFiles judges the recordings of those names, "-" being standard input, as
// one run.
func judgeFiles(names []string, stdin io.Reader) (*report.Run, error) {
	if len(names) == 0 {
		if file, ok := stdin.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
			return nil, errors.New("no file is named, and standard input is a terminal")
		}
		names = []string{"-"}
	}
	files := make([]io.Reader, len(names))
	for i, name := range names {
		if name == "-" {
			files[i] = stdin
			continue
		}
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		files[i] = file
	}
	r := reading{
		run:   &report.Run{Target: strings.Join(names, ", ")},
		judge: statute.NewJudge(rules.All),
	}
	start := time.Now()
	for i, name := range names {
		if err := r.file(files[i], name); err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
	}
	if r.broken > maxProblems {
		r.run.Problems = append(r.run.Problems, report.Problem{Message: fmt.Sprintf("%d more", r.broken-maxProblems)})
	}
	r.run.Verdict = r.judge.Verdict()
	r.run.Elapsed = time.Since(start)
	return r.run, nil
}

// maxProblems is how many places that cannot be read are named.
const maxProblems = 100

// reading is a run over recordings.
type reading struct {
	run    *report.Run
	judge  *statute.Judge
	broken int // places that could not be read
}

// file judges one recording. The error is that nothing of it can be read.
func (r *reading) file(in io.Reader, name string) error {
	read := 0
	var first error
	for x, err := range traffic.Read(in, name) {
		if err == nil {
			r.judge.See(x)
			r.run.Count(x)
			read++
			continue
		}
		if first == nil {
			first = err
		}
		if r.broken++; r.broken <= maxProblems {
			r.run.Problems = append(r.run.Problems, report.Problem{Message: name + ": " + err.Error()})
		}
	}
	if read == 0 {
		return first
	}
	return nil
}
