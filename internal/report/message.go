package report

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/statute-http/statute"
)

// maxContent is how many bytes of a body are shown with a message.
const maxContent = 2048

// requestText returns a request as it stood on the wire, in characters that
// are safe to show.
func requestText(x *statute.Exchange) string {
	r := &x.Request
	if r.Method == "" {
		return "(not recorded)\n"
	}
	var b strings.Builder
	writeHead(&b, strings.TrimSpace(r.Method+" "+r.Target+" "+r.Proto), r.Fields)
	writeContent(&b, r.Body)
	return b.String()
}

// responseText returns the responses as they stood on the wire, interim ones
// first, or the reason why there is none.
func responseText(x *statute.Exchange) string {
	var b strings.Builder
	for i := range x.Interim {
		r := &x.Interim[i]
		writeHead(&b, statusLine(r), r.Fields)
		b.WriteByte('\n')
	}
	r := &x.Response
	if r.Status == 0 {
		b.WriteString(Escape(answer(x)) + "\n")
		return b.String()
	}
	writeHead(&b, statusLine(r), r.Fields)
	writeContent(&b, r.Body)
	if len(r.Trailer) > 0 {
		writeHead(&b, "", r.Trailer)
	}
	if x.Error != "" {
		b.WriteString("\n(" + Escape(x.Error) + ")\n")
	}
	return b.String()
}

// line returns a request and its answer in one line.
func line(x *statute.Exchange) string {
	if x.Request.Method == "" {
		return short(answer(x))
	}
	return x.Request.Method + " " + short(x.Request.Target) + ": " + short(answer(x))
}

// located returns a line that says also where the exchange was recorded.
func located(x *statute.Exchange) string {
	if from := source(x); from != "" {
		return line(x) + " (" + from + ")"
	}
	return line(x)
}

// related returns the line for an exchange that belongs to the proof of another
// one: with what it was sent for, as far as that is known.
func related(x *statute.Exchange) string {
	if x.Case == nil || x.Case.Cause == "" {
		return located(x)
	}
	return located(x) + " (" + string(x.Case.Cause) + ")"
}

// fate returns what is to follow the name of an operation that was not reached, as
// far as it is known: ": 401 Unauthorized (why)".
func fate(o statute.Outcome) string {
	said := ""
	if o.Last != nil {
		said = ": " + answer(o.Last)
	}
	if o.Why != "" {
		said += " (" + o.Why + ")"
	}
	return said
}

// source says where an exchange was recorded: "shop.har, entry 12"; "" if it
// comes from no file.
func source(x *statute.Exchange) string {
	if x.Source.File == "" {
		return ""
	}
	return fmt.Sprintf("%s, entry %d", short(x.Source.File), x.Source.Entry)
}

func statusLine(r *statute.Response) string {
	return strings.TrimSpace(fmt.Sprintf("%s %03d %s", r.Proto, r.Status, r.Reason))
}

func writeHead(b *strings.Builder, first string, fields statute.Fields) {
	b.WriteString(Escape(short(first)) + "\n")
	for _, f := range fields {
		b.WriteString(Escape(f.Name+": "+short(f.Value)) + "\n")
	}
}

// writeContent writes the beginning of a body after an empty line. Its lines
// and tabs stay; whatever else does not show is escaped.
func writeContent(b *strings.Builder, body statute.Body) {
	if body.Empty() {
		return
	}
	b.WriteByte('\n')
	shown := body.Bytes[:min(len(body.Bytes), maxContent)]
	for len(shown) < len(body.Bytes) && !utf8.RuneStart(body.Bytes[len(shown)]) && len(shown) > maxContent-utf8.UTFMax {
		shown = shown[:len(shown)-1]
	}
	for line := range strings.Lines(string(shown)) {
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		for i, cell := range strings.Split(line, "\t") {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(Escape(cell))
		}
		b.WriteByte('\n')
	}
	if partial(body, len(shown)) {
		fmt.Fprintf(b, "(the first %d of %d bytes)\n", len(shown), max(body.Size, int64(len(body.Bytes))))
	}
}
