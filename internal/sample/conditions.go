package sample

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

// unmet returns a 412 if a precondition of a request that changes something is
// false for what GET answers at the same path, else nil. Operations call it
// last before they act (RFC 9110, 13.2.1).
func (q *request) unmet(s *soundShop) *answer {
	current := empty(404)
	if get := q.resource.operations["GET"]; get != nil {
		current = get(s, q)
	}
	if precondition(q.Request, current) == 0 {
		return nil
	}
	return problem(412, "the resource is not in the state that the request asks for")
}

// conditional returns what a 200 to GET or HEAD becomes by the request's
// preconditions and range: itself, 304, 412, 206 or 416.
func (a *answer) conditional(r *http.Request) *answer {
	switch precondition(r, a) {
	case 304:
		unchanged := empty(304)
		for _, name := range []string{"ETag", "Cache-Control"} {
			unchanged.header.Set(name, a.header.Get(name))
		}
		return unchanged
	case 412:
		return problem(412, "the resource is not in the state that the request asks for")
	}
	if r.Method == "GET" && a.header.Get("Accept-Ranges") == "bytes" {
		return a.part(r)
	}
	return a
}

// precondition evaluates the preconditions in the order of RFC 9110, 13.2.2:
// 0 to go on, 304 or 412 to end. For methods other than GET and HEAD, 304
// means 412 too. Only the catalogue, which nobody changes, has a date.
func precondition(r *http.Request, current *answer) int {
	modified, _ := http.ParseTime(current.header.Get("Last-Modified"))

	if tags := r.Header.Values("If-Match"); tags != nil {
		if !matches(tags, current, "") {
			return 412
		}
	} else if since, err := http.ParseTime(r.Header.Get("If-Unmodified-Since")); err == nil && modified.After(since) {
		return 412
	}

	if tags := r.Header.Values("If-None-Match"); tags != nil {
		if matches(tags, current, "W/") {
			return 304
		}
	} else if since, err := http.ParseTime(r.Header.Get("If-Modified-Since")); err == nil && !modified.IsZero() && !modified.After(since) {
		return 304
	}
	return 0
}

// matches reports whether one of the entity tags is the current one's, which
// is strong; ignore is what may stand before it: "W/" for weak comparison.
func matches(tags []string, current *answer, ignore string) bool {
	if current.status != 200 {
		return false
	}
	for tag := range statute.SplitList(strings.Join(tags, ",")) {
		if tag == "*" || strings.TrimPrefix(tag, ignore) == current.header.Get("ETag") {
			return true
		}
	}
	return false
}

// part returns the range that the request asks for (RFC 9110, 14). Several
// ranges and such as do not parse are ignored: the answer is the whole.
func (a *answer) part(r *http.Request) *answer {
	unit, spec, _ := strings.Cut(r.Header.Get("Range"), "=")
	first, last, found := strings.Cut(spec, "-")
	if !strings.EqualFold(unit, "bytes") || !found || !a.same(r.Header.Get("If-Range")) {
		return a
	}
	size := uint64(len(a.body))
	start, startErr := position(first)
	end, endErr := position(last)
	switch {
	case first == "" && endErr == nil: // the last so many
		start, end = size-min(end, size), size-1
	case startErr == nil && last == "":
		end = size - 1
	case startErr != nil || endErr != nil || end < start:
		return a
	}
	if start >= size {
		none := problem(416, "the catalogue ends before this range")
		none.header.Set("Content-Range", fmt.Sprintf("bytes */%d", size))
		return none
	}
	end = min(end, size-1)
	a.status, a.body = 206, a.body[start:end+1]
	a.header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", start, end, size))
	return a
}

// same reports whether an If-Range field, if there is one, names what the
// answer holds (RFC 9110, 13.1.5).
func (a *answer) same(ifRange string) bool {
	return ifRange == "" || ifRange == a.header.Get("ETag") || ifRange == a.header.Get("Last-Modified")
}

// position parses a position in bytes. One that is too large for a number
// becomes the largest.
func position(digits string) (uint64, error) {
	n, err := strconv.ParseUint(digits, 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return n, nil
	}
	return n, err
}
