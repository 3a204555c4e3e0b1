package respond

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"unicode"

	"github.com/statute-http/statute"
)

// Failure is what a client may know of an error.
type Failure struct {
	Type      string // "" where the code says all
	Title     string
	Code      int
	Detail    string       // may be empty
	Fields    []FieldError // the values that are not allowed
	Members   []Member     // what else the error says
	RequestID string
}

// Format is a way to write failures.
type Format struct {
	MediaType string
	Write     func(b *bytes.Buffer, f *Failure) error
}

// Problems writes problem details (RFC 9457). Values that are not allowed are
// its member "errors", the id of the request is "request_id".
func Problems() Format {
	return Format{"application/problem+json", writeProblem}
}

func writeProblem(b *bytes.Buffer, f *Failure) error {
	o := objectWriter{b: b}
	o.begin()
	o.text("type", f.Type)
	o.text("title", f.Title)
	o.number("status", f.Code)
	o.text("detail", f.Detail)
	o.list("errors", f.Fields, "pointer", "parameter", "detail")
	for _, m := range f.Members {
		o.value(m.Name, m.Value)
	}
	o.text("request_id", f.RequestID)
	o.end()
	return o.err
}

// Envelope writes {"error": {"code", "message", "details": [{"field",
// "message"}]}}. The code is the last segment of the problem's type, else the
// name of the status code: "out_of_stock", "not_found".
func Envelope() Format {
	return Format{"application/json", writeEnvelope}
}

func writeEnvelope(b *bytes.Buffer, f *Failure) error {
	message := f.Title
	if f.Detail != "" {
		message += ": " + f.Detail
	}
	o := objectWriter{b: b}
	o.begin()
	o.name("error")
	o.begin()
	o.text("code", symbol(f))
	o.text("message", message)
	o.list("details", f.Fields, "field", "field", "message")
	for _, m := range f.Members {
		o.value(m.Name, m.Value)
	}
	o.text("request_id", f.RequestID)
	o.end()
	o.end()
	return o.err
}

// symbol returns the kind of a failure as a word in snake case.
func symbol(f *Failure) string {
	name := f.Type[strings.LastIndexAny(f.Type, "/#:")+1:]
	if name == "" {
		code, _ := statute.LookupCode(f.Code)
		name = code.Name
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return '_'
	}, name)
}

// HTML writes a short page, for people.
func HTML() Format {
	return Format{"text/html; charset=utf-8", func(b *bytes.Buffer, f *Failure) error {
		title := html.EscapeString(f.Title)
		fmt.Fprintf(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<title>%d %s</title>\n<h1>%s</h1>\n", f.Code, title, title)
		for _, line := range sentences(f) {
			fmt.Fprintf(b, "<p>%s</p>\n", html.EscapeString(line))
		}
		return nil
	}}
}

// Text writes plain lines.
func Text() Format {
	return Format{"text/plain; charset=utf-8", func(b *bytes.Buffer, f *Failure) error {
		fmt.Fprintf(b, "%d %s\n", f.Code, f.Title)
		for _, line := range sentences(f) {
			fmt.Fprintln(b, line)
		}
		return nil
	}}
}

// sentences returns what a failure says beyond its title.
func sentences(f *Failure) []string {
	var lines []string
	if f.Detail != "" {
		lines = append(lines, f.Detail)
	}
	for _, e := range f.Fields {
		lines = append(lines, e.Error())
	}
	return append(lines, "Request: "+f.RequestID)
}
