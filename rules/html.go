package rules

import (
	"bytes"

	"github.com/statute-http/statute"
)

// isHTML reports whether the content of a response is an HTML page, by its
// type or, where none is given, by its beginning.
func isHTML(r *statute.Response) bool {
	switch r.MediaType() {
	case "text/html", "application/xhtml+xml":
		return true
	case "":
		content := bytes.TrimLeft(r.Body.Bytes[:min(len(r.Body.Bytes), textLimit)], "\xef\xbb\xbf \t\r\n")
		return beginsFold(content, "<!doctype html") || beginsFold(content, "<html")
	}
	return false
}

// page is what is looked at of an HTML page.
type page struct {
	title, heading []byte // of the first title and h1 element: the first run of text in it
	headings       int    // h1 to h6
	text           int    // letters in the visible text
}

// readPage reads a page as far as it goes: markup may be broken or cut.
func readPage(content []byte) page {
	var p page
	content = content[:min(len(content), jsonLimit)]
	skip := ""       // the element whose content is not text
	var fill *[]byte // the title or heading whose text comes next
	for len(content) > 0 {
		start := bytes.IndexByte(content, '<')
		if start < 0 {
			start = len(content)
		}
		if run := bytes.TrimSpace(content[:start]); len(run) > 0 && skip == "" {
			if fill != nil {
				*fill, fill = run, nil
			}
			p.text += letters(run)
		}
		content = content[start:]
		if bytes.HasPrefix(content, []byte("<!--")) {
			_, content, _ = bytes.Cut(content, []byte("-->"))
			continue
		}
		end := bytes.IndexByte(content, '>')
		if end < 0 {
			break
		}
		tag := content[1:end]
		content = content[end+1:]
		name := elementName(bytes.TrimPrefix(tag, []byte("/")))
		opens := len(tag) > 0 && tag[0] != '/'
		switch {
		case skip != "":
			if !opens && bytes.EqualFold(name, []byte(skip)) {
				skip = ""
			}
		case opens && bytes.EqualFold(name, []byte("script")):
			skip = "script"
		case opens && bytes.EqualFold(name, []byte("style")):
			skip = "style"
		case bytes.EqualFold(name, []byte("title")):
			fill = nil
			if opens && p.title == nil {
				fill = &p.title
			}
		case len(name) == 2 && lower(name[0]) == 'h' && '1' <= name[1] && name[1] <= '6':
			fill = nil
			if opens {
				p.headings++
				if p.heading == nil {
					fill = &p.heading
				}
			}
		}
	}
	return p
}

func letters(text []byte) int {
	n := 0
	for _, c := range text {
		if isLetter(c) || c >= 0x80 {
			n++
		}
	}
	return n
}

// beginsFold reports whether the content begins with that ASCII prefix, in
// any case.
func beginsFold(content []byte, prefix string) bool {
	return len(content) >= len(prefix) && bytes.EqualFold(content[:len(prefix)], []byte(prefix))
}
