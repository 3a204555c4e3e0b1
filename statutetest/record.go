package statutetest

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"github.com/statute-http/statute"
)

// The bounds of what is recorded.
const (
	maxRecord  = 16 << 20 // bytes of one direction of a connection
	maxContent = 1 << 20  // bytes of content kept of one message
	maxInterim = 16       // 1xx responses of one exchange
)

// record is what was written to a stream, and when.
type record struct {
	clock *atomic.Int64
	bytes []byte
	marks []mark
	full  bool // there was more than maxRecord
}

// mark says when the bytes of a record from an offset on were written.
type mark struct {
	offset int
	order  int64
	at     time.Time
}

func (r *record) add(b []byte) {
	room := min(len(b), maxRecord-len(r.bytes))
	r.full = r.full || room < len(b)
	if room == 0 {
		return
	}
	r.marks = append(r.marks, mark{len(r.bytes), r.clock.Add(1), time.Now()})
	r.bytes = append(r.bytes, b[:room]...)
}

// written returns when the byte at an offset was written.
func (r *record) written(offset int) mark {
	i, found := slices.BinarySearchFunc(r.marks, offset, func(m mark, offset int) int { return cmp.Compare(m.offset, offset) })
	if !found {
		i--
	}
	return r.marks[i]
}

// exchanges returns what went over all connections, in the order in which the
// requests were sent, and whether there was more than is recorded. What the
// client broke off is left out: it tells nothing about the server.
func (n *network) exchanges() (all []*statute.Exchange, cut bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	type placed struct {
		*statute.Exchange
		order int64
	}
	var found []placed
	for _, l := range n.links {
		cut = cut || l.requests.full || l.responses.full
		for x, order := range l.exchanges {
			found = append(found, placed{x, order})
		}
	}
	slices.SortFunc(found, func(a, b placed) int { return cmp.Compare(a.order, b.order) })
	for i, x := range found {
		x.Source.Entry = i
		all = append(all, x.Exchange)
	}
	return all, cut
}

// exchanges yields what went over the connection, each with its place in the
// order of all.
func (l *link) exchanges(yield func(*statute.Exchange, int64) bool) {
	l.requests.mu.Lock()
	defer l.requests.mu.Unlock()
	l.responses.mu.Lock()
	defer l.responses.mu.Unlock()
	requests, responses := newReader(&l.requests.record), newReader(&l.responses.record)
	for more := true; more; {
		start, before := requests.offset(), responses.offset()
		request, err := statute.ReadRequest(requests.Reader, maxContent)
		if request == nil {
			return
		}
		x := &statute.Exchange{Seen: statute.SeenAll, Request: *request}
		if x.Request.Scheme == "" {
			x.Request.Scheme = "http"
		}
		more = responses.answer(x) && err == nil
		whole := !errors.Is(responses.err, io.EOF) && !errors.Is(responses.err, io.ErrUnexpectedEOF)
		if err != nil && l.requests.full || !whole && (l.responses.broken || l.responses.full) {
			return
		}
		sent := l.requests.written(start)
		x.Start = sent.at
		if end := responses.offset(); end > before {
			x.Took = l.responses.written(end - 1).at.Sub(sent.at)
		}
		if !yield(x, sent.order) {
			return
		}
	}
}

// reader reads a record.
type reader struct {
	*bufio.Reader
	rest *bytes.Reader
	size int
	err  error // of the last answer
}

func newReader(r *record) *reader {
	rest := bytes.NewReader(r.bytes)
	return &reader{Reader: bufio.NewReader(rest), rest: rest, size: len(r.bytes)}
}

// offset returns how many bytes were read.
func (r *reader) offset() int { return r.size - r.rest.Len() - r.Buffered() }

// answer reads the answer to the request of x into it, and reports whether
// another exchange may follow on the connection.
func (r *reader) answer(x *statute.Exchange) bool {
	for {
		var response *statute.Response
		response, r.err = statute.ReadResponse(r.Reader, x.Request.Method, maxContent)
		if response != nil && response.Class() == 1 && response.Status != 101 && len(x.Interim) < maxInterim {
			x.Interim = append(x.Interim, *response)
			continue
		}
		if response != nil {
			x.Response = *response
		}
		break
	}
	switch {
	case r.err != nil && x.Response.Status == 0 && errors.Is(r.err, io.EOF):
		x.Error = "connection closed without an answer"
	case r.err != nil:
		x.Error = r.err.Error()
	case x.Response.Status == 101 || !x.Response.KeepsConnection(x.Request.Method):
	default:
		next, _ := r.Peek(len("HTTP/"))
		if len(next) == 0 || string(next) == "HTTP/" {
			return true
		}
		// What follows a response without content is content that should not be there.
		content, _ := io.ReadAll(io.LimitReader(r, maxContent))
		x.Response.Body = statute.Body{Bytes: content, Size: int64(len(content))}
	}
	return false
}
