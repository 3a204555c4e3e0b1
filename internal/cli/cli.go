// Package cli is the statute command: one file per subcommand, and the only
// place where everything is joined.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/statute-http/statute/internal/redact"
	"github.com/statute-http/statute/internal/report"
	"github.com/statute-http/statute/internal/spell"
)

// The manners of the command:
//
// Results go to stdout. Everything else goes to stderr, each line with the
// prefix "statute: ". Colour and progress are for terminals only, and NO_COLOR
// is honoured; what came over the wire reaches a terminal with its control
// characters escaped.
//
// The exit status is 0 if there is nothing at or above --fail-on, 1 if there
// are such findings, 2 if the job could not be done. Then the last line on
// stderr is a hint, a command that can be pasted.
//
// No secret reaches stdout, stderr or a file: credentials are taken from
// variables or files where the user wishes so, and redacted everywhere.

// app is one run of the command.
type app struct {
	stdout  io.Writer
	console *console
}

// Main runs the command with its arguments (the program's name is not among
// them) and returns the exit status.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdout: stdout, console: newConsole(stderr)}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)

	cmd, err := root.ExecuteC()
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFindings):
		return 1
	}
	a.console.say("%v", err)
	var h *hinted
	if errors.As(err, &h) {
		a.console.hint(h.hint)
	} else {
		a.console.hint(cmd.CommandPath() + " --help")
	}
	return 2
}

// root returns the command with all its subcommands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "statute",
		Short:         "Holds HTTP APIs to right use of status codes",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.AddCommand(a.check(), a.choose(), a.codes(), a.demo(), a.explain(), a.judge(), a.lint(), a.quiz(), a.replay(), a.rules(), a.send(), a.version())
	return root
}

// knownCommand refuses arguments that are no command.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	err := fmt.Errorf("there is no command %q", args[0])
	if near := spell.Nearest(args[0], names); near != "" {
		return hint(err, "statute %s", near)
	}
	return err
}

// errFindings ends a command with status 1: its result says why.
var errFindings = errors.New("there are findings")

// hinted is an error and what to do about it.
type hinted struct {
	err  error
	hint string // a command that can be pasted
}

func (h *hinted) Error() string { return h.err.Error() }
func (h *hinted) Unwrap() error { return h.err }

// hint adds a hint to an error; nil stays nil.
func hint(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &hinted{err, fmt.Sprintf(format, args...)}
}

// word writes a value as one word of a shell's command, for hints, without what
// looks like a secret.
func word(value any) string {
	return report.Quote((&redact.Redactor{}).Text(fmt.Sprint(value)))
}

// interruptible returns a context that the first Ctrl-C ends. The second one
// kills the process, as usual.
func (a *app) interruptible() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
