package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

var (
	//go:embed html/page.html
	htmlTemplate string
	//go:embed html/style.css
	htmlStyle string
	//go:embed html/script.js
	htmlScript string
)

// htmlPage is what the page's template is given.
type htmlPage struct {
	*view
	Policy string // Content-Security-Policy: nothing is loaded, our own style and script alone are used
	Style  template.CSS
	Script template.JS

	Extent       string
	Counts       []htmlCount
	Rules        []*htmlRule
	Distribution []htmlRoute
	Lists        []htmlList

	// What can be filtered by.
	RuleIDs  []string
	Routes   []string // in visible characters
	Statuses []int
}

type htmlCount struct {
	Level statute.Level
	N     int
}

// htmlRule is a rule with all its findings.
type htmlRule struct {
	*statute.Rule
	Why, Fix []htmlBlock
	Findings []htmlFinding
}

type htmlFinding struct {
	finding
	ID          string // of the element
	Where       string
	RouteLines  string // operations as in Routes, each in a line
	StatusWords string // codes of its answers, with spaces between
}

// htmlBlock is a paragraph or a block of code of a rule's page.
type htmlBlock struct {
	Code  string
	Words []htmlWords
}

type htmlWords struct {
	Text string
	Code bool
}

// htmlRoute is a row of the distribution of codes.
type htmlRoute struct {
	Name  string
	Sum   int
	Codes string // "200 × 12, 404 × 3"
	Label string // the bars in words
	Bars  []htmlBar
}

type htmlBar struct {
	Style    string
	X, Width string // of 100
}

type htmlList struct {
	Heading string
	Lines   []string
}

// writeHTML writes the run as one page that needs nothing from elsewhere.
func writeHTML(w io.Writer, v *view, _ Screen) error {
	page, err := template.New("page").Funcs(template.FuncMap{
		"visible":  Escape,
		"nameOf":   nameOf,
		"request":  requestText,
		"response": responseText,
		"source":   source,
		"line":     line,
	}).Parse(htmlTemplate)
	if err != nil {
		return err
	}
	return page.Execute(w, newHTMLPage(v))
}

func newHTMLPage(v *view) *htmlPage {
	p := &htmlPage{
		view: v,
		Policy: fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'",
			integrity(htmlStyle), integrity(htmlScript)),
		Style:  template.CSS(htmlStyle),
		Script: template.JS(htmlScript),
		Extent: strings.Join(append([]string{extent(v)}, v.keptOut()...), ", "),
	}
	for level := statute.Must; level >= statute.Advice; level-- {
		p.Counts = append(p.Counts, htmlCount{level, v.Levels[level]})
	}
	rules := map[*statute.Rule]*htmlRule{}
	routes, statuses := map[string]bool{}, map[int]bool{}
	for i, f := range v.Findings {
		rule := rules[f.Rule]
		if rule == nil {
			rule = &htmlRule{Rule: f.Rule, Why: htmlBlocks(f.Rule.Part("Why it hurts")), Fix: htmlBlocks(f.Rule.Part("Fix"))}
			rules[f.Rule] = rule
			p.Rules = append(p.Rules, rule)
			p.RuleIDs = append(p.RuleIDs, f.Rule.ID)
		}
		codes := map[int]bool{f.Status: true}
		for _, e := range f.Evidence {
			codes[e.Response.Status] = true
		}
		maps.Copy(statuses, codes)
		var words, lines []string
		for _, code := range slices.Sorted(maps.Keys(codes)) {
			words = append(words, strconv.Itoa(code))
		}
		for _, o := range f.Operations {
			line := Escape(nameOf(o))
			routes[line] = true
			lines = append(lines, line)
		}
		at := f.on()
		if f.Rule.Once {
			at = wholeServer + among(slices.Concat(f.Servers...))
		}
		rule.Findings = append(rule.Findings, htmlFinding{
			finding: f, ID: "f" + strconv.Itoa(i+1), Where: at,
			RouteLines: strings.Join(lines, "\n"), StatusWords: strings.Join(words, " "),
		})
	}
	slices.Sort(p.RuleIDs)
	p.Routes, p.Statuses = slices.Sorted(maps.Keys(routes)), slices.Sorted(maps.Keys(statuses))
	for _, c := range v.Codes {
		p.Distribution = append(p.Distribution, newHTMLRoute(v, c))
	}
	p.lists()
	return p
}

// lists fills Lists: what is beside the findings, as far as there is any.
func (p *htmlPage) lists() {
	add := func(heading string, lines []string) {
		if len(lines) > 0 {
			p.Lists = append(p.Lists, htmlList{heading, lines})
		}
	}
	var unreached, skipped, problems, left []string
	for _, o := range p.Unreached {
		unreached = append(unreached, o.Operation.String()+fate(o))
	}
	for _, o := range p.Skipped {
		skipped = append(skipped, o.Operation.String()+": "+o.Why)
	}
	for _, problem := range p.Problems {
		problems = append(problems, problem.String())
	}
	for _, l := range p.view.Rules {
		left = append(left, fmt.Sprintf("%s: %s, %s", l.Rule.ID, plural(l.Exchanges, "exchange", "exchanges"), l.Why))
	}
	add("This API's conventions", p.conventions())
	add("Operations not reached", unreached)
	add("Operations left out", skipped)
	add(p.switchedOff())
	add("Created and not deleted", p.Leftover)
	add("Problems in what was read", problems)
	if p.Requests == 0 { // of what others recorded; what the checker could not do is said above
		add("Rules that could not be asked", left)
	}
}

// newHTMLRoute makes the bars of an operation: the share of each class of
// codes in its answers.
func newHTMLRoute(v *view, c counted) htmlRoute {
	r := htmlRoute{Name: nameOf(c.Operation), Codes: countCodes(c.Codes)}
	if v.rest(c) {
		r.Name = "(others)"
	}
	classes := [6]int{}
	for code, n := range c.Codes {
		r.Sum += n
		class := code / 100
		if class < 1 || class > 5 {
			class = 0
		}
		classes[class] += n
	}
	upTo := 0
	var words []string
	for _, class := range []int{1, 2, 3, 4, 5, 0} {
		n := classes[class]
		if n == 0 {
			continue
		}
		share := func(n int) string { return strconv.FormatFloat(100*float64(n)/float64(r.Sum), 'f', 2, 64) }
		r.Bars = append(r.Bars, htmlBar{"c" + strconv.Itoa(class), share(upTo), share(n)})
		upTo += n
		name := strconv.Itoa(class) + "xx"
		if class == 0 {
			name = "other or no answer"
		}
		words = append(words, fmt.Sprintf("%s %.0f %%", name, 100*float64(n)/float64(r.Sum)))
	}
	r.Label = strings.Join(words, ", ")
	return r
}

// htmlBlocks reads the Markdown of a rule's page: paragraphs with `code`, and
// blocks of code that are indented by four spaces.
func htmlBlocks(markdown string) []htmlBlock {
	var out []htmlBlock
	for block := range strings.SplitSeq(markdown, "\n\n") {
		if strings.HasPrefix(block, "    ") {
			code := strings.ReplaceAll("\n"+block, "\n    ", "\n")[1:]
			if n := len(out); n > 0 && out[n-1].Code != "" {
				out[n-1].Code += "\n\n" + code
				continue
			}
			out = append(out, htmlBlock{Code: code})
			continue
		}
		var words []htmlWords
		for i, text := range strings.Split(strings.TrimSpace(block), "`") {
			if text != "" {
				words = append(words, htmlWords{text, i%2 == 1})
			}
		}
		if words != nil {
			out = append(out, htmlBlock{Words: words})
		}
	}
	return out
}

// integrity returns the hash by which a Content-Security-Policy knows a script
// or style.
func integrity(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
