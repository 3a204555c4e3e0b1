package report

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/statute-http/statute"
)

// Bounds of the Markdown report. A comment on a pull request may have 65,536
// characters; the report counts bytes, which are never fewer.
const (
	maxMarkdown = 60_000
	maxTable    = 24_000 // of these for the table
	maxText     = 200    // characters of a text outside of the proof
)

// writeMarkdown writes the run as a comment for a pull request: a line, a table
// of the findings, and folded below it the proof of each.
func writeMarkdown(w io.Writer, v *view, _ Screen) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### Statute: %s\n\n%s: %s\n", levels(v), code(clip(v.Target, maxText)), extent(v))
	for _, note := range v.Notes {
		fmt.Fprintf(&b, "\n> %s\n", prose(clip(note, 2*maxText), code))
	}
	if len(v.Findings) > 0 {
		b.WriteString("\n| Level | Finding | Operation | Rule | Answers |\n|---|---|---|---|---|\n")
	}
	for i, f := range v.Findings {
		likely := ""
		if f.Confidence == statute.Likely {
			likely = " (likely)"
		}
		row := fmt.Sprintf("| %s | %s%s | %s | %s | %d |\n",
			f.Level, cell(prose(clip(f.Message, maxText), code)), likely, cell(where(f)), code(f.Rule.ID), len(f.Entries))
		if b.Len()+len(row) > maxTable {
			fmt.Fprintf(&b, "\n%d more findings are left out here.\n", len(v.Findings)-i)
			break
		}
		b.WriteString(row)
	}
	b.WriteByte('\n')
	var blocks []string
	for _, f := range v.Findings {
		blocks = append(blocks, markdownFinding(f))
	}
	var unreached []string
	for _, o := range v.Unreached {
		line := code(clip(o.Operation.String(), maxText))
		if o.Last != nil {
			line += " " + prose(clip(answer(o.Last), maxText), code)
		}
		if o.Why != "" {
			line += " (" + prose(clip(o.Why, maxText), code) + ")"
		}
		unreached = append(unreached, line)
	}
	var problems, leftover []string
	for _, p := range v.Problems {
		problems = append(problems, prose(clip(p.String(), maxText), code))
	}
	for _, left := range v.Leftover {
		leftover = append(leftover, code(clip(left, maxText)))
	}
	heading, off := v.switchedOff()
	for i := range off {
		off[i] = prose(clip(off[i], maxText), code)
	}
	conventions := v.conventions()
	for i := range conventions {
		conventions[i] = prose(clip(conventions[i], 2*maxText), code)
	}
	blocks = append(blocks,
		markdownList(plural(len(unreached), "operation", "operations")+" not reached", unreached),
		markdownList(heading, off),
		markdownList("This API's conventions", conventions),
		markdownList(plural(len(leftover), "thing", "things")+" not known to be deleted", leftover),
		markdownList(plural(len(problems), "problem", "problems")+" in what was read", problems),
	)
	left := 0
	for _, block := range blocks {
		if b.Len()+len(block) > maxMarkdown-100 {
			left++
			continue
		}
		b.WriteString(block)
	}
	if left > 0 {
		fmt.Fprintf(&b, "%s left out here: the JSON and HTML reports have all.\n", plural(left, "detail is", "details are"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// levels returns "3 must, 11 should, 2 advice, 4 known".
func levels(v *view) string {
	counts := fmt.Sprintf("%d must, %d should, %d advice", v.Levels[statute.Must], v.Levels[statute.Should], v.Levels[statute.Advice])
	return strings.Join(append([]string{counts}, v.keptOut()...), ", ")
}

// extent says how much was judged.
func extent(v *view) string {
	switch {
	case v.Exchanges == 0 && len(v.Places) > 0:
		return plural(len(v.Places), "operation", "operations") + " described"
	case v.Requests == 0:
		return plural(v.Exchanges, "exchange", "exchanges") + fmt.Sprintf(", %.1f s", v.Elapsed.Seconds())
	}
	text := fmt.Sprintf("%d of %s reached", v.Reached, plural(v.Tried, "operation", "operations"))
	if n := len(v.Skipped); n > 0 {
		text += fmt.Sprintf(", %d left out", n)
	}
	return text + ", " + plural(v.Requests, "request", "requests") + fmt.Sprintf(", %.1f s", v.Elapsed.Seconds())
}

// where names the operations of a finding.
func where(f finding) string {
	if f.Rule.Once {
		return prose(wholeServer+among(slices.Concat(f.Servers...)), code)
	}
	return code(clip(f.on(), maxText))
}

// markdownFinding returns the proof of a finding, folded.
func markdownFinding(f finding) string {
	var b strings.Builder
	// Between these tags no Markdown is read.
	fmt.Fprintf(&b, "<details><summary><b>%s</b> %s</summary>\n\n", f.Level, prose(clip(f.Message, maxText), htmlCode))
	fmt.Fprintf(&b, "%s on %s", code(f.Rule.ID), where(f))
	if f.Documented {
		b.WriteString(", documented so")
	}
	if f.Confidence == statute.Likely {
		b.WriteString(", likely")
	}
	b.WriteString(".")
	if cite := f.cite(); cite.Doc != "" {
		fmt.Fprintf(&b, " [%s](%s).", cite, cite.URL())
	}
	b.WriteString("\n")
	for i, place := range f.Places {
		if i == maxLines {
			fmt.Fprintf(&b, "- and %d more\n", len(f.Places)-i)
			break
		}
		fmt.Fprintf(&b, "- %s in %s\n", code(clip(f.Operations[i].String(), maxText)), code(clip(place.String(), maxText)))
	}
	if len(f.Evidence) > 0 {
		e := f.Evidence[0]
		if c := e.Case; c != nil && c.Cause != "" {
			b.WriteString("\nCause: " + string(c.Cause))
			if c.Detail != "" {
				b.WriteString(", " + code(short(c.Detail)))
			}
			b.WriteString("\n")
		}
		if from := source(e.Exchange); from != "" {
			b.WriteString("\nSource: " + code(from) + "\n")
		}
		for _, x := range e.Before {
			b.WriteString("\nBefore: " + code(related(x)) + "\n")
		}
		if e.Request.Method != "" {
			b.WriteString("\n" + fenced("http", requestText(e.Exchange)))
		}
		b.WriteString("\n" + fenced("http", responseText(e.Exchange)))
		for _, x := range e.After {
			b.WriteString("\nAfter: " + code(related(x)) + "\n")
		}
	}
	if fix := f.Rule.Fix(); fix != "" {
		b.WriteString("\n**Fix.** " + fix + "\n") // the rule's own Markdown
	}
	if again := f.Replay(); again != "" && len(again) <= maxReplay {
		lines := strings.Split(again, "\n")
		for i := range lines {
			lines[i] = Escape(lines[i])
		}
		b.WriteString("\n" + fenced("sh", strings.Join(lines, "\n")+"\n"))
	}
	b.WriteString("\n</details>\n\n")
	return b.String()
}

// markdownList returns a folded list of lines that are Markdown; "" if there
// are none.
func markdownList(heading string, lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<details><summary>%s</summary>\n\n", heading)
	for i, line := range lines {
		if i == maxLines {
			fmt.Fprintf(&b, "- and %d more\n", len(lines)-i)
			break
		}
		b.WriteString("- " + line + "\n")
	}
	b.WriteString("\n</details>\n\n")
	return b.String()
}

// cell returns Markdown for a table: a pipe would end the cell, whatever stands
// around it.
func cell(markdown string) string { return strings.ReplaceAll(markdown, "|", `\x7c`) }

// harmless matches a word that no flavour of Markdown makes anything of, if it
// is no address and no reference (GH-12).
var (
	harmless  = regexp.MustCompile(`^[\p{L}\p{N},.;:'"()/=-]+$`)
	reference = regexp.MustCompile(`(?i)//|www\.|gh-\d`)
)

// prose returns a text that came from elsewhere, such words as may be more than
// words in the given form of code: there are no links, mentions and tags in it.
func prose(text string, code func(string) string) string {
	var out, odd []string
	flush := func() {
		if odd != nil {
			out = append(out, code(strings.Join(odd, " ")))
			odd = nil
		}
	}
	for word := range strings.FieldsSeq(text) {
		if !harmless.MatchString(word) || reference.MatchString(word) {
			odd = append(odd, word)
			continue
		}
		flush()
		out = append(out, word)
	}
	flush()
	return strings.Join(out, " ")
}

var backticks = regexp.MustCompile("`+")

// code returns a text as a code span, the fence of which is longer than any run
// of backticks in it.
func code(text string) string {
	if text = Escape(text); strings.TrimSpace(text) == "" {
		return "` `"
	}
	ticks := fence(text, 1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") || strings.HasPrefix(text, " ") && strings.HasSuffix(text, " ") {
		text = " " + text + " "
	}
	return ticks + text + ticks
}

// fenced returns lines as a block of code.
func fenced(language, lines string) string {
	ticks := fence(lines, 3)
	return ticks + language + "\n" + lines + ticks + "\n"
}

// fence returns at least so many backticks, and more than the text has in a row.
func fence(text string, least int) string {
	for _, run := range backticks.FindAllString(text, -1) {
		least = max(least, len(run)+1)
	}
	return strings.Repeat("`", least)
}

// htmlCode returns a text as code for HTML within Markdown: every character but
// letters, digits and spaces is written as its number.
func htmlCode(text string) string {
	var b strings.Builder
	for _, r := range Escape(text) {
		if r == ' ' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	return "<code>" + b.String() + "</code>"
}
