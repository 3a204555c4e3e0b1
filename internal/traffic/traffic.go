// Package traffic reads exchanges that others recorded, and writes them down.
//
// What was recorded differs, and [statute.Exchange.Seen] tells it of each
// exchange:
//
//   - An archive (HAR) has field lines and mostly content. One that a browser
//     wrote shows messages as the browser understood them: content without its
//     codings, no interim responses, not the bytes of the wire. Field lines of a
//     request are taken for all only where they name the host and, with a 304,
//     hold the condition that a cache adds.
//   - Raw HTTP/1 shows everything as long as lengths and chunks are true; content
//     is decoded where it is coded by gzip or deflate, as in what curl prints.
//   - Responses alone, as curl -i prints them, show nothing of the request, not
//     even its method, and not the bytes of the wire, for curl takes chunks and
//     compression off.
//   - curl -v shows the request without its content, and content as curl -i.
package traffic

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/statute-http/statute"
)

// EntryError says that one entry of a recording cannot be read. The others can.
type EntryError struct {
	Entry int // counted from 0
	Err   error
}

// Error returns "entry 12: why".
func (e *EntryError) Error() string { return fmt.Sprintf("entry %d: %v", e.Entry, e.Err) }

// Unwrap returns the reason.
func (e *EntryError) Unwrap() error { return e.Err }

// Read yields the exchanges of a recording in any of the forms that this package
// reads, also compressed by gzip; the first bytes tell which form it is. An
// [EntryError] concerns one entry; any other error ends the sequence.
func Read(r io.Reader, file string) iter.Seq2[*statute.Exchange, error] {
	return func(yield func(*statute.Exchange, error) bool) {
		read, err := form(bufio.NewReader(r))
		if err != nil {
			yield(nil, err)
			return
		}
		read(file)(yield)
	}
}

// form returns the reader that fits what comes from r.
func form(r *bufio.Reader) (func(file string) iter.Seq2[*statute.Exchange, error], error) {
	if magic, _ := r.Peek(2); string(magic) == "\x1f\x8b" {
		plain, err := gzip.NewReader(r)
		if err != nil {
			return nil, err
		}
		r = bufio.NewReader(plain)
		if magic, _ := r.Peek(2); string(magic) == "\x1f\x8b" {
			return nil, errors.New("gzip within gzip: unpack it once")
		}
	}
	start, err := r.Peek(3)
	switch {
	case len(start) == 0 && err == io.EOF:
		return nil, errors.New("no recording: it is empty")
	case len(start) == 0:
		return nil, err
	case bytes.HasPrefix(start, []byte("\xff\xfe")), bytes.HasPrefix(start, []byte("\xfe\xff")), len(start) > 1 && (start[0] == 0) != (start[1] == 0):
		return nil, errors.New("it is encoded in UTF-16: store it in UTF-8")
	case string(start) == "\xef\xbb\xbf":
		_, _ = r.Discard(3) // they are buffered
	}
	start, err = r.Peek(r.Size())
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch text := bytes.TrimLeft(start, " \t\r\n"); {
	case bytes.HasPrefix(text, []byte("{")):
		return func(file string) iter.Seq2[*statute.Exchange, error] { return HAR(r, file) }, nil
	case beginsMessage(text):
		return func(file string) iter.Seq2[*statute.Exchange, error] { return Raw(r, file) }, nil
	case beginsTrace(text):
		return func(file string) iter.Seq2[*statute.Exchange, error] { return Curl(r, file) }, nil
	default:
		return nil, fmt.Errorf("no recording: it begins with %.40q, not as a HAR, HTTP messages or what curl -i or -v prints does", text)
	}
}

// beginsTrace reports whether a text begins as what curl -v prints does: with a
// note, a line of a message, or the head of the progress meter.
func beginsTrace(text []byte) bool {
	for _, start := range []string{"* ", "> ", "< ", "% Total "} {
		if bytes.HasPrefix(text, []byte(start)) {
			return true
		}
	}
	return false
}
