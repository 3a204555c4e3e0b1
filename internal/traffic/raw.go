package traffic

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/coding"
)

// lookahead is how many bytes a reader of messages sees at once. A header
// section must fit in, and content that is to be held against its length.
const lookahead = 512 << 10

// The lines that begin a message (RFC 9112, 3 and 4), such that prose does not
// look like one.
var (
	requestLine = regexp.MustCompile(`^[A-Z][A-Z0-9_-]*[ \t]+(?:[/*][^\n]*|[a-z][a-z0-9+.-]*://[^\n]*|[^ \t/]+:\d+)[ \t]HTTP/\d(?:\.\d)?\r?(?:\n|$)`)
	statusLine  = regexp.MustCompile(`^HTTP/\d(?:\.\d)?[ \t]+[1-9]\d\d(?:[ \t][^\n]*)?\r?(?:\n|$)`)
)

func beginsMessage(text []byte) bool { return statusLine.Match(text) || requestLine.Match(text) }

// Raw yields the exchanges of a file of HTTP/1 messages: a request, its response
// with interim ones before it, the next request and so on; or responses alone,
// as `curl -i` prints them. Empty lines may stand between them, and lines may
// end in a bare LF.
//
// Content ends where Content-Length or the last chunk says so. Where they say
// what is not so, because people wrote the file or a program took the codings
// off, content ends before the next line that begins a message, and the bytes
// are not taken for those of the wire.
//
// A response alone leaves open what was asked for: Request.Method is empty, and
// where no content follows, none is missed. The answer of a proxy that opens a
// tunnel (2xx to CONNECT) is passed over.
func Raw(r io.Reader, file string) iter.Seq2[*statute.Exchange, error] {
	return func(yield func(*statute.Exchange, error) bool) {
		in := &lineReader{r: r}
		m := &messages{in: in, r: bufio.NewReaderSize(in, lookahead)}
		for entry := 0; ; entry++ {
			x, err := m.exchange()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("message %d: %w", m.read+1, err))
				return
			}
			x.Source.File, x.Source.Entry = file, entry
			if !yield(x, nil) {
				return
			}
		}
	}
}

// messages reads one file.
type messages struct {
	in   *lineReader
	r    *bufio.Reader // over in
	read int           // messages
}

// lineReader knows which line each byte is on.
type lineReader struct {
	r      io.Reader
	read   int64
	ends   []int64 // where lines end that were not counted yet
	passed int     // lines that were
}

// Read reads and notes where lines end.
func (l *lineReader) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for at := 0; ; at++ {
		i := bytes.IndexByte(p[at:n], '\n')
		if i < 0 {
			break
		}
		at += i
		l.ends = append(l.ends, l.read+int64(at))
	}
	l.read += int64(n)
	return n, err
}

// line returns the line, counted from 1, of a byte that stands so many bytes
// before what is read next. It cannot be asked about bytes before that one again.
func (l *lineReader) line(ahead int) int {
	n, _ := slices.BinarySearch(l.ends, l.read-int64(ahead))
	l.passed += n
	l.ends = l.ends[n:]
	return l.passed + 1
}

// exchange reads up to the next final response, or up to the next request if
// there is none. It returns io.EOF if there is nothing more.
func (m *messages) exchange() (*statute.Exchange, error) {
	x := &statute.Exchange{}
	for {
		head, err := m.head()
		if x.Source.Line == 0 && err == nil {
			x.Source.Line = m.in.line(m.r.Buffered())
		}
		if x.Seen != 0 && (err == io.EOF || err == nil && requestLine.Match(head)) {
			x.Error = "no answer recorded"
			return x, nil
		}
		if err != nil {
			return nil, err
		}
		if requestLine.Match(head) {
			err = m.request(x, head)
		} else {
			err = m.response(x, head)
		}
		if err != nil {
			return nil, err
		}
		m.read++
		if tunnels(x) {
			x = &statute.Exchange{}
		} else if x.Response.Status != 0 {
			return x, nil
		}
	}
}

// tunnels reports whether a response is that of a proxy to CONNECT, also where
// the request is not known: by the words that proxies use.
func tunnels(x *statute.Exchange) bool {
	p := &x.Response
	return p.Class() == 2 && (x.Request.Method == "CONNECT" ||
		x.Request.Method == "" && p.Body.Empty() && strings.Contains(strings.ToLower(p.Reason), "connection established"))
}

// head returns what is ahead, up to the empty line that ends a header section or
// to the end of the file. It is not read yet, but for empty lines before it.
func (m *messages) head() ([]byte, error) {
	for {
		c, err := m.r.ReadByte()
		if err != nil {
			return nil, err
		}
		if c != '\r' && c != '\n' {
			_ = m.r.UnreadByte() // after ReadByte it never fails
			break
		}
	}
	for n := 4 << 10; ; n *= 2 {
		text, err := m.r.Peek(n)
		end := len(text)
		if i := emptyLine(text); i >= 0 {
			end, err = i, io.EOF
		}
		switch {
		case err != nil && err != io.EOF && err != bufio.ErrBufferFull:
			return nil, err
		case err != nil && !beginsMessage(text):
			return nil, fmt.Errorf("%.40q begins none", text)
		case err == bufio.ErrBufferFull:
			return nil, fmt.Errorf("header section is longer than %d KiB", lookahead>>10)
		case err == io.EOF:
			return text[:end], nil
		}
	}
}

// emptyLine returns where the first empty line of a text ends, or -1.
func emptyLine(text []byte) int {
	for i := 0; ; i++ {
		n := bytes.IndexByte(text[i:], '\n')
		if n < 0 {
			return -1
		}
		i += n
		switch rest := text[i+1:]; {
		case bytes.HasPrefix(rest, []byte("\n")):
			return i + 2
		case bytes.HasPrefix(rest, []byte("\r\n")):
			return i + 3
		}
	}
}

// request reads the request that begins with that header section.
func (m *messages) request(x *statute.Exchange, head []byte) error {
	q, err := statute.ReadRequest(bufio.NewReader(bytes.NewReader(head)), 0)
	if q == nil {
		return err // what else is wrong is that the content is not there
	}
	x.Seen |= statute.SeenRequestFields | statute.SeenRequestBody
	if m.framed(len(head), q.Fields) {
		if q, err = statute.ReadRequest(m.r, maxContent); err != nil { // within a later chunk
			m.loose()
		}
		x.Request = *q
		return nil
	}
	m.pass(head)
	q.Body = m.loose()
	if q.Body.Empty() && announcesContent(q.Fields) {
		x.Seen &^= statute.SeenRequestBody
	}
	grow(&q.Body, length(q.Fields))
	x.Request = *q
	return nil
}

// response reads the response that begins with that header section.
func (m *messages) response(x *statute.Exchange, head []byte) error {
	method := x.Request.Method
	p, err := statute.ReadResponse(bufio.NewReader(bytes.NewReader(head)), "HEAD", 0)
	if err != nil && p == nil {
		return err
	}
	told := length(p.Fields)
	bare := method == "HEAD" || p.Class() == 1 || p.Status == 204 || p.Status == 304
	exact := true
	if !bare && m.framed(len(head), p.Fields) {
		if p, err = statute.ReadResponse(m.r, method, maxContent); err != nil {
			x.Error, exact = err.Error(), false // within a later chunk
			m.loose()
		}
	} else {
		m.pass(head)
		p.Body = m.loose()
		exact = bare || !p.Fields.Has("Transfer-Encoding") && (told == unknown || told == p.Body.Size)
	}
	x.Seen |= statute.SeenInterim
	if p.Class() == 1 && p.Status != 101 {
		if len(x.Interim) < maxInterim {
			x.Interim = append(x.Interim, *p)
		}
		return nil
	}
	x.Seen |= statute.SeenFields
	switch {
	case method == "":
		if !p.Body.Empty() {
			x.Seen |= statute.SeenBody
			grow(&p.Body, told)
		}
	case exact:
		x.Seen |= statute.SeenBody
		if strings.HasPrefix(p.Proto, "HTTP/1") {
			x.Seen |= statute.SeenWire
		}
	default:
		if !p.Body.Empty() {
			x.Seen |= statute.SeenBody
		}
		grow(&p.Body, told)
	}
	x.Response = *p
	x.Response.Body = coding.Decode(p.Body, p.Fields, maxContent)
	return nil
}

// pass reads over what is ahead.
func (m *messages) pass(text []byte) { _, _ = m.r.Discard(len(text)) }

// length returns the value of Content-Length, or unknown.
func length(fields statute.Fields) int64 {
	n, err := strconv.ParseUint(fields.Get("Content-Length"), 10, 62)
	if err != nil {
		return unknown
	}
	return int64(n)
}

// framed reports whether what follows the header section that is ahead ends
// where its fields say. Of content that is too long to look over it is not known.
func (m *messages) framed(head int, fields statute.Fields) bool {
	if fields.Has("Transfer-Encoding") {
		return m.chunked(head)
	}
	n := length(fields)
	return n != unknown && int64(head)+n < lookahead && m.endsAt(head+int(n))
}

// endsAt reports whether a message that is ahead ends after i bytes: nothing
// follows but empty lines and another message.
func (m *messages) endsAt(i int) bool {
	text, err := m.r.Peek(min(i+8<<10, lookahead))
	if i > len(text) {
		return false
	}
	rest := bytes.TrimLeft(text[i:], "\r\n")
	return len(rest) == 0 && err == io.EOF || beginsMessage(rest)
}

// chunked reports whether content in chunks (RFC 9112, 7.1) follows a header
// section that is ahead: the first chunk ends where its size says.
func (m *messages) chunked(head int) bool {
	text, _ := m.r.Peek(min(head+256, lookahead))
	line, _, ok := bytes.Cut(text[head:], []byte("\n"))
	digits, _, _ := bytes.Cut(line, []byte(";"))
	size, err := strconv.ParseUint(string(bytes.TrimSpace(digits)), 16, 62)
	if !ok || err != nil {
		return false
	}
	start := head + len(line) + 1
	if size == 0 || size > uint64(lookahead-start-2) {
		return true
	}
	text, _ = m.r.Peek(start + int(size) + 2)
	rest := text[min(start+int(size), len(text)):]
	return len(rest) > 0 && (rest[0] == '\n' || string(rest) == "\r\n")
}

// loose reads content up to a line that begins a message, or to the end. Empty
// lines before a message are none of it, and empty lines alone are no content.
func (m *messages) loose() statute.Body {
	var b statute.Body
	next := false
	for lineStart, more := true, true; more; {
		if next = lineStart && m.atMessage(); next {
			break
		}
		part, err := m.r.ReadSlice('\n')
		b.Size += int64(len(part))
		b.Bytes = append(b.Bytes, part[:min(len(part), maxContent-len(b.Bytes))]...)
		lineStart, more = err == nil, err == nil || err == bufio.ErrBufferFull
	}
	if b.Cut = b.Size > maxContent; !b.Cut {
		if text := bytes.TrimRight(b.Bytes, "\r\n"); next || len(text) == 0 {
			b.Bytes = text
		}
		b.Size = int64(len(b.Bytes))
	}
	return b
}

// atMessage reports whether the line that is ahead begins a message.
func (m *messages) atMessage() bool {
	first, _ := m.r.Peek(1)
	if len(first) == 0 || first[0] < 'A' || first[0] > 'Z' {
		return false
	}
	text, _ := m.r.Peek(8 << 10)
	return beginsMessage(text)
}
