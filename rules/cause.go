package rules

import (
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

// aside reports whether a code says that the server did not come to what is
// wrong with a request, because something else was in the way: who asks, how
// often, a precondition, an expectation, another version.
func aside(code int) bool {
	switch code {
	case 401, 402, 403, 407, 408, 411, 412, 416, 417, 421, 425, 426, 428, 429, 431, 451:
		return true
	}
	return false
}

// unproved reports whether a request came from nobody: without credentials, or
// with such as cannot be right.
func unproved(c statute.Cause) bool {
	return c == statute.NoCredentials || c == statute.FalseCredentials || c == statute.MalformedCredentials
}

// overloaded reports whether an answer is a 503 that says when to come back: it
// speaks of the server's state, not of the request.
func overloaded(r *statute.Response) bool {
	return r.Status == 503 && r.Fields.Has("Retry-After")
}

// succeeded reports whether the control, a like request without what is wrong
// in this one, was answered 2xx.
func succeeded(p *statute.Pass) bool {
	return p.Case.Control != nil && p.Case.Control.Response.Class() == 2
}

// samePath reports whether the control went to the same path of the same
// server.
func samePath(p *statute.Pass) bool {
	c := p.Case.Control
	return c != nil && c.Request.Authority == p.Request.Authority && c.Request.Path() == p.Request.Path()
}

// byControl reports a fault that the control proves.
func byControl(p *statute.Pass, f statute.Fault) {
	f.Before = []*statute.Exchange{p.Case.Control}
	p.Report(f)
}

// answered says in a message what a request got that is wrong on purpose: "500
// for malformed JSON".
func answered(p *statute.Pass) string {
	return strconv.Itoa(p.Response.Status) + " for " + string(p.Case.Cause)
}

// oneOf lists codes in words: "400 or 422".
func oneOf(codes []int) string {
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = strconv.Itoa(code)
	}
	return strings.Join(words, " or ")
}
