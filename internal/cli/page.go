package cli

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/statute-http/statute/internal/report"
)

// Widths in characters.
const (
	textWidth  = 80
	pageWidth  = 100 // of prose on pages
	tableWidth = 130
)

// The styles of a page on a terminal, as parameters of the escape sequence that
// sets them.
const (
	bold  = "1"
	red   = "31"
	green = "32"
)

// page makes text for a screen of Markdown as pages are written: headings become
// plain, fenced code is indented, with its verdict ahead, and tables are aligned.
// Lines of prose are broken anew if the screen is narrower than they may be.
func page(markdown string, on report.Screen) string {
	paint := func(style, text string) string {
		if !on.Colour || text == "" {
			return text
		}
		return "\x1b[" + style + "m" + text + "\x1b[0m"
	}
	narrow := on.Width > 0 && on.Width < pageWidth
	var b strings.Builder
	var rows [][]string
	var prose []string // lines of one paragraph or item of a list
	flush := func() {
		if len(prose) > 0 {
			text := strings.Join(prose, " ")
			first := text[:len(text)-len(strings.TrimLeft(text, " "))]
			b.WriteString(reflow(text, first, first+hanging(text), on.Width) + "\n")
			prose = nil
		}
	}
	fenced := false
	for line := range strings.Lines(markdown + "\n") {
		line = strings.TrimRight(line, "\n")
		if !fenced && strings.HasPrefix(line, "|") {
			flush()
			rows = append(rows, cells(line))
			continue
		}
		writeTable(&b, rows, on.Width)
		rows = nil
		if narrow && !fenced && isProse(line) {
			if hanging(line) != "" {
				flush()
			}
			prose = append(prose, strong(line, paint))
			continue
		}
		flush()
		fence, isFence := strings.CutPrefix(line, "```")
		switch {
		case isFence && fenced:
			fenced = false
			continue
		case isFence:
			fenced = true
			_, verdict, _ := strings.Cut(fence, " ")
			verdict, rule, named := strings.Cut(verdict, " ")
			if verdict == "" {
				continue
			}
			style := green
			if verdict == "wrong" {
				style = red
			}
			line = "  " + paint(style, verdict)
			if named {
				line += " (" + rule + ")"
			}
			line += "\n"
		case fenced && line != "":
			line = "    " + line
		case fenced:
		case strings.HasPrefix(line, "#"):
			line = paint(bold, strings.TrimLeft(line, "# "))
		default:
			line = strong(line, paint)
		}
		b.WriteString(line + "\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// isProse reports whether a line is of words that may be broken elsewhere: no
// heading, no code, no columns.
func isProse(line string) bool {
	text := strings.TrimSpace(line)
	return text != "" && !strings.Contains(text, "  ") && !strings.HasPrefix(line, "    ") &&
		!strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "```")
}

// item matches what an item of a list begins with.
var item = regexp.MustCompile(`^ *((?:[-*]|[0-9]+\.) )`)

// hanging returns the indent of an item's lines after its first; "" for what is no
// item.
func hanging(text string) string {
	if m := item.FindStringSubmatch(text); m != nil {
		return strings.Repeat(" ", len(m[1]))
	}
	return ""
}

// strong paints what stands between pairs of asterisks, and takes those away.
func strong(line string, paint func(style, text string) string) string {
	parts := strings.Split(line, "**")
	if len(parts)%2 == 0 {
		return line // one is left over: these are no marks
	}
	for i := 1; i < len(parts); i += 2 {
		parts[i] = paint(bold, parts[i])
	}
	return strings.Join(parts, "")
}

// cells returns the cells of a table's row.
func cells(line string) []string {
	row := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
	for i := range row {
		row[i] = strings.ReplaceAll(strings.TrimSpace(row[i]), "**", "")
	}
	return row
}

// writeTable writes a table, whose second row is the line under its head, in
// columns. One that is too wide for that is written row by row, with the head's
// words ahead of each cell. Room is the width of the screen, 0 if it is not known.
func writeTable(b *strings.Builder, rows [][]string, room int) {
	if len(rows) < 3 {
		return
	}
	head, rows := rows[0], rows[2:]
	width := make([]int, len(head))
	total := -2 // none after the last column
	for i := range head {
		width[i] = utf8.RuneCountInString(head[i])
		for _, row := range rows {
			if i < len(row) {
				width[i] = max(width[i], utf8.RuneCountInString(row[i]))
			}
		}
		total += width[i] + 2
	}
	if total <= tableWidth && (room == 0 || total <= room) {
		for _, row := range append([][]string{head}, rows...) {
			line := ""
			for i := range min(len(row), len(head)) {
				line += fmt.Sprintf("%-*s  ", width[i], row[i])
			}
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
		return
	}
	for i, row := range rows {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(row[0] + "\n")
		for i := 1; i < min(len(row), len(head)); i++ {
			if row[i] != "" {
				b.WriteString(reflow(head[i]+": "+row[i], "  ", "    ", room) + "\n")
			}
		}
	}
}

// wrap breaks a text into lines, each after the indent.
func wrap(text, indent string) string { return reflow(text, indent, indent, textWidth) }

// reflow breaks a text into lines of some width, the first after one indent, the
// rest after another; a width of 0 is none.
func reflow(text, first, rest string, width int) string {
	var b strings.Builder
	used := 0
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
			b.WriteString(first)
			used = len(first)
		case width > 0 && used+1+n > width:
			b.WriteString("\n" + rest)
			used = len(rest)
		default:
			b.WriteString(" ")
			used++
		}
		b.WriteString(word)
		used += n
	}
	return b.String()
}
