package respond

import "slices"

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
func fieldErrors(err error) []FieldError { return appendFieldErrors(nil, err) }

func appendFieldErrors(all []FieldError, err error) []FieldError {
	switch e := err.(type) {
	case FieldError:
		return append(all, e)
	case interface{ Unwrap() []error }:
		joined := e.Unwrap()
		all = slices.Grow(all, len(joined))
		for _, err := range joined {
			all = appendFieldErrors(all, err)
		}
		return all
	case interface{ Unwrap() error }:
		return appendFieldErrors(all, e.Unwrap())
	}
	return all
}
