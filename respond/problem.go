package respond

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statute-http/statute"
)

// Problem is a kind of failure, declared once and returned many times (RFC
// 9457, 3.1). It is an error itself, and what errors.Is compares with.
type Problem struct {
	Type  string // URI reference that names the kind; "" where the code says all
	Title string // what happened, the same for all of the kind; "" for the name of the code
	Code  int    // 400 to 599
}

// New returns an error of that kind. The detail is shown to the client: what
// happened this time and what it can do, in a sentence. It may be empty.
func (p Problem) New(detail string) *Error { return &Error{problem: p, detail: detail} }

// Error returns code and title.
func (p Problem) Error() string { return strconv.Itoa(p.Code) + " " + p.title() }

func (p Problem) title() string {
	if p.Title != "" {
		return p.Title
	}
	code, _ := statute.LookupCode(p.Code)
	return code.Name
}

// Error is a failure with all that its answer needs. It is never changed: its
// methods return another one. Only the cause is kept from the client.
type Error struct {
	problem Problem
	detail  string
	members []Member
	invalid []FieldError
	fields  statute.Fields
	cause   error
	fault   string // what the program did wrong; the answer is a 500
}

// Member is a member of a problem document beyond the standard ones (RFC 9457,
// 3.2).
type Member struct {
	Name  string
	Value any
}

// Error returns problem, detail and cause, for logs: it is not what clients see.
func (e *Error) Error() string {
	text := e.problem.Error()
	if e.detail != "" {
		text += ": " + e.detail
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether the target is the error's Problem.
func (e *Error) Is(target error) bool {
	p, ok := target.(Problem)
	return ok && p == e.problem
}

// Problem returns the kind of failure.
func (e *Error) Problem() Problem { return e.problem }

// Detail returns the error with another detail, which is shown to the client.
func (e *Error) Detail(detail string) *Error {
	return e.edit(func(e *Error) { e.detail = detail })
}

// With returns the error with one more member for its problem document, or with
// another value of it. The value is written in JSON and shown to the client.
func (e *Error) With(name string, value any) *Error {
	return e.edit(func(e *Error) {
		switch name {
		case "", "type", "title", "status", "detail", "instance", "errors", "request_id":
			e.fault = "With(" + strconv.Quote(name) + "): the name is taken"
		}
		e.members = slices.DeleteFunc(slices.Clone(e.members), func(m Member) bool { return m.Name == name })
		e.members = append(e.members, Member{name, value})
	})
}

// Fields returns the error with the values that it is about, for instance because
// they are what conflicts.
func (e *Error) Fields(errors ...FieldError) *Error {
	return e.edit(func(e *Error) { e.invalid = errors })
}

// Header returns the error with one more header field.
func (e *Error) Header(name, value string) *Error {
	return e.edit(func(e *Error) {
		if !isField(name, value) {
			e.fault = "Header(" + strconv.Quote(name) + "): not a header field"
		}
		e.fields = append(slices.Clip(e.fields), statute.Field{Name: name, Value: value})
	})
}

// After returns the error with a Retry-After of so long, in seconds, rounded up
// (RFC 9110, 10.2.3). It takes the place of an earlier one.
func (e *Error) After(wait time.Duration) *Error {
	if wait <= 0 {
		return e.edit(func(e *Error) { e.fault = fmt.Sprintf("%d without a time to retry after", e.problem.Code) })
	}
	return e.edit(func(e *Error) {
		e.fields = slices.DeleteFunc(slices.Clone(e.fields), func(f statute.Field) bool { return strings.EqualFold(f.Name, "Retry-After") })
	}).Header("Retry-After", strconv.FormatInt(seconds(wait), 10))
}

// Because returns the error with its private cause: logs show it, answers do
// not, errors.Is and errors.As find it.
func (e *Error) Because(cause error) *Error {
	return e.edit(func(e *Error) { e.cause = cause })
}

func (e *Error) edit(change func(*Error)) *Error {
	edited := *e
	change(&edited)
	return &edited
}

// missing names the header field that the code cannot do without and the error
// lacks, "" if there is none.
func (e *Error) missing() string {
	code, _ := statute.LookupCode(e.problem.Code)
	for _, name := range code.Must {
		if !e.fields.Has(name) {
			return name
		}
	}
	switch e.problem.Code {
	case 429, 503:
		if !e.fields.Has("Retry-After") {
			return "Retry-After"
		}
	}
	return ""
}

// seconds returns a time span in whole seconds, rounded up.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }
