package respond

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"time"

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
	err := json.Unmarshal(content, into, json.RejectUnknownMembers(!policy.AllowUnknown))
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
		return Invalid(semanticError(semantic))
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
	offset, pointer := int64(len(content)), ""
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		offset, pointer = syntactic.ByteOffset, place(syntactic.JSONPointer)
	}
	detail := "malformed JSON"
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		detail = "the same name twice in a JSON object"
	case errors.Is(err, io.ErrUnexpectedEOF), err == io.EOF:
		detail = "the JSON breaks off"
	case !utf8.Valid(content[min(offset, int64(len(content))):]) && utf8.Valid(content[:min(offset, int64(len(content)))]):
		detail = "the JSON is not UTF-8"
	}
	e := BadRequest(fmt.Sprintf("%s: see byte %d", detail, offset))
	if pointer != "" {
		e = e.Fields(FieldError{Pointer: pointer, Detail: detail})
	}
	return e
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
