package respond

import (
	"context"
	"net/http"
)

// In makes a handler of a function whose input is decoded first. T is a struct.
// Its fields say by tags where they come from:
//
//	type change struct {
//		ID   int    `path:"id"`
//		Note string `query:"note"`
//		Item Item   `body:"json"`
//	}
//
// A struct without any of these tags is the content itself. In panics if only
// some fields have one, or if a field has a type that cannot come from there.
//
// Values of path and query are texts, numbers, booleans, types with
// UnmarshalText, pointers to these (nil where the query lacks them), and for the
// query slices of these. Numbers are written as in JSON. A path value of the wrong
// type is a 404, one of the query a 400. Where T has parameters of the query,
// others are refused. Content is JSON, and strictly so: duplicate names, names that T
// does not have, names in another case, invalid UTF-8 and data after the value
// are refused. Malformed content is a 400, values of the wrong type are a 422;
// [Policy] has other choices.
//
// If T, or the field with the content, has a method Validate() error, it is
// called last; see [Field].
func In[T any](f func(ctx context.Context, in T) (Outcome, error)) Handler {
	return &input[T]{f, planFor[T]()}
}

type input[T any] struct {
	f    func(context.Context, T) (Outcome, error)
	plan plan
}

// Respond implements [Handler].
func (h *input[T]) Respond(r *http.Request) (Outcome, error) {
	in := new(T)
	if err := h.plan.decode(r, in); err != nil {
		return Outcome{}, err
	}
	return h.f(r.Context(), *in)
}

func (h *input[T]) takesContent() bool { return h.plan.content != nil }

func (h *input[T]) codes(p Policy) []int {
	var codes []int
	if len(h.plan.path) > 0 && !p.BadPath400 {
		codes = append(codes, 404)
	}
	if h.plan.content != nil && !p.Invalid400 {
		codes = append(codes, 422)
	}
	return codes
}
