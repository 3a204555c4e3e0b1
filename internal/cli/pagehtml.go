package cli

import (
	"html"
	"regexp"
	"strings"
)

// pageStyle is all the style of a page in HTML.
const pageStyle = `body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}` +
	`pre{overflow-x:auto;padding:.7rem;border:1px solid #8886;border-radius:4px}code,pre{font-size:.9em}` +
	`pre.right{border-left:4px solid #2a7d2a}pre.wrong{border-left:4px solid #b3261e}` +
	`table{border-collapse:collapse}td,th{border:1px solid #8886;padding:.2rem .5rem;text-align:left;vertical-align:top}`

// htmlPage makes a page in HTML, complete in itself, of Markdown as pages are
// written: headings, paragraphs, lists, tables, code fenced or indented.
func htmlPage(markdown string) string {
	title, _, _ := strings.Cut(strings.TrimLeft(markdown, "# "), "\n")
	var b strings.Builder
	b.WriteString("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
		html.EscapeString(title) + "</title>\n<style>" + pageStyle + "</style>\n")
	open := "" // the element that is not closed yet
	begin := func(element, tag string) {
		if element != "" && element != "pre" && open == element {
			return
		}
		if open != "" {
			b.WriteString("</" + open + ">\n")
		}
		open = element
		b.WriteString(tag)
	}
	fenced := false
	for line := range strings.Lines(markdown + "\n") {
		line = strings.TrimRight(line, "\n")
		fence, isFence := strings.CutPrefix(line, "```")
		marker := item.FindString(line)
		switch {
		case fenced && isFence:
			fenced = false
			begin("", "")
		case isFence:
			fenced = true
			words := append(strings.Fields(fence), "", "")
			begin("pre", "<pre"+classOf(words[1])+">")
		case fenced:
			b.WriteString(html.EscapeString(line) + "\n")
		case line == "":
			begin("", "")
		case strings.HasPrefix(line, "#"):
			text := strings.TrimLeft(line, "#")
			h := "h" + string(rune('0'+len(line)-len(text)))
			begin("", "<"+h+">"+inline(strings.TrimSpace(text))+"</"+h+">\n")
		case strings.HasPrefix(line, "    "):
			if open != "pre" {
				begin("pre", "<pre>")
			}
			b.WriteString(html.EscapeString(line[4:]) + "\n")
		case strings.HasPrefix(line, "|--"): // under a table's head
		case strings.HasPrefix(line, "|"):
			cell := "td"
			if open != "table" {
				cell = "th"
			}
			begin("table", "<table>\n")
			b.WriteString("<tr>")
			for _, text := range strings.Split(strings.Trim(line, "|"), "|") {
				b.WriteString("<" + cell + ">" + inline(strings.TrimSpace(text)) + "</" + cell + ">")
			}
			b.WriteString("</tr>\n")
		case marker != "":
			list := "ul"
			if strings.ContainsAny(marker, "0123456789") {
				list = "ol"
			}
			begin(list, "<"+list+">\n")
			b.WriteString("<li>" + inline(line[len(marker):]) + "\n")
		case (open == "ul" || open == "ol") && strings.HasPrefix(line, " "): // an item goes on
			b.WriteString(inline(strings.TrimSpace(line)) + "\n")
		default:
			begin("p", "<p>")
			b.WriteString(inline(line) + "\n")
		}
	}
	begin("", "")
	return b.String()
}

// classOf returns the attribute that gives an element a class, "" for none.
func classOf(name string) string {
	if name == "" {
		return ""
	}
	return ` class="` + html.EscapeString(name) + `"`
}

// What stands out within a line, once it is escaped.
var (
	codeSpan   = regexp.MustCompile("`([^`]+)`")
	strongSpan = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	address    = regexp.MustCompile(`^(.*  )?(https://\S+)$`)
)

// inline makes HTML of a line's text: code, bold, the address at its end.
func inline(text string) string {
	text = html.EscapeString(text)
	text = codeSpan.ReplaceAllString(text, "<code>$1</code>")
	text = strongSpan.ReplaceAllString(text, "<strong>$1</strong>")
	return address.ReplaceAllString(text, `$1<a href="$2">$2</a><br>`)
}
