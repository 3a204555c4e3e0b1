package cli

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Widths in characters.
const (
	textWidth = 80
	pageWidth = 130 // of a table
)

// The styles of a page on a terminal, as parameters of the escape sequence that
// sets them.
const (
	bold  = "1"
	red   = "31"
	green = "32"
)

// page makes text for a terminal of Markdown as pages are written: headings
// become plain, fenced code is indented, with its verdict ahead, and tables are
// aligned.
func page(markdown string, colour bool) string {
	paint := func(style, text string) string {
		if !colour || text == "" {
			return text
		}
		return "\x1b[" + style + "m" + text + "\x1b[0m"
	}
	var b strings.Builder
	var rows [][]string
	fenced := false
	for line := range strings.Lines(markdown + "\n") {
		line = strings.TrimRight(line, "\n")
		if !fenced && strings.HasPrefix(line, "|") {
			rows = append(rows, cells(line))
			continue
		}
		writeTable(&b, rows)
		rows = nil
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
// words ahead of each cell.
func writeTable(b *strings.Builder, rows [][]string) {
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
	if total <= pageWidth {
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
				fmt.Fprintf(b, "  %s: %s\n", head[i], row[i])
			}
		}
	}
}

// wrap breaks a text into lines, each after the indent.
func wrap(text, indent string) string {
	var b strings.Builder
	used := 0
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
			b.WriteString(indent)
			used = len(indent)
		case used+1+n > textWidth:
			b.WriteString("\n" + indent)
			used = len(indent)
		default:
			b.WriteString(" ")
			used++
		}
		b.WriteString(word)
		used += n
	}
	return b.String()
}
