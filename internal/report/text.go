package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/statute-http/statute"
)

// Bounds of the text report. The JSON report knows no such bounds.
const (
	maxOperations = 3    // named with a finding
	maxFields     = 8    // field lines shown of a message
	maxExcerpt    = 200  // characters of a body
	maxReplay     = 1500 // characters of a replay line
	maxLines      = 20   // of a list at the end
	maxColumn     = 48   // characters of a column of operations
	maxWidth      = 107  // characters of a line of words
	minWidth      = 40
	indent        = "        "
)

// writeText writes the run for people, worst first.
func writeText(w io.Writer, v *view, s Screen) error {
	buffered := bufio.NewWriter(w)
	p := &printer{buffered, s}
	p.summary(v)
	for _, note := range v.Notes {
		p.wrapped("note", note)
	}
	for _, f := range v.Findings {
		if !f.Note() && !f.drift() {
			p.finding(f)
		}
	}
	p.once(v.Findings)
	p.drift(v.Findings)
	p.list("this API's conventions", v.conventions())
	p.unanswered(v.Unanswered)
	p.unreached(v.Unreached)
	p.skipped(v.Skipped)
	p.list(v.switchedOff())
	p.list(plural(len(v.Leftover), "thing", "things")+" not known to be deleted", v.Leftover)
	var problems []string
	for _, problem := range v.Problems {
		problems = append(problems, problem.String())
	}
	p.list(plural(len(problems), "problem", "problems")+" in what was read", problems)
	if v.Requests == 0 { // of what others recorded; what the checker could not do is said above
		p.leftOut(v.Rules)
	}
	return buffered.Flush()
}

// printer writes lines in which nothing that came over the wire can move the
// cursor, change colours or hide what follows: every text goes through Escape.
// Its writer keeps the first error.
type printer struct {
	w      *bufio.Writer
	screen Screen
}

// The styles, as parameters of the escape sequence that sets them.
const (
	plain = ""
	bold  = "1"
	dim   = "2"
)

func style(l statute.Level) string {
	switch l {
	case statute.Must:
		return "1;31" // red
	case statute.Should:
		return "1;33" // yellow
	}
	return "1;36" // cyan
}

func (p *printer) print(style, text string) {
	if p.screen.Colour && style != plain {
		p.w.WriteString("\x1b[" + style + "m" + Escape(text) + "\x1b[0m")
		return
	}
	p.w.WriteString(Escape(text))
}

func (p *printer) line(style, text string) {
	p.print(style, text)
	p.w.WriteByte('\n')
}

// item writes a line with its label: the label is shown once.
func (p *printer) item(label, text string) {
	p.print(dim, fmt.Sprintf("%s%-9s", indent, label))
	p.line(plain, text)
}

// wrapped writes words, as item does, over as many lines as they need.
func (p *printer) wrapped(label, text string) {
	for _, line := range p.lines(text, len(indent)+9) {
		p.item(label, line)
		label = ""
	}
}

// lines breaks words into lines of the screen's width, less what goes before
// each.
func (p *printer) lines(text string, before int) []string {
	width := min(max(cmp.Or(p.screen.Width, maxWidth), minWidth), maxWidth) - before
	var lines []string
	line, used := "", 0
	for word := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case line == "":
			line, used = word, n
		case used+1+n > width:
			lines = append(lines, line)
			line, used = word, n
		default:
			line += " " + word
			used += 1 + n
		}
	}
	return append(lines, line)
}

func (p *printer) summary(v *view) {
	p.print(bold, v.Target)
	switch {
	case v.Exchanges == 0 && len(v.Places) > 0:
		p.print(plain, "  "+plural(len(v.Places), "operation", "operations")+" described")
	case v.Requests == 0:
		p.print(plain, "  "+plural(v.Exchanges, "exchange", "exchanges"))
	default:
		reached := fmt.Sprintf("  %d of %s reached", v.Reached, plural(v.Tried, "operation", "operations"))
		if n := len(v.Skipped); n > 0 {
			reached += fmt.Sprintf(", %d left out", n)
		}
		if v.Reached < v.Tried {
			p.print(bold, reached)
		} else {
			p.print(plain, reached)
		}
		p.print(plain, "  "+plural(v.Requests, "request", "requests"))
	}
	p.print(plain, fmt.Sprintf("  %.1f s", v.Elapsed.Seconds()))
	for level := statute.Must; level >= statute.Advice; level-- {
		n, colour := v.Levels[level], plain
		if n > 0 {
			colour = style(level)
		}
		p.print(plain, "  ")
		p.print(colour, fmt.Sprintf("%d %s", n, level))
	}
	for _, count := range v.keptOut() {
		p.print(plain, "  "+count)
	}
	p.line(plain, "")
}

func (p *printer) finding(f finding) {
	p.line(plain, "")
	p.print(style(f.Level), fmt.Sprintf("%-8s", f.Level))
	p.print(bold, f.Message)
	if f.Documented {
		p.print(plain, " (documented so)")
	}
	if f.Confidence == statute.Likely {
		p.print(plain, " (likely)")
	}
	p.line(dim, "  "+f.Rule.ID)

	on := f.on()
	if f.Count > 1 && f.Places == nil {
		on += fmt.Sprintf("  (%d answers)", f.Count)
	}
	p.item("on", on)
	for i, place := range f.Places {
		if i == maxOperations {
			break
		}
		p.item([]string{"in", ""}[min(i, 1)], place.String())
	}
	if len(f.Evidence) > 0 {
		p.proof(f)
	}
	if cite := f.cite(); cite.Doc != "" {
		p.item("section", cite.String()+"  "+cite.URL())
	}
	if fix := f.Rule.Fix(); fix != "" {
		p.wrapped("fix", fix)
	}
	switch {
	case len(f.Replay()) > maxReplay:
		p.item("again", "(too long for a line: see \"replay\" in the JSON report)")
	case f.Replay() != "":
		label := "again"
		for line := range strings.SplitSeq(f.Replay(), "\n") {
			p.item(label, line)
			label = ""
		}
	}
}

// proof writes the first exchange that shows the fault, and those before it
// that belong to the proof in one line each.
func (p *printer) proof(f finding) {
	e := f.Evidence[0]
	if c := e.Case; c != nil && c.Cause != "" {
		cause := string(c.Cause)
		if c.Detail != "" {
			cause += ": " + c.Detail
		}
		p.item("cause", cause)
	}
	if from := source(e.Exchange); from != "" {
		p.item("source", from)
	}
	p.others("before", e.Before)
	if e.Request.Method != "" {
		p.item("request", e.Request.Method+" "+short(e.Request.Target))
		p.content(tellingRequest(e.Request.Fields), e.Request.Body)
	}
	p.item("answer", answer(e.Exchange))
	p.content(tellingResponse(e.Response.Fields, f.Message+" "+f.Expected), e.Response.Body)
	p.others("after", e.After)
}

// others writes a line for each of the other exchanges of a proof.
func (p *printer) others(label string, exchanges []*statute.Exchange) {
	for _, x := range exchanges {
		p.item(label, related(x))
	}
}

func (p *printer) content(fields statute.Fields, body statute.Body) {
	for i, f := range fields {
		if i == maxFields {
			p.item("", fmt.Sprintf("+ %d more fields", len(fields)-i))
			break
		}
		p.item("", f.Name+": "+short(f.Value))
	}
	if !body.Empty() {
		p.item("", excerpt(body))
	}
}

// once writes the findings that concern the whole server, a line each.
func (p *printer) once(findings []finding) {
	first := true
	for _, f := range findings {
		if !f.Note() {
			continue
		}
		if first {
			p.line(plain, "")
			first = false
		}
		p.print(style(f.Level), fmt.Sprintf("%-8s", f.Level))
		cite := ""
		if section := f.cite(); section.Doc != "" {
			cite = "  " + section.String()
		}
		p.print(plain, f.Message+"  in "+plural(len(f.Entries), "answer", "answers")+among(slices.Concat(f.Servers...))+cite)
		p.line(dim, "  "+f.Rule.ID)
	}
}

// drift writes the findings about answers that the description does not list, a
// line each.
func (p *printer) drift(findings []finding) {
	var lines []string
	for _, f := range findings {
		if f.drift() {
			lines = append(lines, fmt.Sprintf("%s: %s  %s", f.on(), f.Message, f.Rule.ID))
		}
	}
	p.list("drift: description and API differ", lines)
}

// unreached writes a line for each operation, those with the same code together,
// and before more than a few of them one line that counts the codes.
func (p *printer) unreached(outcomes []statute.Outcome) {
	code := func(o statute.Outcome) int {
		if o.Last == nil {
			return 0
		}
		return o.Last.Response.Status
	}
	width := 0
	codes := map[int]int{}
	for _, o := range outcomes {
		width = max(width, utf8.RuneCountInString(o.Operation.String()))
		codes[code(o)]++
	}
	width = min(width, maxColumn)
	sorted := slices.SortedStableFunc(slices.Values(outcomes), func(a, b statute.Outcome) int { return cmp.Compare(code(a), code(b)) })
	var lines []string
	if len(outcomes) > maxOperations {
		lines = append(lines, countCodes(codes))
	}
	for _, o := range sorted {
		line := fmt.Sprintf("%-*s", width, o.Operation)
		if o.Last != nil {
			line += "  " + answer(o.Last)
			if code(o) != 0 && !o.Last.Response.Body.Empty() {
				line += "  " + clip(excerpt(o.Last.Response.Body), 80)
			}
		}
		if o.Why != "" {
			line += "  (" + o.Why + ")"
		}
		lines = append(lines, line)
	}
	p.list(plural(len(outcomes), "operation", "operations")+" not reached: the last answer", lines)
}

// countCodes returns "no answer × 1, 200 × 12, 404 × 3".
func countCodes(codes map[int]int) string {
	var parts []string
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		name := strconv.Itoa(code)
		if code == 0 {
			name = "no answer"
		}
		parts = append(parts, fmt.Sprintf("%s × %d", name, codes[code]))
	}
	return strings.Join(parts, ", ")
}

// skipped writes what was left out by choice, a line for each reason.
func (p *printer) skipped(outcomes []statute.Outcome) {
	var reasons []string
	by := map[string][]statute.Operation{}
	for _, o := range outcomes {
		if by[o.Why] == nil {
			reasons = append(reasons, o.Why)
		}
		by[o.Why] = append(by[o.Why], o.Operation)
	}
	var lines []string
	for _, why := range reasons {
		lines = append(lines, fmt.Sprintf("%s: %s", why, operations(by[why])))
	}
	p.list(plural(len(outcomes), "operation", "operations")+" left out", lines)
}

// leftOut folds the rules that could not be asked of every exchange into one
// line.
func (p *printer) leftOut(rules []statute.LeftOut) {
	if len(rules) == 0 {
		return
	}
	var parts []string
	for _, l := range rules {
		why := strings.TrimSuffix(strings.TrimPrefix(l.Why, "no "), " recorded")
		for part := range strings.SplitSeq(why, ", ") {
			if !slices.Contains(parts, part) {
				parts = append(parts, part)
			}
		}
	}
	slices.Sort(parts)
	p.line(plain, "")
	for _, line := range p.lines(fmt.Sprintf("%s could not be asked about some exchanges; not recorded: %s",
		plural(len(rules), "rule", "rules"), strings.Join(parts, ", ")), 0) {
		p.line(dim, line)
	}
}

// list writes a heading and lines below it; nothing if there are none.
func (p *printer) list(heading string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.line(plain, "")
	p.line(bold, heading)
	for i, line := range lines {
		if i == maxLines {
			p.line(plain, fmt.Sprintf("%s+ %d more (the JSON report has them all)", indent, len(lines)-i))
			break
		}
		p.line(plain, indent+line)
	}
}

// unanswered lists the requests without an answer, each with the line that sends it
// again.
func (p *printer) unanswered(all []silent) {
	var lines []string
	for _, x := range all {
		lines = append(lines, nameOf(statute.OperationOf(x.Exchange))+"  "+answer(x.Exchange)+causeOf(x.Exchange))
		if x.Replay != "" && len(x.Replay) <= maxReplay {
			lines = append(lines, "  again  "+x.Replay)
		}
	}
	heading := " without an answer"
	if n := len(all); n > 0 && all[n-1].Response.Status != 0 {
		heading += ", or the last that had one"
	}
	p.list(plural(len(all), "request", "requests")+heading, lines)
}

// causeOf returns what a request was about, behind two spaces; "" if nobody says.
func causeOf(x *statute.Exchange) string {
	switch c := x.Case; {
	case c == nil:
		return ""
	case c.Detail == "":
		return "  " + string(c.Cause)
	default:
		return "  " + string(c.Cause) + ": " + c.Detail
	}
}

// tellingRequest returns the fields that are not in every request, such as a second
// Host; whether there are credentials is told by the cause.
func tellingRequest(fields statute.Fields) statute.Fields {
	hosts := len(slices.Collect(fields.Values("Host")))
	return slices.DeleteFunc(slices.Clone(fields), func(f statute.Field) bool {
		switch strings.ToLower(f.Name) {
		case "host":
			return hosts == 1
		case "user-agent", "accept-encoding", "connection", "content-length":
			return true
		case "accept":
			return f.Value == "*/*"
		}
		return strings.Contains(f.Value, redacted)
	})
}

// tellingResponse returns the fields that a code stands or falls with, and
// those that the finding names.
func tellingResponse(fields statute.Fields, finding string) statute.Fields {
	finding = strings.ToLower(finding)
	return slices.DeleteFunc(slices.Clone(fields), func(f statute.Field) bool {
		name := strings.ToLower(f.Name)
		switch name {
		case "content-type", "www-authenticate", "proxy-authenticate", "allow", "location", "etag", "retry-after",
			"content-range", "accept-ranges", "accept-patch", "upgrade", "ratelimit", "link", "transfer-encoding":
			return false
		}
		return !strings.Contains(finding, name)
	})
}

// answer returns the status line without its version, or why there is none.
func answer(x *statute.Exchange) string {
	if x.Response.Status == 0 {
		if x.Error == "" {
			return "no answer"
		}
		return "no answer: " + x.Error
	}
	text := strconv.Itoa(x.Response.Status)
	if x.Response.Reason != "" {
		text += " " + x.Response.Reason
	}
	if x.Error != "" {
		text += ", then " + x.Error
	}
	return text
}

// operations names the first few of them.
func operations(all []statute.Operation) string {
	return few(len(all), func(i int) string { return nameOf(all[i]) })
}

// on names the first few operations of a finding and, where they are not all of
// one server, their servers.
func (f finding) on() string { return few(len(f.Operations), f.name) }

// name names one of the operations.
func (f finding) name(i int) string {
	name := nameOf(f.Operations[i])
	if i < len(f.Servers) {
		name += among(f.Servers[i])
	}
	return name
}

// among returns " (api.example, shop.example)", each once; "" for none. How many
// there are in all is not known.
func among(servers []string) string {
	servers = slices.Compact(slices.Sorted(slices.Values(servers)))
	if len(servers) == 0 {
		return ""
	}
	names := short(strings.Join(servers[:min(len(servers), maxOperations)], ", "))
	if len(servers) > maxOperations {
		names += ", and others"
	}
	return " (" + names + ")"
}

// few lists the first few names of n.
func few(n int, name func(int) string) string {
	var names []string
	for i := range min(n, maxOperations) {
		names = append(names, name(i))
	}
	if n > maxOperations {
		names = append(names, fmt.Sprintf("+ %d more", n-maxOperations))
	}
	return strings.Join(names, ", ")
}

// nameOf returns the name of an operation, also of that of a response alone.
func nameOf(o statute.Operation) string {
	return cmp.Or(o.String(), "request not recorded")
}

// excerpt returns the beginning of a body in one line.
func excerpt(b statute.Body) string {
	head := b.Bytes[:min(len(b.Bytes), 4*maxExcerpt)]
	text := strings.Join(strings.Fields(string(head)), " ")
	cut := clip(text, maxExcerpt)
	if len(cut) < len(text) || partial(b, len(head)) {
		cut = strings.TrimSuffix(cut, "…") + fmt.Sprintf("… (%d bytes)", max(b.Size, int64(len(b.Bytes))))
	}
	return cut
}

// partial reports whether there is more content than the first bytes that are
// shown. The size does not tell, for redaction leaves it as it was.
func partial(b statute.Body, shown int) bool {
	return shown < len(b.Bytes) || b.Cut || len(b.Bytes) == 0
}

// short returns a target or field value cut to what fits a report.
func short(text string) string { return clip(text, maxExcerpt) }

// clip cuts a text to a number of characters.
func clip(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i] + "…"
		}
		n--
	}
	return text
}

// plural returns "1 request" or "412 requests".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// Escape makes a text safe for a terminal: control characters, characters that
// change the direction of text or do not show, and bytes that are not UTF-8 are
// written as Go would write them in a string.
func Escape(text string) string {
	if printable(text) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case !unicode.IsPrint(r):
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		default:
			b.WriteString(text[i : i+size])
		}
		i += size
	}
	return b.String()
}
