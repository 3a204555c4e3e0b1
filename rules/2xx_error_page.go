package rules

import (
	"bytes"
	_ "embed"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed 2xx_error_page.txtar
var doc2xxErrorPage string

var r2xxErrorPage = &statute.Rule{
	ID:    "2xx-error-page",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15")},
	On:    []int{2},
	Needs: statute.SeenFields | statute.SeenBody,
	Over:  []string{"200-with-error-body", "2xx-html-for-json"},
	Doc:   doc2xxErrorPage,
	Check: func(p *statute.Pass) {
		if !isHTML(&p.Response) || asksForErrorPage(&p.Request) {
			return
		}
		page := readPage(p.Response.Body.Bytes)
		title, heading := namesError(page.title), namesError(page.heading)
		switch {
		case !title && !heading:
		case p.Response.Body.Cut && !(title && heading): // how long it is cannot be seen
		case page.text > errorPageText || page.headings > errorPageHeadings:
		default:
			p.Report(statute.Fault{
				Message:    "2xx with a page whose title or first heading is an error's",
				Expected:   "4xx or 5xx, as the page says",
				Confidence: statute.Likely,
			})
		}
	},
}

// An error page has at most that many letters and headings; what has more is
// an article about errors.
const (
	errorPageText     = 1500
	errorPageHeadings = 3
)

// asksForErrorPage reports whether the target names an error page, a page about
// errors or one about the state of the service.
func asksForErrorPage(r *statute.Request) bool {
	for segment := range strings.SplitSeq(r.Path(), "/") {
		if segmentStarts(segment, []string{"error", "errors", "maintenance", "offline", "status", "notfound", "unavailable"}) ||
			len(segment) >= 3 && isErrorNumber(segment[:3]) && (len(segment) == 3 || segment[3] == '.') {
			return true
		}
	}
	return false
}

func isErrorNumber[T string | []byte](s T) bool {
	return len(s) == 3 && (s[0] == '4' || s[0] == '5') && '0' <= s[1] && s[1] <= '9' && '0' <= s[2] && s[2] <= '9'
}

// pageErrors are the words that a title holds if the page is an error's;
// numberedErrors only are some beside a number.
var (
	pageErrors = []string{
		"not found", "page not found", "file not found", "the page you requested was not found", "access denied", "bad request",
		"method not allowed", "request timeout", "too many requests", "internal server error", "server error", "application error",
		"bad gateway", "service unavailable", "service temporarily unavailable", "temporarily unavailable",
		"gateway timeout", "gateway time out", "under maintenance", "site under maintenance", "site maintenance",
		"down for maintenance", "maintenance mode", "undergoing maintenance", "we are under maintenance", "we are down for maintenance",
		"something went wrong", "an error occurred", "an error has occurred", "sorry, something went wrong",
	}
	numberedErrors = []string{"forbidden", "unauthorized", "gone", "conflict", "unavailable"}
)

// namesError reports whether a title or heading is that of an error page: "404
// Not Found", "Error 502", "Shop | Service Unavailable", "Server Error (500)".
func namesError(heading []byte) bool {
	if len(heading) > 120 {
		return false
	}
	for _, separator := range []string{" | ", " - ", " – ", " — ", " · ", " &mdash; ", " &ndash; "} {
		if before, after, ok := bytes.Cut(heading, []byte(separator)); ok {
			return namesError(before) || namesError(after)
		}
	}
	number, word := false, false
	rest := heading
	for {
		rest = bytes.Trim(rest, " \t\r\n:-()[]!.,")
		first, after, _ := bytes.Cut(rest, []byte(" "))
		bare := bytes.TrimRight(first, ":,.!")
		last := rest[bytes.LastIndexByte(rest, ' ')+1:]
		switch {
		case isErrorNumber(bare):
			number, rest = true, after
		case isErrorNumber(bytes.Trim(last, "()[]")):
			number, rest = true, rest[:len(rest)-len(last)]
		case bytes.EqualFold(bare, []byte("error")), bytes.EqualFold(bare, []byte("http")):
			word, rest = true, after
		case bytes.EqualFold(bare, []byte("status")) && word, bytes.EqualFold(bare, []byte("code")) && word, bytes.EqualFold(bare, []byte("oops")):
			rest = after
		case len(rest) == 0:
			heading = bytes.TrimSpace(heading)
			return word && number || isErrorNumber(heading) || bytes.EqualFold(heading, []byte("error"))
		default:
			return isPhrase(rest, pageErrors) || number && isPhrase(rest, numberedErrors)
		}
	}
}
