package rules

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/statute-http/statute"
)

var update = flag.Bool("update", false, "rewrite the want files of the rules' pages")

// TestPages holds every rule to the examples on its page: a good one draws no
// finding of any rule, a bad one exactly its want over all rules, and one rule
// alone speaks about each exchange.
func TestPages(t *testing.T) {
	for _, r := range All {
		t.Run(r.ID, func(t *testing.T) {
			archive := txtar.Parse([]byte(r.Doc))
			var kept []txtar.File
			wants := map[string]string{}
			for _, file := range archive.Files {
				if name, ok := strings.CutPrefix(file.Name, "want: "); ok {
					wants[name] = string(file.Data)
				}
			}
			good, bad := 0, 0
			for _, file := range archive.Files {
				kind, name, _ := strings.Cut(file.Name, ": ")
				switch kind {
				case "good", "bad":
					exchanges, err := parseExample(string(file.Data))
					if err != nil {
						t.Fatalf("%s: %v", file.Name, err)
					}
					got := judged(exchanges)
					kept = append(kept, file)
					if kind == "good" {
						good++
						if got != "" {
							t.Errorf("%s draws findings:\n%s", file.Name, got)
						}
						continue
					}
					bad++
					if !strings.Contains(got, " "+r.ID+": ") {
						t.Errorf("%s draws no finding of %s but:\n%s", file.Name, r.ID, got)
					}
					if x, ids := spoken(got); len(ids) > 1 {
						t.Errorf("%s: %q speak about exchange %s: one should be Over the others", file.Name, ids, x)
					}
					if diff := cmp.Diff(wants[name], got); diff != "" && !*update {
						t.Errorf("%s (-want +got):\n%s", file.Name, diff)
					}
					delete(wants, name)
					kept = append(kept, txtar.File{Name: "want: " + name, Data: []byte(got)})
				case "want":
				default:
					t.Errorf("file %q is no good, bad or want", file.Name)
				}
			}
			if good == 0 || bad == 0 {
				t.Errorf("page has %d good and %d bad examples: it needs both", good, bad)
			}
			for name := range wants {
				t.Errorf("want %q belongs to no bad example", name)
			}
			if *update && !t.Failed() {
				archive.Files = kept
				if err := os.WriteFile(fileName(r.ID)+".txtar", txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// spoken returns the exchange, of those in the lines of a want, of which most
// rules speak, and these rules.
func spoken(want string) (exchange string, ids []string) {
	by := map[string][]string{}
	for line := range strings.Lines(want) {
		head, _, _ := strings.Cut(line, ": ")
		words := strings.Fields(head)
		x, id := words[0], words[len(words)-1]
		if !slices.Contains(by[x], id) {
			by[x] = append(by[x], id)
		}
		if len(by[x]) > len(ids) {
			exchange, ids = x, by[x]
		}
	}
	return exchange, ids
}

// TestShape holds the list and the pages to their form.
func TestShape(t *testing.T) {
	if !slices.IsSortedFunc(All, func(a, b *statute.Rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("All is not sorted by ID")
	}
	ids := map[string]bool{}
	for _, r := range All {
		if ids[r.ID] {
			t.Errorf("%s: twice in All", r.ID)
		}
		ids[r.ID] = true
	}
	for _, r := range All {
		ways := 0
		for _, has := range []bool{r.Check != nil, r.Compare != nil, r.Choose != nil} {
			if has {
				ways++
			}
		}
		if ways != 1 || (r.Choose != nil) != (r.Convention != "") {
			t.Errorf("%s: wants a Check, a Compare, or a Choose with its Convention", r.ID)
		}
		if r.Level == 0 || len(r.Cite) == 0 || r.Title() == "" {
			t.Errorf("%s: wants a level, a citation and a page with a title", r.ID)
		}
		for _, part := range []string{"", "Why it hurts", "Fix", "Not reported"} {
			if r.Part(part) == "" {
				t.Errorf("%s: page has no section %q", r.ID, part)
			}
		}
		if !strings.Contains(r.Part("Fix"), "\n    ") {
			t.Errorf("%s: the fix has no header or content to copy", r.ID)
		}
		wrong, right := Examples(r)
		if len(wrong.Exchanges) == 0 || len(right.Exchanges) == 0 {
			t.Errorf("%s: no wrong and right example to show", r.ID)
			continue
		}
		if at := right.Exchanges[right.At]; wrong.Exchanges[wrong.At].Request.Method != at.Request.Method {
			t.Errorf("%s: wrong and right example, to be shown side by side, have different methods", r.ID)
		}
		for _, s := range r.Cite {
			if s.URL() == "" {
				t.Errorf("%s: %v has no address", r.ID, s)
			}
			for _, old := range []string{"RFC 2616", "RFC 7230", "RFC 7231", "RFC 7232", "RFC 7233", "RFC 7234", "RFC 7235", "RFC 7807"} {
				if s.Doc == old {
					t.Errorf("%s: %s is obsolete", r.ID, old)
				}
			}
		}
		for _, id := range r.Over {
			if id == r.ID {
				t.Errorf("%s: silences itself", r.ID)
			}
		}
		for _, ending := range []string{".go", ".txtar"} {
			if _, err := os.Stat(fileName(r.ID) + ending); err != nil {
				t.Errorf("%s: %v", r.ID, err)
			}
		}
	}
}

func fileName(id string) string { return strings.ReplaceAll(id, "-", "_") }

// judged returns a line for each fault that all rules together find:
// "2 must 401-without-challenge: message", with the exchange's number.
func judged(exchanges []*statute.Exchange) string {
	judge := statute.NewJudge(All)
	for _, x := range exchanges {
		judge.See(x)
	}
	var lines []string
	for _, f := range judge.Verdict().Findings {
		for _, entry := range f.Entries {
			likely := ""
			if f.Confidence == statute.Likely {
				likely = " likely"
			}
			lines = append(lines, fmt.Sprintf("%d %s%s %s: %s\n", entry, f.Level, likely, f.Rule.ID, f.Message))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}
