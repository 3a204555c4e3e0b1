package cli

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/report"
)

// output is where and how a judged run is written down, and which findings
// count as failure.
type output struct {
	format string
	files  []string
	failOn string

	chosen  report.Format
	byFile  []report.Format // as files
	level   statute.Level
	nothing bool // no finding counts
}

func (o *output) flags(f *pflag.FlagSet) {
	f.StringVar(&o.format, "format", "text", "`format` of the report: "+formats())
	f.StringArrayVarP(&o.files, "output", "o", nil, "write the report to a `file` too; its ending picks the format")
}

// formats lists their names: "text, json".
func formats() string {
	var names []string
	for _, f := range report.Formats {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// resolve reads the values of the flags.
func (o *output) resolve() error {
	var ok bool
	if o.chosen, ok = report.ByName(o.format); !ok {
		return hint(fmt.Errorf("--format %s: there are %s", o.format, formats()), "--format json")
	}
	for _, file := range o.files {
		format, ok := report.ByFile(file)
		if !ok {
			return hint(fmt.Errorf("-o %s: its ending picks the format, and this one is none", file), "-o report.json")
		}
		o.byFile = append(o.byFile, format)
	}
	if o.nothing = o.failOn == "never"; o.nothing {
		return nil
	}
	if err := o.level.UnmarshalText([]byte(o.failOn)); err != nil {
		return hint(fmt.Errorf("--fail-on %s: there are must, should, advice and never", o.failOn), "--fail-on must")
	}
	return nil
}

// write writes the report to stdout and the files.
func (a *app) write(run *report.Run, o *output) error {
	for i, file := range o.files {
		var text bytes.Buffer
		if err := o.byFile[i].Write(&text, run, false); err != nil {
			return fmt.Errorf("writing %s: %w", file, err)
		}
		if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
			return hint(fmt.Errorf("writing the report: %w", err), "-o /tmp/report%s", o.byFile[i].Ending)
		}
	}
	if err := o.chosen.Write(a.stdout, run, colourful(a.stdout)); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// gate returns errFindings if there are findings that count as failure.
func (o *output) gate(run *report.Run) error {
	if !o.nothing && run.Verdict.Worst() >= o.level {
		return errFindings
	}
	return nil
}
