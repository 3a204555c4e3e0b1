// Package handbook is what Statute has to say to people about status codes: a
// page for every registered code, for codes that vendors made up, for codes that
// are taken for each other, and a few tables; the decision tree that leads from
// "what happened?" to the one right code; and scenarios to learn from.
//
// All of it is data beside this file: Markdown and YAML, embedded, read at first
// use. The command, the web pages and other programs share it.
package handbook

import (
	"embed"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed */*.md tree.yaml scenarios.yaml
var files embed.FS

// Kind says what a page is about.
type Kind string

// The kinds of pages.
const (
	CodePage   Kind = "code"   // a registered status code
	VendorPage Kind = "vendor" // a code that a vendor made up
	PairPage   Kind = "pair"   // two or more codes that are taken for each other
	TablePage  Kind = "table"  // an overview
)

// folders are the kinds in the order of Pages, each with its folder.
var folders = [...]struct {
	kind   Kind
	folder string
}{{CodePage, "codes"}, {VendorPage, "vendor"}, {PairPage, "pairs"}, {TablePage, "tables"}}

// Page is a page of the handbook.
type Page struct {
	Name  string // "429", "499", "401-403-404", "rest"
	Kind  Kind
	Title string // "429 Too Many Requests", "401, 403 or 404?"
	Text  string // Markdown, without the title
}

// Part returns the text of the page's section with that heading, or "" if
// there is none; Part("") is the text before the first such heading.
func (p Page) Part(heading string) string {
	text := "\n" + p.Text
	if heading != "" {
		_, rest, ok := strings.Cut(text, "\n## "+heading+"\n")
		if !ok {
			return ""
		}
		text = "\n" + rest
	}
	text, _, _ = strings.Cut(text, "\n## ")
	return strings.TrimSpace(text)
}

// Example returns the exchange in HTTP that the page of a code shows, or "".
func (p Page) Example() string {
	_, block, _ := strings.Cut(p.Part("In HTTP"), "```http")
	_, block, _ = strings.Cut(block, "\n")
	block, _, _ = strings.Cut(block, "\n```")
	return block
}

// Names reports whether an example on the page shows the fault that a rule reports.
func (p Page) Names(rule string) bool { return strings.Contains(p.Text, "\n```http wrong "+rule+"\n") }

// Pages yields all pages: codes, vendors' codes, pairs and tables, each sorted
// by name.
func Pages() iter.Seq[Page] { return slices.Values(pages()) }

// Lookup returns the page of that name, and whether there is one. A pair is
// also found by two or more of its codes, in any order: "401-403".
func Lookup(name string) (Page, bool) {
	for _, p := range pages() {
		if p.Name == name {
			return p, true
		}
	}
	wanted := strings.Split(name, "-")
	if len(wanted) < 2 {
		return Page{}, false
	}
	for _, p := range pages() {
		if p.Kind == PairPage && !slices.ContainsFunc(wanted, func(code string) bool {
			return !slices.Contains(strings.Split(p.Name, "-"), code)
		}) {
			return p, true
		}
	}
	return Page{}, false
}

// pages reads the pages.
var pages = sync.OnceValue(func() []Page {
	var all []Page
	for _, f := range folders {
		names, _ := fs.Glob(files, f.folder+"/*.md") // the pattern is well-formed
		for _, name := range names {
			text, err := files.ReadFile(name)
			if err != nil {
				panic(err) // it is embedded
			}
			title, rest, _ := strings.Cut(string(text), "\n")
			all = append(all, Page{
				Name:  strings.TrimSuffix(path.Base(name), ".md"),
				Kind:  f.kind,
				Title: strings.TrimSpace(strings.TrimPrefix(title, "#")),
				Text:  strings.TrimSpace(rest) + "\n",
			})
		}
	}
	return all
})
