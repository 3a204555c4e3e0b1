package respond

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Decode decodes the content of a request, as [In] does, and validates it: for
// handlers that want the request too. Their routes need [Accepts], so that
// content of another type is refused. An error says what to answer.
func Decode(r *http.Request, into any) error {
	if err := decodeContent(r, into); err != nil {
		return err
	}
	return validate(into)
}

// decodeContent decodes the content of a request, which must be JSON.
func decodeContent(r *http.Request, into any) error {
	var b *bytes.Buffer
	policy := Policy{}
	if c := callOf(r.Context()); c != nil {
		policy = c.api.Policy
		b = c.api.buffer()
		defer c.api.release(b)
	} else {
		b = new(bytes.Buffer)
	}
	if r.Body != nil {
		if _, err := b.ReadFrom(r.Body); err != nil {
			return unreadable(err)
		}
	}
	content := b.Bytes()
	if len(content) == 0 {
		return BadRequest("the request has no content")
	}
	options := json.RejectUnknownMembers(!policy.AllowUnknown)
	err := json.Unmarshal(content, into, options)
	if err == nil {
		if kind := jsontext.Value(content).Kind(); kind == 'n' {
			return Invalid(FieldError{Detail: "must be an object"})
		}
		return nil
	}
	if malformed := syntaxError(content); malformed != nil {
		return malformed
	}
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		return Invalid(semanticErrors(semantic, content, into, options)...)
	}
	return BadRequest("the content cannot be decoded").Because(err)
}

// body is that of a request. Errors of its Read say what to answer, also where a
// handler reads it by itself.
type body struct{ io.ReadCloser }

// Read implements [io.Reader].
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = unreadable(err)
	}
	return n, err
}

// unreadable says why content could not be read.
func unreadable(err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e // from a body's Read
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return TooLarge(tooLarge.Limit).Because(err)
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return Problem{Code: 408}.New("the content did not come in time").Because(err)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return BadRequest("the content ends before its announced end").Because(err)
	}
	return BadRequest("the content cannot be read").Because(err)
}

// syntaxError returns the 400 for content that is not well-formed JSON, nil if
// it is. It looks at all of the content, also at what follows a value of the
// wrong type.
func syntaxError(content []byte) *Error {
	d := jsontext.NewDecoder(bytes.NewReader(content))
	_, err := d.ReadValue()
	if err == nil {
		if _, err = d.ReadToken(); err == io.EOF {
			return nil
		}
		return BadRequest(fmt.Sprintf("there is more after the JSON value: see byte %d", d.InputOffset()))
	}
	offset, at := int64(len(content)), jsontext.Pointer("")
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		offset, at = min(syntactic.ByteOffset, offset), syntactic.JSONPointer
	}
	detail := "malformed JSON"
	switch {
	case strings.Count(string(at), "/") >= maxDepth:
		detail = "the JSON is nested too deeply"
	case errors.Is(err, jsontext.ErrDuplicateName):
		detail = "the same name twice in a JSON object"
	case errors.Is(err, io.ErrUnexpectedEOF), err == io.EOF:
		detail = "the JSON breaks off"
	case !startsRune(content[offset:]):
		detail = "the JSON is not UTF-8"
	}
	e := BadRequest(fmt.Sprintf("%s: see byte %d", detail, offset))
	if pointer := place(at); pointer != "" {
		e = e.Fields(FieldError{Pointer: pointer, Detail: detail})
	}
	return e
}

// maxDepth is how deep the JSON library lets values be nested.
const maxDepth = 10_000

// startsRune reports whether content starts with a character in UTF-8.
func startsRune(content []byte) bool {
	r, size := utf8.DecodeRune(content)
	return r != utf8.RuneError || size != 1
}

const (
	maxFields  = 100     // that one answer says something of
	maxAnother = 1 << 20 // bytes that are decoded again to find more of them
)

// semanticErrors says what was expected of each value of the wrong type, and
// which names are not known. Decoding stops at the first: that one is taken out,
// and the rest decoded again, as long as that is no more work than large content
// is at once.
func semanticErrors(first *json.SemanticError, content []byte, into any, options json.Options) []FieldError {
	all := []FieldError{semanticError(first)}
	at := first.JSONPointer
	for work := len(content); work <= maxAnother && len(all) < maxFields; work += len(content) {
		content = without(content, at)
		next, ok := errors.AsType[*json.SemanticError](json.Unmarshal(content, into, options))
		if !ok || next.JSONPointer == at {
			break
		}
		at = next.JSONPointer
		all = append(all, semanticError(next))
	}
	return all
}

// without returns JSON without the member that a pointer names, or with null for
// an element, so that those after it keep their places; nil if there is none. What
// does not lead there is skipped, whatever it holds.
func without(content []byte, at jsontext.Pointer) []byte {
	d := jsontext.NewDecoder(bytes.NewReader(content), jsontext.AllowDuplicateNames(true)) // it has none
	inObject, before, first := false, int64(0), false
	for want := range at.Tokens() {
		opening, err := d.ReadToken()
		if err != nil {
			return nil
		}
		inObject, first = opening.Kind() == '{', true
		for index := 0; ; index++ {
			before = d.InputOffset()
			if next := d.PeekKind(); next == '}' || next == ']' || next == 0 {
				return nil
			}
			name := strconv.Itoa(index)
			if inObject {
				token, err := d.ReadToken()
				if err != nil {
					return nil
				}
				name = token.String()
			}
			if name == want {
				break
			}
			if err := d.SkipValue(); err != nil {
				return nil
			}
			first = false
		}
	}
	value, err := d.ReadValue()
	if err != nil {
		return nil
	}
	end := d.InputOffset()
	rest := content[end:]
	switch {
	case !inObject:
		return slices.Concat(content[:end-int64(len(value))], []byte("null"), rest)
	case first: // the comma after it goes with it, else the one before it
		rest = bytes.TrimPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(","))
	}
	return slices.Concat(content[:before], rest)
}

// semanticError says what was expected of a value, without its Go type and
// without the value.
func semanticError(err *json.SemanticError) FieldError {
	f := FieldError{Pointer: place(err.JSONPointer), Detail: "is not valid"}
	switch {
	case errors.Is(err.Err, json.ErrUnknownName):
		f.Detail = "is not known"
	case err.GoType != nil:
		if want := expected(err.GoType); want != "" {
			f.Detail = want
		}
	}
	return f
}

// maxPlace is how long a pointer may be in an answer: it holds names that
// the client made up.
const maxPlace = 200

func place(p jsontext.Pointer) string {
	if len(p) > maxPlace {
		return ""
	}
	return string(p)
}

// expected says what values of a type look like, "" if that is not known.
func expected(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Time]():
		return "must be a date and time such as 2006-01-02T15:04:05Z"
	case reflect.TypeFor[time.Duration]():
		return ""
	}
	if isText(t) {
		return "has not the right form"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return expected(t.Elem())
	case reflect.String:
		return "must be a string"
	case reflect.Bool:
		return "must be true or false"
	case reflect.Int, reflect.Int64:
		return "must be an integer"
	case reflect.Int8, reflect.Int16, reflect.Int32:
		most := int64(1)<<(t.Bits()-1) - 1
		return fmt.Sprintf("must be an integer from %d to %d", -most-1, most)
	case reflect.Uint, reflect.Uint64:
		return "must be an integer of 0 or more"
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return fmt.Sprintf("must be an integer from 0 to %d", uint64(1)<<t.Bits()-1)
	case reflect.Float32, reflect.Float64:
		return "must be a number"
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return "must be a string in Base64"
		}
		return "must be an array"
	case reflect.Struct, reflect.Map:
		return "must be an object"
	}
	return ""
}
