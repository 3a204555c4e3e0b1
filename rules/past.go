package rules

import (
	"bytes"
	"strings"

	"github.com/statute-http/statute"
)

// reading returns the GET, answered 200, that an exchange is to be compared
// with: the latest one or, failing that, the exchange's control; nil if there is
// none.
func reading(p *statute.Pass) *statute.Exchange {
	if x := lastReading(p); x != nil {
		return x
	}
	if p.Case != nil && p.Case.Control != nil {
		c := p.Case.Control
		if isReading(c) && c.Request.Authority == p.Request.Authority && sameReader(c, p.Exchange) {
			return c
		}
	}
	return nil
}

// lastReading returns the latest GET, answered 200, that the same client sent
// for the same target, with no write to that path since; nil if there is none.
func lastReading(p *statute.Pass) *statute.Exchange {
	past := p.Past(p.Request.Path())
	for i := len(past) - 1; i >= 0 && !writes(past[i]); i-- {
		if x := past[i]; isReading(x) && sameReader(x, p.Exchange) && !overlap(x, p.Exchange) {
			return x
		}
	}
	return nil
}

func isReading(x *statute.Exchange) bool {
	return x.Request.Method == "GET" && x.Response.Status == 200
}

// writes reports whether an exchange may have changed something: its method is
// not safe, and the answer is no refusal.
func writes(x *statute.Exchange) bool {
	return !x.Request.Safe() && x.Response.Class() != 4
}

// overlap reports whether two requests are known to have been under way at the
// same time, so that their order says nothing.
func overlap(earlier, later *statute.Exchange) bool {
	return !later.Start.IsZero() && !earlier.Start.IsZero() && earlier.Start.Add(earlier.Took).After(later.Start)
}

// aroundWrite returns what came before a GET: an unsafe request, carried out or
// refused, and the GET before that, all to one target and by one client. The GET
// under judgement is the first one since the unsafe request, and before that one
// nothing was written since the earlier GET. It returns false if that is not how
// it was.
func aroundWrite(p *statute.Pass) (before, write *statute.Exchange, ok bool) {
	past := p.Past(p.Request.Path())
	i := len(past) - 1
	for i >= 0 && past[i].Request.Safe() {
		i--
	}
	if i < 0 {
		return nil, nil, false
	}
	write = past[i]
	if write.Request.Target != p.Request.Target || !sameSender(write, p.Exchange) || overlap(write, p.Exchange) {
		return nil, nil, false
	}
	for _, x := range past[i+1:] {
		if x.Request.Method == "GET" && sameReader(x, p.Exchange) {
			return nil, nil, false
		}
	}
	for i--; i >= 0 && !writes(past[i]); i-- {
		if x := past[i]; x.Request.Method == "GET" && sameReader(x, p.Exchange) {
			return x, write, !overlap(x, write)
		}
	}
	return nil, nil, false
}

// sameReader reports whether two requests for one target ask for the same
// representation on behalf of the same client, as far as their fields tell:
// conditions and ranges may differ.
func sameReader(a, b *statute.Exchange) bool {
	return a.Request.Target == b.Request.Target && agree(a, b, incidental) && agree(b, a, incidental)
}

// sameSender reports whether two requests were sent on behalf of the same
// client; what they accept may differ.
func sameSender(a, b *statute.Exchange) bool {
	return agree(a, b, anyFormat) && agree(b, a, anyFormat)
}

// agree reports whether b has all the request fields of a with their values,
// those aside that do not matter.
func agree(a, b *statute.Exchange, skip func(name string) bool) bool {
	for _, f := range a.Request.Fields {
		if b.Request.Fields.Get(f.Name) != f.Value && !skip(f.Name) {
			return false
		}
	}
	return true
}

// incidental reports whether a request field neither tells who asks nor chooses
// among representations.
func incidental(name string) bool {
	for _, n := range [...]string{
		"Host", "Connection", "Keep-Alive", "User-Agent", "Referer", "Date", "Range", "Cache-Control", "Pragma", "Priority",
		"Content-Type", "Content-Length", "Transfer-Encoding", "Expect", "Idempotency-Key",
		"X-Request-Id", "X-Correlation-Id", "Request-Id", "Traceparent", "Tracestate", "Postman-Token",
	} {
		if strings.EqualFold(name, n) {
			return true
		}
	}
	return hasPrefixFold(name, "If-") || hasPrefixFold(name, "Sec-")
}

// anyFormat reports whether a request field does not tell who asks.
func anyFormat(name string) bool {
	return incidental(name) || hasPrefixFold(name, "Accept") || strings.EqualFold(name, "Origin") ||
		strings.EqualFold(name, "X-Requested-With") || strings.EqualFold(name, "Prefer")
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// sameContent reports whether two responses have the same content, as far as it
// was recorded, and any at all.
func sameContent(a, b *statute.Response) bool {
	return !a.Body.Empty() && a.Body.Size == b.Body.Size && bytes.Equal(a.Body.Bytes, b.Body.Bytes)
}
