package cli

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/rules"
)

// How much of an example is shown.
const (
	exampleLines   = 16 // more lines than these: the exchanges beside the one in question get a line each
	contentLines   = 8
	exampleWidth   = 100 // characters of a line of content
	contentInShort = 60  // characters of content in the line of an exchange
)

// examples returns in Markdown the section of a rule's page that shows a wrong and
// a right exchange; "" if there is none.
func examples(r *statute.Rule) string {
	wrong, right := rules.Examples(r)
	if len(wrong.Exchanges) == 0 {
		return ""
	}
	plain := plainFields(wrong, right)
	return "## Wrong and right\n\n" +
		"```http wrong\n" + exampleText(wrong, plain) + "```\n\n" +
		"```http right\n" + exampleText(right, plain) + "```\n"
}

// plainFields returns the names of fields that both examples have all along and
// that say nothing in them.
func plainFields(wrong, right rules.Example) map[string]bool {
	plain := map[string]bool{"Host": true, "Date": true}
	for _, e := range []rules.Example{wrong, right} {
		for _, x := range e.Exchanges {
			if len(slices.Collect(x.Request.Fields.Values("Host"))) != 1 {
				plain["Host"] = false
			}
			if !x.Response.Fields.Has("Date") {
				plain["Date"] = false
			}
			for _, f := range x.Response.Fields {
				if f.Name != "Date" && strings.HasSuffix(f.Value, " GMT") { // to be seen beside the present
					plain["Date"] = false
				}
			}
		}
	}
	return plain
}

// exampleText writes an example down: the exchange that it is about as a message,
// and the others too, or, if they are long, in a line each.
func exampleText(e rules.Example, plain map[string]bool) string {
	var whole, short strings.Builder
	for i, x := range e.Exchanges {
		if i > 0 {
			whole.WriteString("\n")
		}
		text := remarkLine(x, e.Exchanges[0]) + exchangeText(x, plain)
		whole.WriteString(text)
		if i == e.At {
			short.WriteString(text)
			if i+1 < len(e.Exchanges) {
				short.WriteString("\n")
			}
			continue
		}
		short.WriteString("# " + inShort(x, e.Exchanges[0]) + "\n")
	}
	if strings.Count(whole.String(), "\n") <= exampleLines {
		return whole.String()
	}
	return short.String()
}

// exchangeText writes an exchange as raw messages without the fields that say
// nothing.
func exchangeText(x *statute.Exchange, plain map[string]bool) string {
	var b strings.Builder
	message := func(first string, fields statute.Fields, body statute.Body) {
		b.WriteString(first + "\n")
		for _, f := range fields {
			if !plain[f.Name] {
				fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Value)
			}
		}
		if len(body.Bytes) > 0 {
			b.WriteString("\n")
			lines := strings.Split(string(body.Bytes), "\n")
			for i, line := range lines {
				if i == contentLines {
					b.WriteString("...\n")
					break
				}
				b.WriteString(cutTo(line, exampleWidth) + "\n")
			}
		}
	}
	if x.Request.Method != "" {
		message(x.Request.Method+" "+cutTo(x.Request.Target, exampleWidth)+" "+x.Request.Proto, x.Request.Fields, x.Request.Body)
		b.WriteString("\n")
	}
	for _, interim := range x.Interim {
		message(statusLine(&interim), interim.Fields, interim.Body)
		b.WriteString("\n")
	}
	if x.Response.Status == 0 {
		b.WriteString("# no answer\n")
		return b.String()
	}
	message(statusLine(&x.Response), x.Response.Fields, x.Response.Body)
	return b.String()
}

// statusLine returns the first line of a response.
func statusLine(r *statute.Response) string {
	return strings.TrimRight(fmt.Sprintf("%s %d %s", r.Proto, r.Status, r.Reason), " ")
}

// remarkLine returns a line of comment with what the messages do not tell, "" if
// there is nothing.
func remarkLine(x, first *statute.Exchange) string {
	if about := remarks(x, first); len(about) > 0 {
		return "# " + strings.Join(about, "; ") + "\n"
	}
	return ""
}

// remarks lists what the messages of an exchange do not tell: why it was sent, as
// whom, when, and what the API's description says.
func remarks(x, first *statute.Exchange) []string {
	var all []string
	if c := x.Case; c != nil {
		cause := string(c.Cause)
		if c.Detail != "" {
			cause += ": " + c.Detail
		}
		if cause != "" {
			all = append(all, cause)
		}
		if who := map[statute.Principal]string{
			statute.Nobody: "without credentials", statute.False: "with false credentials",
			statute.Low: "with fewer rights", statute.Other: "as another owner",
		}[c.Principal]; who != "" && !strings.Contains(cause, "credentials") {
			all = append(all, who)
		}
	}
	if after := x.Start.Sub(first.Start); after > 0 && !first.Start.IsZero() {
		all = append(all, fmt.Sprintf("after %v", after))
	}
	if x.Took > 0 {
		all = append(all, fmt.Sprintf("took %v", x.Took))
	}
	if x.Request.Scheme != "" {
		all = append(all, "over "+x.Request.Scheme)
	}
	if d := x.Declared; d != nil {
		if len(d.Responses) > 0 {
			all = append(all, "described: "+strings.Join(d.Responses, ", "))
		}
		if d.Secured {
			all = append(all, "described as secured")
		}
		if d.Content != nil {
			if text := d.Content(&x.Response); text != "" {
				all = append(all, "by the description: "+text)
			}
		}
	}
	return all
}

// inShort returns an exchange in a line: "GET /orders/17 -> 200 OK, ETag: "a1",
// {"id":17}", with its remarks ahead.
func inShort(x, first *statute.Exchange) string {
	text := x.Request.Method + " " + cutTo(x.Request.Target, contentInShort) +
		besides(x.Request.Fields, x.Request.Body, "Host", "Accept", "Content-Type", "Content-Length", "Authorization")
	if x.Response.Status == 0 {
		text += " -> no answer"
	} else {
		text += fmt.Sprintf(" -> %d %s", x.Response.Status, x.Response.Reason) +
			besides(x.Response.Fields, x.Response.Body, "Date", "Content-Type", "Content-Length")
	}
	if about := remarks(x, first); len(about) > 0 {
		return strings.Join(about, "; ") + ": " + text
	}
	return text
}

// besides returns what a message has beside its first line and the fields named:
// other fields, and content if it is short.
func besides(fields statute.Fields, body statute.Body, but ...string) string {
	text := ""
	for _, f := range fields {
		if !slices.Contains(but, http.CanonicalHeaderKey(f.Name)) {
			text += ", " + f.Name + ": " + f.Value
		}
	}
	content := string(body.Bytes)
	if fields.Get("Content-Type") != "application/problem+json" && content != "" && len(content) <= contentInShort && !strings.Contains(content, "\n") {
		text += ", " + content
	}
	return text
}

// cutTo cuts a text to a number of characters, the three dots at its end included.
func cutTo(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n-3]) + "..."
}
