package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/report"
)

// TestWriteFile holds what becomes of a file that is there already: whole and
// private if the report can be written, untouched if not.
func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "report.json")
	if err := os.WriteFile(name, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	format, _ := report.ByName("json")
	run := &report.Run{Target: "t", Verdict: &statute.Verdict{}}

	full := errors.New("disk full")
	err := replace(name, 0o600, func(w io.Writer) error {
		io.WriteString(w, "half")
		return full
	})
	if !errors.Is(err, full) {
		t.Errorf("error %v, want %v", err, full)
	}
	if text, err := os.ReadFile(name); err != nil || string(text) != "old" {
		t.Errorf("after a failure: %q, %v, want the old report", text, err)
	}
	if err := replace(name, 0o600, func(w io.Writer) error { return format.Write(w, run, report.Screen{}) }); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode())
	}
	if info.Size() < 10 {
		t.Errorf("%d bytes", info.Size())
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left in the folder: %v, %v", entries, err)
	}
}
