package handbook

import (
	"bytes"
	"fmt"
	"go/format"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/rules"
)

// headings are the sections that each kind of page has, in this order. Those of
// a code have no others.
var headings = map[Kind][]string{
	CodePage: {
		"When to use it", "When not, and what instead", "What comes with it",
		"How others treat it", "In HTTP", "Common mistakes", "When you receive it",
	},
	VendorPage: {"When you receive it", "What instead"},
	PairPage:   {"Cases", "Still in doubt"},
}

var (
	section    = regexp.MustCompile(`(?m)^## (.*)$`)
	obsolete   = regexp.MustCompile(`RFC (2616|723[0-5]|7807)\b`)
	alternates = regexp.MustCompile(`^- \*\*\d(\d\d|xx)\*\*`)
	label      = regexp.MustCompile(`(?m)^- \*\*([A-Z][a-z ]+)\*\*: `)
)

// TestPages holds every page to its form, and the code on it to what it says of
// itself.
func TestPages(t *testing.T) {
	for p := range Pages() {
		t.Run(string(p.Kind)+"/"+p.Name, func(t *testing.T) {
			var got []string
			for _, m := range section.FindAllStringSubmatch(outsideBlocks(p.Text), -1) {
				got = append(got, m[1])
			}
			want := headings[p.Kind]
			if p.Kind != CodePage {
				got = slices.DeleteFunc(got, func(heading string) bool { return !slices.Contains(want, heading) })
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("headings (-want +got):\n%s", diff)
			}
			if p.Title == "" || p.Part("") == "" {
				t.Error("no title, or nothing under it")
			}
			if old := obsolete.FindString(p.Text); old != "" {
				t.Errorf("%s is obsolete", old)
			}
			if strings.Count(p.Text, "\n```")%2 != 0 {
				t.Error("a fence is left open")
			}
			for _, b := range blocks(p.Text) {
				if err := b.check(); err != nil {
					t.Errorf("%s: block %q: %v\n%s", b.heading, b.info, err, b.text)
				}
			}
			if p.Kind == CodePage {
				checkCode(t, p)
			}
		})
	}
}

// checkCode holds a code's page to the table.
func checkCode(t *testing.T, p Page) {
	number, _ := strconv.Atoi(p.Name)
	code, ok := statute.LookupCode(number)
	if !ok || p.Title != code.String() {
		t.Errorf("title is %q, want %q", p.Title, code)
	}
	for _, part := range []struct {
		word   string
		fields []string
	}{{"must", code.Must}, {"must, if the 200 has it", code.As200}, {"should", code.Should}, {"may", code.May}} {
		for _, field := range part.fields {
			if !regexp.MustCompile("(?m)^- `" + field + "` \\(" + part.word + "[,;:)]").MatchString(p.Part("What comes with it")) {
				t.Errorf("what comes with it: no item of `%s` (%s)", field, part.word)
			}
		}
	}
	for _, said := range []struct {
		label, table string
		words        map[string]*regexp.Regexp
	}{{"Caches", code.Caching.String(), cachesSay}, {"Retries", code.Repeat.String(), retriesSay}} {
		text := labelled(p, said.label)
		for answer, words := range said.words {
			if words.MatchString(text) != (answer == said.table) {
				t.Errorf("%s are told %q, the table says %q", said.label, text, said.table)
			}
		}
	}
	var labels []string
	for _, m := range label.FindAllStringSubmatch(p.Part("How others treat it"), -1) {
		labels = append(labels, m[1])
	}
	want := []string{"Clients", "Caches", "Search engines", "Load balancers", "Retries"}
	if diff := cmp.Diff(want, labels); diff != "" {
		t.Errorf("how others treat it (-want +got):\n%s", diff)
	}
	for line := range strings.Lines(p.Part("When not, and what instead")) {
		if strings.HasPrefix(line, "- ") && !alternates.MatchString(line) {
			t.Errorf("when not: %q does not start with the code that is right instead", line)
		}
	}
	if p.Example() == "" {
		t.Error("no example in HTTP")
	}
	shown := map[string]bool{} // "go wrong"
	for _, b := range blocks(p.Part("Common mistakes")) {
		shown[b.language()+" "+b.verdict] = true
	}
	words := outsideBlocks(p.Part("Common mistakes"))
	for _, language := range []string{"http", "go", "Express", "fetch()"} {
		if slices.Contains(unwritten[number], language) {
			if !strings.Contains(words, strings.Replace(language, "go", "Go", 1)) && !strings.Contains(words, "`net/http`") {
				t.Errorf("common mistakes: does not say that there is nothing to write in %s", language)
			}
			continue
		}
		for _, verdict := range []string{"wrong", "right"} {
			if !shown[language+" "+verdict] {
				t.Errorf("common mistakes: no block %s %s", language, verdict)
			}
		}
	}
}

// unwritten lists for some codes the languages in which there is nothing to write
// about them; their pages say so in a sentence.
var unwritten = map[int][]string{
	100: {"fetch()"}, 102: {"fetch()"}, 103: {"fetch()"}, 208: {"fetch()"}, 407: {"fetch()"}, 505: {"fetch()"},
	104: {"go", "Express", "fetch()"}, 226: {"go", "Express", "fetch()"}, 506: {"go", "Express", "fetch()"},
	305: {"go", "Express", "fetch()"}, 306: {"go", "Express", "fetch()"}, 510: {"go", "Express", "fetch()"},
}

// cachesSay holds for some of the table's answers how the text for caches says the
// same, and retriesSay how that for retries begins.
var (
	cachesSay = map[string]*regexp.Regexp{
		statute.CacheNever.String():     regexp.MustCompile(`(must not|never) (store|keep) it`),
		statute.CacheByDefault.String(): regexp.MustCompile(`^[^.]*\b(keep|store|stored)\b[^.]* (by default|without (being told|(a stated|an explicit) lifetime))`),
	}
	retriesSay = map[string]*regexp.Regexp{
		statute.RepeatNever.String():   regexp.MustCompile(`^(none|no|not of itself|useless|pointless)\b|^never\.`),
		statute.RepeatAtOnce.String():  regexp.MustCompile(`^at once`),
		statute.RepeatLater.String():   regexp.MustCompile(`^(yes, after|later|when|after a pause|meant to be repeated, after)`),
		statute.RepeatChanged.String(): regexp.MustCompile(`^(with|once, with|not (unchanged|with the same)|never unchanged|only|at the|each time at the|after (paying|mending|a fresh|a GET)|in another)`),
	}
)

// labelled returns the text of a label under "How others treat it", in one line and
// without what stands between "not" and the end of its sentence.
func labelled(p Page, name string) string {
	_, text, _ := strings.Cut(p.Part("How others treat it"), "- **"+name+"**: ")
	text, _, _ = strings.Cut(text, "\n- **")
	return denied.ReplaceAllString(strings.Join(strings.Fields(text), " "), "not.")
}

// denied matches what a sentence denies of storing by default.
var denied = regexp.MustCompile(`not (keep|stored?|kept)[^.]* (by default|without)[^.]*`)

// TestAllPages holds that no page is missing.
func TestAllPages(t *testing.T) {
	names := []string{
		"200-201-202-204", "206-416", "301-302-303-307-308", "400-422", "401-403-404",
		"404-410", "405-501", "409-412-428", "429-503", "500-502-503-504",
		"rest", "caching", "graphql", "fetch",
		"499", "520", "521", "522", "523", "524", "525", "526",
	}
	for c := range statute.Codes() {
		names = append(names, strconv.Itoa(c.Number))
	}
	for _, name := range names {
		if p, ok := Lookup(name); !ok || p.Name != name {
			t.Errorf("%s has no page", name)
		}
	}
}

func TestLookup(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"404", "404"},
		{"401-403-404", "401-403-404"},
		{"403-401", "401-403-404"},
		{"401-429", ""},
		{"-", ""},
		{"", ""},
		{"40", ""},
	} {
		if p, ok := Lookup(tt.name); p.Name != tt.want || ok != (tt.want != "") {
			t.Errorf("Lookup(%q) is %q, %v; want %q", tt.name, p.Name, ok, tt.want)
		}
	}
}

// block is a fenced block of a page.
type block struct {
	heading string // of the section that it stands in
	info    string // what stands behind the fence: "http wrong 429-without-retry-after"
	verdict string // "right", "wrong"
	text    string
}

// language returns "http", "go", or what a block of JavaScript is for.
func (b block) language() string {
	for _, library := range []string{"Express", "fetch()"} {
		if strings.HasPrefix(b.text, "// "+library) {
			return library
		}
	}
	language, _, _ := strings.Cut(b.info, " ")
	return language
}

// blocks returns the fenced blocks of a text.
func blocks(text string) (all []block) {
	heading := ""
	var open *block
	for line := range strings.Lines(text) {
		switch {
		case open != nil && strings.TrimSpace(line) == "```":
			all = append(all, *open)
			open = nil
		case open != nil:
			open.text += line
		case strings.HasPrefix(line, "```"):
			open = &block{heading: heading, info: strings.TrimSpace(line[3:])}
			if words := strings.Fields(open.info); len(words) > 1 {
				open.verdict = words[1]
			}
		case strings.HasPrefix(line, "## "):
			heading = strings.TrimSpace(line[3:])
		}
	}
	return all
}

// outsideBlocks returns a text without its fenced blocks.
func outsideBlocks(text string) string {
	var b strings.Builder
	inside := false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "```") {
			inside = !inside
		} else if !inside {
			b.WriteString(line)
		}
	}
	return b.String()
}

// check holds a block to its language and its verdict.
func (b block) check() error {
	words := strings.Fields(b.info)
	if len(words) == 0 {
		return fmt.Errorf("no language")
	}
	if len(words) > 1 && b.verdict != "right" && b.verdict != "wrong" {
		return fmt.Errorf("the verdict is neither right nor wrong")
	}
	switch words[0] {
	case "go":
		formatted, err := format.Source([]byte(b.text))
		if err != nil {
			return err
		}
		if !bytes.Equal(formatted, []byte(b.text)) {
			return fmt.Errorf("not formatted (-want +got):\n%s", cmp.Diff(string(formatted), b.text))
		}
	case "js":
		if b.language() == "js" {
			return fmt.Errorf("the first line says neither Express nor fetch()")
		}
	case "http":
		got, err := judged(b.text)
		if err != nil {
			return err
		}
		switch {
		case b.verdict == "right" || b.heading == "In HTTP":
			if len(got) > 0 {
				return fmt.Errorf("draws %s", strings.Join(got, "; "))
			}
		case len(words) > 2:
			if !slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, words[2]+":") }) {
				return fmt.Errorf("does not draw the rule that it names, but %q", got)
			}
		}
	}
	return nil
}

// judged returns a line for each finding that a block of HTTP draws:
// "401-without-challenge: message".
func judged(text string) ([]string, error) {
	exchanges, err := parse(text)
	if err != nil {
		return nil, err
	}
	judge := statute.NewJudge(rules.All)
	for _, x := range exchanges {
		judge.See(x)
	}
	var lines []string
	for _, f := range judge.Verdict().Findings {
		lines = append(lines, f.Rule.ID+": "+f.Message)
	}
	return lines, nil
}

var (
	requestLine = regexp.MustCompile(`^([A-Z-]+) (\S+) (HTTP/\d(?:\.\d)?)$`)
	statusLine  = regexp.MustCompile(`^(HTTP/\d(?:\.\d)?) (\d{3})(?: (.*))?$`)
)

// parse reads exchanges as people write them: a request and its responses, or a
// response alone; content ends at the next first line of a message.
func parse(text string) (all []*statute.Exchange, err error) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	first := func(i int) bool {
		return i < len(lines) && (i == 0 || lines[i-1] == "") &&
			(requestLine.MatchString(lines[i]) || statusLine.MatchString(lines[i]))
	}
	add := func(seen statute.Seen) *statute.Exchange {
		x := &statute.Exchange{Seen: seen, Source: statute.Source{Entry: len(all)}}
		all = append(all, x)
		return x
	}
	for i := 0; i < len(lines); {
		if !first(i) {
			return nil, fmt.Errorf("line %d: %q is no message's first line", i+1, lines[i])
		}
		line := lines[i]
		var fields statute.Fields
		for i++; i < len(lines) && lines[i] != ""; i++ {
			name, value, ok := strings.Cut(lines[i], ":")
			if !ok || strings.ContainsAny(name, " \t") {
				return nil, fmt.Errorf("line %d: %q is no field line", i+1, lines[i])
			}
			fields = append(fields, statute.Field{Name: name, Value: strings.TrimSpace(value)})
		}
		i++ // the empty line
		start := i
		for i < len(lines) && !first(i) {
			i++
		}
		var body statute.Body
		if start < i {
			body.Bytes = []byte(strings.TrimRight(strings.Join(lines[start:i], "\n"), "\n"))
			body.Size = int64(len(body.Bytes))
		}
		if length := fields.Get("Content-Length"); length != "" && body.Size > 0 && length != strconv.FormatInt(body.Size, 10) {
			return nil, fmt.Errorf("length is said to be %s, and there are %d bytes", length, body.Size)
		}
		if m := requestLine.FindStringSubmatch(line); m != nil {
			x := add(statute.SeenAll)
			x.Request = statute.Request{Method: m[1], Target: m[2], Proto: m[3], Authority: fields.Get("Host"), Fields: fields, Body: body}
			if scheme, _, ok := strings.Cut(m[2], "://"); ok {
				x.Request.Scheme = scheme
			}
			continue
		}
		m := statusLine.FindStringSubmatch(line)
		status, _ := strconv.Atoi(m[2])
		response := statute.Response{Status: status, Reason: m[3], Proto: m[1], Fields: fields, Body: body}
		if len(all) == 0 || all[len(all)-1].Response.Status != 0 {
			add(statute.SeenAll &^ (statute.SeenRequestFields | statute.SeenRequestBody))
		}
		x := all[len(all)-1]
		if status/100 == 1 && status != 101 {
			x.Interim = append(x.Interim, response)
		} else {
			x.Response = response
		}
	}
	return all, nil
}
