package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/config"
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

// gateFlag adds --fail-on.
func (o *output) gateFlag(f *pflag.FlagSet) {
	f.StringVar(&o.failOn, "fail-on", "should", "lowest `level` that counts as failure: must, should, advice or never")
}

// formats lists their names: "text, json".
func formats() string {
	var names []string
	for _, f := range report.Formats {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// endings lists those of files: ".txt, .json".
func endings() string {
	var names []string
	for _, f := range report.Formats {
		names = append(names, f.Ending)
	}
	return strings.Join(names, ", ")
}

// configured reads the configuration, and the values of the flags, which it
// completes.
func (o *output) configured(f *pflag.FlagSet) (*config.File, error) {
	file, err := configuration(f)
	if err != nil {
		return nil, err
	}
	if file.FailOn != "" && !f.Changed("fail-on") {
		o.failOn = file.FailOn
	}
	return file, o.resolve()
}

// resolve reads the values of the flags. Files that cannot be written are an
// error now, not when the work is done.
func (o *output) resolve() error {
	var ok bool
	if o.chosen, ok = report.ByName(o.format); !ok {
		return hint(fmt.Errorf("--format %s: there are %s", o.format, formats()), "--format json")
	}
	for _, file := range o.files {
		format, ok := report.ByFile(file)
		if !ok {
			return hint(fmt.Errorf("-o %s: the ending picks the format: %s", file, endings()), "-o report.html")
		}
		temporary, err := create(file)
		if err != nil {
			return hint(fmt.Errorf("-o %w", err), "-o %s", word(filepath.Join(os.TempDir(), "report"+format.Ending)))
		}
		if err := discard(temporary); err != nil {
			return fmt.Errorf("-o %s: %w", file, err)
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

// write writes the report to stdout and the files. A file that cannot be written
// does not keep the others back.
func (a *app) write(run *report.Run, o *output) error {
	if i := slices.IndexFunc(o.byFile, func(f report.Format) bool { return f.Name == "json" }); i >= 0 {
		run.File = o.files[i]
	}
	err := o.chosen.Write(a.stdout, run, screen(a.stdout))
	if err != nil {
		err = fmt.Errorf("writing the report: %w", err)
	}
	return errors.Join(err, o.save(run))
}

// save writes the report to the files, which only their owner can read, for they
// hold what others answered.
func (o *output) save(run *report.Run) error {
	var err error
	for i, file := range o.files {
		if failed := replace(file, 0o600, func(w io.Writer) error { return o.byFile[i].Write(w, run, report.Screen{}) }); failed != nil {
			err = errors.Join(err, fmt.Errorf("-o %w", failed))
		}
	}
	return err
}

// replace writes a file. Whoever opens it gets the old content or the whole new
// one.
func replace(name string, mode os.FileMode, write func(io.Writer) error) error {
	file, err := create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	if err = write(w); err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = file.Chmod(mode)
	}
	if err == nil {
		err = file.Close()
	}
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s: %w", name, err), discard(file))
	}
	return nil
}

// create makes the temporary file that is to take the place of another: beside
// it, with mode 0600.
func create(name string) (*os.File, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: there is something that is no file", name)
	}
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err // without the temporary name
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return file, nil
}

// discard removes a temporary file, whether it is closed or not.
func discard(file *os.File) error {
	file.Close()
	return os.Remove(file.Name())
}

// gate returns errFindings if there are findings that count as failure.
func (o *output) gate(run *report.Run) error {
	if !o.nothing && run.Verdict.Worst() >= o.level {
		return errFindings
	}
	return nil
}
