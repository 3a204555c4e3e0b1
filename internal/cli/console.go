package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"

	"github.com/statute-http/statute/internal/redact"
	"github.com/statute-http/statute/internal/report"
)

// console is stderr: lines of text and, on a terminal, one status line below
// them that is rewritten. It may be used by several goroutines.
type console struct {
	w     io.Writer
	width int // of the terminal; 0 if it is none

	mu       sync.Mutex
	redactor *redact.Redactor
	shown    bool // the status line is on the screen
}

func newConsole(w io.Writer) *console {
	c := &console{w: w, redactor: &redact.Redactor{}}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		c.width, _, _ = term.GetSize(int(f.Fd()))
	}
	return c
}

// keep makes sure that from now on these secrets do not show, and returns what
// does that.
func (c *console) keep(secrets []string) *redact.Redactor {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.redactor = &redact.Redactor{Secrets: secrets}
	return c.redactor
}

// say writes lines, each with the command's prefix.
func (c *console) say(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.print(c.redactor.Text(fmt.Sprintf(format, args...)))
}

// hint writes a command to try. What looks like credentials in it is an
// example and stays.
func (c *console) hint(command string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.print("try: " + command)
}

func (c *console) print(text string) {
	c.wipe()
	for line := range strings.Lines(strings.TrimSpace(text)) {
		line = strings.TrimRight(line, "\r\n")
		if line != "" {
			fmt.Fprintf(c.w, "statute: %s\n", report.Escape(strings.ReplaceAll(line, "\t", "  ")))
		}
	}
}

// status rewrites the status line; "" wipes it. Where stderr is no terminal it
// does nothing.
func (c *console) status(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wipe()
	if c.width == 0 || text == "" {
		return
	}
	line := []rune("statute: " + report.Escape(c.redactor.Text(text)))
	fmt.Fprint(c.w, string(line[:min(len(line), c.width-1)]))
	c.shown = true
}

func (c *console) wipe() {
	if c.shown {
		fmt.Fprint(c.w, "\r\x1b[K")
		c.shown = false
	}
}

// screen returns the terminal that a writer is, the zero Screen if it is none. It
// may be sent colours unless the user does without (https://no-color.org).
func screen(w io.Writer) report.Screen {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return report.Screen{}
	}
	width, _, _ := term.GetSize(int(f.Fd()))
	return report.Screen{Colour: os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", Width: width}
}
