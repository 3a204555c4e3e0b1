package respond

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/statute-http/statute"
)

// Version tells the states of a resource apart (RFC 9110, 8.8). The zero Version
// is that of a resource that does not exist.
type Version struct {
	ETag     string    // any text, for instance a version number; it is put in quotes if it has none
	Weak     bool      // equal tags mean equal in meaning, not equal to the byte
	Modified time.Time // zero if not known
}

// Check evaluates the preconditions of a request that changes a resource
// against its current version (RFC 9110, 13.2.2). It returns nil if the change
// may go on, else a 412; on a [Conditional] route a 428 if no precondition
// counts for that version. Call it last before the change, in the transaction
// that makes it. The context is that of the request.
//
// Reading methods need no Check: their preconditions are evaluated against the
// version of the outcome.
func Check(ctx context.Context, current Version) error {
	c := callOf(ctx)
	if c == nil || statute.SafeMethod(c.r.Method) {
		return nil
	}
	return c.check(current)
}

// check evaluates the preconditions of a change against a version.
func (c *call) check(current Version) error {
	c.checked.Store(true)
	exists := current != (Version{})
	switch what := current.sound(); {
	case what != "":
		return fault(what)
	case c.route.conditional && !guarded(c.r, !current.Modified.IsZero()):
		return PreconditionRequired()
	case !current.allows(c.r, exists), current.matchesNone(c.r, exists):
		return PreconditionFailed()
	}
	return nil
}

// guarded reports whether a request has a precondition that keeps a change of
// others from being lost: it names the version that it is based on, or demands
// that there be none. If-None-Match with tags does neither; If-Unmodified-Since
// is ignored without a valid date, and if the resource has none (RFC 9110,
// 13.1.4).
func guarded(r *http.Request, dated bool) bool {
	if r.Header["If-Match"] != nil {
		return true
	}
	if none := r.Header["If-None-Match"]; len(none) == 1 && none[0] == "*" {
		return true
	}
	_, valid := date(r, "If-Unmodified-Since")
	return valid && dated
}

// ignored names the precondition field of a change that was made without a look
// at it, "" if there is none.
func (c *call) ignored() string {
	if c.checked.Load() {
		return ""
	}
	for _, name := range [...]string{"If-Match", "If-None-Match"} {
		if c.r.Header[name] != nil {
			return name
		}
	}
	if _, valid := date(c.r, "If-Unmodified-Since"); valid {
		return "If-Unmodified-Since"
	}
	return ""
}

// allows evaluates the preconditions that demand a state: If-Match, else
// If-Unmodified-Since (RFC 9110, 13.2.2, steps 1 and 2).
func (v Version) allows(r *http.Request, exists bool) bool {
	if tags := r.Header["If-Match"]; tags != nil {
		return v.listed(tags, exists, false)
	}
	since, ok := date(r, "If-Unmodified-Since")
	return !ok || v.Modified.IsZero() || !v.Modified.Truncate(time.Second).After(since)
}

// matchesNone reports whether If-None-Match is there and false (RFC 9110,
// 13.2.2, step 3).
func (v Version) matchesNone(r *http.Request, exists bool) bool {
	tags := r.Header["If-None-Match"]
	return tags != nil && v.listed(tags, exists, true)
}

// unmodified reports whether a GET or HEAD is to be answered 304: If-None-Match
// is false, or, without one, If-Modified-Since (RFC 9110, 13.2.2, steps 3 and 4).
func (v Version) unmodified(r *http.Request) bool {
	if r.Header["If-None-Match"] != nil {
		return v.matchesNone(r, true)
	}
	since, ok := date(r, "If-Modified-Since")
	return ok && !v.Modified.IsZero() && !v.Modified.Truncate(time.Second).After(since)
}

// listed reports whether a list of entity tags has the version's: by weak
// comparison, or by the strong one that takes no weak tags (RFC 9110, 8.8.3.2).
// "*" stands for any version of a resource that exists (RFC 9110, 13.1.1).
func (v Version) listed(lists []string, exists, weak bool) bool {
	own := strings.TrimPrefix(v.tag(), "W/")
	for _, list := range lists {
		for tag := range statute.SplitList(list) {
			opaque, isWeak := strings.CutPrefix(tag, "W/")
			switch {
			case tag == "*":
				return exists
			case v.ETag == "" || opaque != own:
			case weak || !isWeak && !v.weak():
				return true
			}
		}
	}
	return false
}

// tag returns the entity tag as the ETag field holds it.
//
//	entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE
func (v Version) tag() string {
	tag := v.ETag
	if !strings.HasSuffix(tag, `"`) {
		tag = `"` + tag + `"`
	}
	if v.Weak && !strings.HasPrefix(tag, "W/") {
		tag = "W/" + tag
	}
	return tag
}

func (v Version) weak() bool { return v.Weak || strings.HasPrefix(v.ETag, `W/"`) }

// sound says what is wrong with the entity tag, "" if nothing.
//
//	etagc = %x21 / %x23-7E / obs-text
func (v Version) sound() string {
	if v.ETag == "" {
		return ""
	}
	tag := strings.TrimPrefix(v.tag(), "W/")
	for i := range len(tag) {
		c := tag[i]
		if quote := i == 0 || i == len(tag)-1; quote != (c == '"') || c <= ' ' || c == 0x7F {
			return "ETag " + strconv.Quote(v.ETag) + ": quotes, spaces and control characters cannot be in it"
		}
	}
	return ""
}

// date returns the date in a request field, and whether there is a valid one: two
// are none (RFC 9110, 13.1.3).
func date(r *http.Request, name string) (time.Time, bool) {
	values := r.Header[name]
	if len(values) != 1 {
		return time.Time{}, false
	}
	t, err := http.ParseTime(values[0])
	return t, err == nil
}
