package statute

import (
	"bytes"
	"cmp"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/statute-http/statute"

// rooms are the module's packages from top to bottom: each may import only what
// stands below it. A package inside a room belongs to it.
var rooms = []string{
	"cmd/statute",
	"examples/shop", // the command and its SQLite; the API itself is below, because the demo serves it too
	"internal/cli",
	"statutetest", // so high because it lends tests the whole checker and the words of reports
	"internal/web",
	"internal/report",
	"internal/lint",
	"internal/check",
	"internal/proxy",
	"internal/census",
	"internal/accesslog",
	"internal/traffic",
	"internal/route",
	"internal/sample",
	"examples/shop/shop",
	"internal/openapi",
	"internal/wire",
	"internal/coding",
	"internal/redact",
	"internal/config",
	"internal/spell",
	"respond",
	"limit",
	"client",
	"handbook",
	"rules",
	".",
}

// forbidden says what else must not be reached, directly or through others.
var forbidden = []struct {
	from []string
	to   []string
	why  string
}{
	{
		[]string{"internal/check", "internal/proxy", "internal/accesslog", "internal/traffic"},
		[]string{"rules"},
		"a source yields exchanges; what is wrong with them is not its matter",
	},
	{
		[]string{"internal/check", "internal/proxy", "internal/accesslog", "internal/traffic"},
		[]string{"internal/check", "internal/proxy", "internal/accesslog", "internal/traffic"},
		"sources stay apart, so that each can change alone",
	},
	{
		[]string{"internal/report"},
		[]string{"rules", "internal/check", "internal/proxy", "internal/accesslog"}, // traffic writes the HAR of the proofs
		"a report shows findings, whatever rules and sources they come from",
	},
	{
		[]string{"respond", "client", "limit"},
		[]string{"rules", "handbook", "statutetest", "internal"},
		"a service that imports them pays for little",
	},
	{
		[]string{"cmd/statute"},
		[]string{"modernc.org/sqlite"},
		"the command pays for nothing that only examples need",
	},
	{
		[]string{"examples/shop/shop"},
		[]string{"rules", "handbook", "statutetest", "internal"},
		"newcomers copy from it: it has what a service has",
	},
	{
		[]string{"internal/web", "internal/report", "internal/check", "internal/proxy", "internal/openapi", "statutetest"},
		[]string{"internal/sample"},
		"the sample is a server under test: nothing but the command may know that it is one",
	},
}

// modules says which other modules a room that services and tests import may
// reach.
var modules = map[string][]string{
	".":        nil,                    // the vocabulary: the standard library alone
	"rules":    nil,                    // they judge with the vocabulary's words
	"handbook": {"go.yaml.in/yaml/v4"}, // its data is YAML
	"limit":    nil,
	"client":   nil,
	"respond":  {"github.com/go-json-experiment/json"}, // strict JSON: no duplicate names, no unknown members
}

// TestImports holds the module to its order. Rooms that are not built yet are
// passed over.
func TestImports(t *testing.T) {
	graph := imports(t)
	for from, reached := range graph {
		if !slices.Contains(rooms, from) {
			t.Errorf("%s is no room: put it into the list, above all that it imports", from)
			continue
		}
		for to := range reached {
			if !external(to) && slices.Index(rooms, to) <= slices.Index(rooms, from) {
				t.Errorf("%s imports %s: arrows run downwards only", from, to)
			}
		}
	}
	for _, f := range forbidden {
		for _, from := range f.from {
			for to, through := range reach(graph, from) {
				if to != from && slices.ContainsFunc(f.to, func(room string) bool { return within(to, room) }) {
					t.Errorf("%s reaches %s (%s): %s", from, to, through, f.why)
				}
			}
		}
	}
	for from, allowed := range modules {
		for to, through := range reach(graph, from) {
			if external(to) && !slices.ContainsFunc(allowed, func(module string) bool { return within(to, module) }) {
				t.Errorf("%s reaches %s (%s): those who import it pay for that", from, to, through)
			}
		}
	}
}

// TestRootSize keeps the vocabulary small.
func TestRootSize(t *testing.T) {
	const most = 2000
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines += bytes.Count(text, []byte("\n"))
	}
	if lines == 0 || lines >= most {
		t.Errorf("the root has %d lines, %d is too many", lines, most)
	}
}

// imports returns what the files of each room but its tests import: rooms by
// their folder, packages of other modules by their path.
func imports(t *testing.T) map[string]map[string]bool {
	t.Helper()
	graph := map[string]map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			_, nested := os.Stat(filepath.Join(path, "go.mod"))
			if path != "." && (nested == nil || name == "testdata" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		from := room(filepath.ToSlash(filepath.Dir(path)))
		if graph[from] == nil {
			graph[from] = map[string]bool{}
		}
		for _, spec := range file.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if within(to, module) {
				to = room(strings.TrimPrefix(strings.TrimPrefix(to, module), "/"))
			} else if !external(to) {
				continue // the standard library
			}
			if to != from {
				graph[from][to] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if graph["."] == nil || graph["rules"] == nil {
		t.Fatal("no root or no rules found")
	}
	return graph
}

// room returns the innermost room of a folder, or the folder if it is in none.
func room(folder string) string {
	if folder == "" {
		return "."
	}
	innermost := ""
	for _, room := range rooms {
		if within(folder, room) && len(room) > len(innermost) {
			innermost = room
		}
	}
	return cmp.Or(innermost, folder)
}

// within reports whether a path is another or inside it.
func within(path, other string) bool { return path == other || strings.HasPrefix(path, other+"/") }

// external reports whether an import path is of another module: its first
// element is a host's name.
func external(path string) bool {
	host, _, _ := strings.Cut(path, "/")
	return host != "." && strings.Contains(host, ".")
}

// reach returns all that a room imports, directly or through others, each with
// the room that imports it.
func reach(graph map[string]map[string]bool, from string) map[string]string {
	reached := map[string]string{}
	queue := []string{from}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		for _, to := range slices.Sorted(maps.Keys(graph[next])) {
			if _, known := reached[to]; !known {
				reached[to] = "imported by " + next
				queue = append(queue, to)
			}
		}
	}
	return reached
}
