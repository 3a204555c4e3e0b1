package cli

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version returns the command that says what was built from what.
func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(a.stdout, "statute "+built(debug.ReadBuildInfo()))
			return err
		},
	}
}

// built returns the version, and in brackets Go's and the commit's if they are
// known: "v0.1.0 (go1.26.0, 1a2b3c4d5e6f, changed)".
func built(info *debug.BuildInfo, ok bool) string {
	if !ok {
		return "(unknown)"
	}
	text := info.Main.Version
	if text == "" {
		text = "(devel)"
	}
	text += " (" + info.GoVersion
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			text += ", " + s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			text += ", changed"
		}
	}
	return text + ")"
}
