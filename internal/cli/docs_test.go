package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// documents are the pages for users and contributors.
func documents(t *testing.T) map[string]string {
	t.Helper()
	top := filepath.Join("..", "..")
	names, err := filepath.Glob(filepath.Join(top, "docs", "*.md"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no pages in docs: %v", err)
	}
	pages := map[string]string{}
	for _, name := range append(names, filepath.Join(top, "README.md"), filepath.Join(top, "CONTRIBUTING.md")) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pages[filepath.Base(name)] = string(text)
	}
	return pages
}

// quotation matches what is quoted within a line, and ruleName what may be a
// rule's ID.
var (
	quotation = regexp.MustCompile("`([^`\n]+)`")
	ruleName  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)
)

// noRules are quoted names that look like a rule's ID.
var noRules = []string{
	"as-low", "as-other", "fail-on", // keys of statute.yaml
	"no-store",                                                                  // a cache directive
	"go-humanize", "go-isatty", "go-strftime", "go-urn", "universal-translator", // modules
}

// TestDocumentedRules holds that each rule that the documentation names exists.
func TestDocumentedRules(t *testing.T) {
	known := map[string]bool{}
	for _, r := range everyRule() {
		known[r.ID] = true
	}
	found := 0
	for page, text := range documents(t) {
		for _, m := range quotation.FindAllStringSubmatch(text, -1) {
			name := strings.TrimPrefix(m[1], "statute explain ")
			switch {
			case known[name]:
				found++
			case ruleName.MatchString(name) && !slices.Contains(noRules, name):
				t.Errorf("%s: there is no rule %s", page, name)
			}
		}
	}
	if found < 50 {
		t.Errorf("%d rules found in the documentation, there are more", found)
	}
}

// call matches a call of the command up to what ends it in a shell, and flag a
// flag in it.
var (
	call = regexp.MustCompile(`(?:^|[\s|` + "`" + `])statute ([a-z]+)((?:'[^']*'|"[^"]*"|\\\n|[^\n` + "`" + `#|;&>])*)`)
	flag = regexp.MustCompile(`(?:^|\s)(--?[a-zA-Z][a-z-]*)`)
)

// TestDocumentedCommands holds that each command and flag that the documentation
// names exists.
func TestDocumentedCommands(t *testing.T) {
	root := (&app{console: newConsole(os.Stderr)}).root()
	commands := map[string]*cobra.Command{"completion": {}, "help": {}}
	for _, c := range root.Commands() {
		commands[c.Name()] = c
	}
	has := func(c *cobra.Command, name string) bool {
		if long, ok := strings.CutPrefix(name, "--"); ok {
			return long == "help" || c.Flags().Lookup(long) != nil
		}
		return name == "-h" || c.Flags().ShorthandLookup(name[1:2]) != nil
	}
	found := 0
	for page, text := range documents(t) {
		for _, code := range codeOf(text) {
			for _, m := range call.FindAllStringSubmatch(code, -1) {
				c := commands[m[1]]
				if c == nil {
					t.Errorf("%s: there is no command: statute %s", page, m[1])
					continue
				}
				found++
				for _, f := range flag.FindAllStringSubmatch(unquoted(m[2]), -1) {
					if !has(c, f[1]) {
						t.Errorf("%s: statute %s has no flag %s", page, m[1], f[1])
					}
				}
			}
		}
		for _, m := range quotation.FindAllStringSubmatch(text, -1) {
			name, _, _ := strings.Cut(m[1], " ")
			if !strings.HasPrefix(name, "--") {
				continue
			}
			some := false
			for _, c := range commands {
				some = some || has(c, name)
			}
			if !some {
				t.Errorf("%s: no command has a flag %s", page, name)
			}
		}
	}
	if found < 20 {
		t.Errorf("%d calls found in the documentation, there are more", found)
	}
}

// codeOf returns the code of a page: blocks, indented or between fences, and
// quotations in lines.
func codeOf(text string) []string {
	var all []string
	var block strings.Builder
	fenced := false
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "```"):
			fenced = !fenced
		case fenced, strings.HasPrefix(line, "    "):
			block.WriteString(line)
		default:
			for _, m := range quotation.FindAllStringSubmatch(line, -1) {
				all = append(all, m[1])
			}
		}
	}
	return append(all, block.String())
}

// unquoted returns a command line without what is quoted in it.
func unquoted(line string) string {
	return regexp.MustCompile(`'[^']*'|"[^"]*"`).ReplaceAllString(line, "''")
}
