package respond

import "errors"

// FieldError is one value that is not allowed. It is an error, so that Validate
// methods can return one or join several.
type FieldError struct {
	Pointer   string `json:"pointer,omitempty"`   // where it stands in the content (RFC 6901): "/items/0/qty"
	Parameter string `json:"parameter,omitempty"` // or its name in the path or the query
	Detail    string `json:"detail"`              // what was expected: "must be at least 1"
}

// Error returns place and detail.
func (e FieldError) Error() string { return e.Pointer + e.Parameter + ": " + e.Detail }

// Field says what is wrong with a value of the content. The pointer is a JSON
// pointer (RFC 6901); the detail says what was expected, not what was sent.
func Field(pointer, detail string) error { return FieldError{Pointer: pointer, Detail: detail} }

// Parameter says what is wrong with a value of the path or the query.
func Parameter(name, detail string) error { return FieldError{Parameter: name, Detail: detail} }

// fieldErrors returns the field errors within an error, in their order.
func fieldErrors(err error) []FieldError {
	if f, ok := err.(FieldError); ok {
		return []FieldError{f}
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []FieldError
		for _, err := range joined.Unwrap() {
			all = append(all, fieldErrors(err)...)
		}
		return all
	}
	if err = errors.Unwrap(err); err != nil {
		return fieldErrors(err)
	}
	return nil
}
