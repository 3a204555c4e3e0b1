package shop

import (
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strconv"

	"github.com/statute-http/statute/respond"
)

// page says which part of a list is wanted.
type page struct {
	After int64 `query:"after"` // the id of the last one known
	Limit *int  `query:"limit"`
}

// mostListed is how long a list can be.
const mostListed = 100

func (p page) limit() int {
	if p.Limit == nil {
		return mostListed
	}
	return *p.Limit
}

// Validate implements what [respond.In] looks for.
func (p page) Validate() error {
	var errs []error
	if p.After < 0 {
		errs = append(errs, respond.Parameter("after", "must be 0 or more"))
	}
	if n := p.limit(); n < 1 || n > mostListed {
		errs = append(errs, respond.Parameter("limit", fmt.Sprintf("must be from 1 to %d", mostListed)))
	}
	return errors.Join(errs...)
}

// list answers with the first of the resources, as many as the page can have. If
// there are more, a Link field says where (RFC 8288); the query holds what the
// list was filtered by.
func list[T any, P resource[T]](path string, query url.Values, p page, all iter.Seq2[T, error]) (respond.Outcome, error) {
	found := []T{}
	for value, err := range all {
		if err != nil {
			return respond.Outcome{}, err
		}
		if len(found) < p.limit() {
			found = append(found, value)
			continue
		}
		query.Set("after", strconv.FormatInt(P(&found[len(found)-1]).head().ID, 10))
		query.Set("limit", strconv.Itoa(p.limit()))
		next := fmt.Sprintf(`<%s?%s>; rel="next"`, path, query.Encode())
		return respond.OK(found).Header("Link", next).Cache("no-cache"), nil
	}
	return respond.OK(found).Cache("no-cache"), nil
}

// only yields the resources that are so.
func only[T any](all iter.Seq2[T, error], so func(T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for value, err := range all {
			if (err != nil || so(value)) && !yield(value, err) {
				return
			}
		}
	}
}
