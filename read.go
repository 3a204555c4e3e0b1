package statute

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// maxSection is how many bytes a message's first line, its header section and
// its trailer section may each have.
const maxSection = 256 << 10

var (
	errSection = fmt.Errorf("longer than %d KiB", maxSection>>10)
	errNoEnd   = errors.New("Transfer-Encoding does not end with chunked: nothing says where the content ends")
)

// ReadRequest reads one HTTP/1 request and not a byte more. It is lenient as
// [ReadResponse] is, keeps limit bytes of the content, and returns io.EOF if
// there is no request. If an error befell it after the request line, it returns
// what came before the error too.
func ReadRequest(r *bufio.Reader, limit int64) (*Request, error) {
	line, err := readFirstLine(r)
	if line == "" {
		return nil, err
	}
	request := &Request{}
	if err == nil {
		err = request.parseLine(line)
	}
	if err != nil {
		return nil, fmt.Errorf("reading request line: %w", unexpected(err))
	}
	if request.Fields, err = readFields(r); err != nil {
		return request, fmt.Errorf("reading header section: %w", unexpected(err))
	}
	request.Scheme, request.Authority = origin(request)
	end, err := contentEnd(request.Proto, request.Fields)
	switch {
	case err != nil:
		return request, err
	case end == atClose && request.Fields.Has("Transfer-Encoding") && !before11(request.Proto):
		return request, errNoEnd
	case end == atClose:
		return request, nil
	}
	request.Body, _, err = readContent(r, end, limit)
	return request, err
}

// ReadResponse reads one HTTP/1 response, interim or final, to a request with
// that method, and not a byte more. What follows the header section of a
// response that has no content (to HEAD, 1xx, 204, 304) or that turns the
// connection into something else (101, 2xx to CONNECT) is left to the caller.
//
// It is lenient with all that can be understood: lines that end in a bare LF,
// empty lines ahead, any version and any three digits for a status, no reason,
// white space around names, folded lines, lines without a colon (a Field with
// that name and no value), repeated Content-Length. It keeps limit bytes of the
// content; the rest is read and counted.
//
// It returns io.EOF if there is no response. If an error befell it after the
// status line, it returns what came before the error too.
func ReadResponse(r *bufio.Reader, method string, limit int64) (*Response, error) {
	line, err := readFirstLine(r)
	if line == "" {
		return nil, err
	}
	response := &Response{}
	if err == nil {
		err = response.parseLine(line)
	}
	if err != nil {
		return nil, fmt.Errorf("reading status line: %w", unexpected(err))
	}
	if response.Fields, err = readFields(r); err != nil {
		return response, fmt.Errorf("reading header section: %w", unexpected(err))
	}
	return response, response.ReadContent(r, method, limit)
}

// ReadContent reads what follows the header section of a response to a request
// with that method. It is for callers that want to know the header section first:
// [ReadResponse] has read no more than that if it was told the method HEAD.
func (r *Response) ReadContent(from *bufio.Reader, method string, limit int64) error {
	if r.bare(method) || r.switches(method) {
		return nil
	}
	end, err := contentEnd(r.Proto, r.Fields)
	if err != nil {
		return err
	}
	r.Body, r.Trailer, err = readContent(from, end, limit)
	return err
}

// KeepsConnection reports whether another response may follow on the HTTP/1
// connection that the response, to a request with that method, was read from
// without error: it says itself where it ends (RFC 9112, 6.3), and neither its
// version nor its Connection field closes the connection (RFC 9112, 9.3).
func (r *Response) KeepsConnection(method string) bool {
	if r.switches(method) || r.Fields.HasToken("Connection", "close") ||
		before11(r.Proto) && !r.Fields.HasToken("Connection", "keep-alive") {
		return false
	}
	if r.Fields.Has("Transfer-Encoding") && (before11(r.Proto) || r.Fields.Has("Content-Length")) {
		return false // RFC 9112, 6.1
	}
	end, err := contentEnd(r.Proto, r.Fields)
	return r.bare(method) || err == nil && end != atClose
}

// bare reports whether a response ends with its header section whatever its
// fields say (RFC 9112, 6.3, item 1).
func (r *Response) bare(method string) bool {
	return method == "HEAD" || r.Class() == 1 || r.Status == 204 || r.Status == 304
}

// switches reports whether the connection speaks another protocol after the
// header section (RFC 9110, 7.8; RFC 9112, 6.3, item 2).
func (r *Response) switches(method string) bool {
	return r.Status == 101 || method == "CONNECT" && r.Class() == 2
}

// parseLine reads a request line (RFC 9112, 3); of the target no more is asked
// than that there is one.
//
//	request-line = method SP request-target SP HTTP-version
func (r *Request) parseLine(line string) error {
	var ok1, ok2 bool
	r.Method, r.Target, ok1 = cutSpace(line, strings.IndexAny(line, " \t"))
	r.Target, r.Proto, ok2 = cutSpace(r.Target, strings.LastIndexAny(r.Target, " \t"))
	if !ok1 || !ok2 || r.Method == "" || r.Target == "" || !strings.HasPrefix(r.Proto, "HTTP/") {
		return fmt.Errorf("%.80q is none", line)
	}
	return nil
}

// parseLine reads a status line (RFC 9112, 4), as `curl -i` prints it too:
// "HTTP/2 200".
//
//	status-line  = HTTP-version SP status-code SP [ reason-phrase ]
//	status-code  = 3DIGIT
func (r *Response) parseLine(line string) error {
	proto, rest, _ := cutSpace(line, strings.IndexAny(line, " \t"))
	digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
	if digits != 3 || !strings.HasPrefix(proto, "HTTP/") {
		return fmt.Errorf("%.80q is none", line)
	}
	r.Proto, r.Reason = proto, strings.Trim(rest[3:], " \t")
	r.Status, _ = strconv.Atoi(rest[:3])
	return nil
}

// cutSpace cuts a line at white space that begins or ends at i, if there is any.
func cutSpace(line string, i int) (before, after string, found bool) {
	if i < 0 {
		return line, "", false
	}
	return strings.TrimRight(line[:i], " \t"), strings.TrimLeft(line[i:], " \t"), true
}

// origin returns scheme and authority as far as a request tells them: those of
// a target in absolute-form or authority-form come before Host (RFC 9112, 3.3).
func origin(r *Request) (scheme, authority string) {
	if r.Method == "CONNECT" {
		return "", r.Target
	}
	scheme, rest, absolute := strings.Cut(r.Target, "://")
	if !absolute || strings.ContainsAny(scheme, "/?#") {
		return "", r.Fields.Get("Host")
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return strings.ToLower(scheme), rest[strings.LastIndexByte(rest, '@')+1:]
}

// readFirstLine reads a request or status line without its line ending. Empty
// lines ahead of it are passed over (RFC 9112, 2.2).
func readFirstLine(r *bufio.Reader) (string, error) {
	var room [256]byte
	for read := room[:0]; ; {
		start := len(read)
		var err error
		read, err = appendLine(read, r)
		if line := bytes.TrimRight(read[start:], "\r\n"); len(line) > 0 || err != nil {
			return string(line), err
		}
	}
}

// readFields reads field lines up to an empty line, which ends a header section
// or trailer section. The lines read before an error are returned with it.
func readFields(r *bufio.Reader) (Fields, error) {
	var room [1024]byte
	for read := room[:0]; ; {
		start := len(read)
		var err error
		read, err = appendLine(read, r)
		switch {
		case err != nil:
			return parseFields(string(read)), err
		case len(bytes.TrimRight(read[start:], "\r\n")) == 0:
			return parseFields(string(read[:start])), nil
		}
	}
}

// appendLine appends a line, its ending included, to the lines read before it,
// which may have maxSection bytes together.
func appendLine(read []byte, r *bufio.Reader) ([]byte, error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(read)+len(part) > maxSection {
			return read, errSection
		}
		read = append(read, part...)
		if err != bufio.ErrBufferFull {
			return read, err
		}
	}
}

// parseFields reads field lines. Folded lines are joined by a space (RFC 9112,
// 5.2); what is folded though nothing is before it is left out (RFC 9112, 2.2).
//
//	field-line   = field-name ":" OWS field-value OWS
//	obs-fold     = OWS CRLF RWS
func parseFields(text string) Fields {
	if text == "" {
		return nil
	}
	fields := make(Fields, 0, strings.Count(text, "\n")+1)
	for text != "" {
		var line string
		line, text = cutLine(text)
		if line == "" || isFold(line) {
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		if isFold(text) {
			value = strings.Trim(value, " \t")
			var unfolded strings.Builder
			unfolded.WriteString(value)
			for isFold(text) {
				line, text = cutLine(text)
				unfolded.WriteByte(' ')
				unfolded.WriteString(strings.Trim(line, " \t"))
			}
			value = unfolded.String()
		}
		fields = append(fields, Field{strings.Trim(name, " \t"), strings.Trim(value, " \t")})
	}
	return fields
}

// cutLine returns the first line of a text without its ending, and the rest.
func cutLine(text string) (line, rest string) {
	line, rest, _ = strings.Cut(text, "\n")
	return strings.TrimRight(line, "\r"), rest
}

// isFold reports whether a text starts with a line that continues another.
func isFold(text string) bool { return text != "" && (text[0] == ' ' || text[0] == '\t') }

// The ends of content other than a number of bytes.
const (
	atLastChunk int64 = -1
	atClose     int64 = -2
)

// contentEnd returns where the content of a message ends by its fields (RFC
// 9112, 6.3, items 3 to 8): after a number of bytes, atLastChunk or atClose. A
// Transfer-Encoding before HTTP/1.1 is none (RFC 9112, 6.1).
//
//	Transfer-Encoding = #transfer-coding
//	Content-Length    = 1*DIGIT
func contentEnd(proto string, fields Fields) (int64, error) {
	if fields.Has("Transfer-Encoding") && !before11(proto) {
		last := ""
		for coding := range fields.List("Transfer-Encoding") {
			last = coding
		}
		if strings.EqualFold(last, "chunked") {
			return atLastChunk, nil
		}
		return atClose, nil
	}
	if !fields.Has("Content-Length") {
		return atClose, nil
	}
	length := atClose
	for member := range fields.List("Content-Length") {
		n, err := strconv.ParseUint(member, 10, 63)
		if err != nil {
			return 0, fmt.Errorf("invalid Content-Length %.40q", member)
		}
		if length >= 0 && length != int64(n) {
			return 0, fmt.Errorf("conflicting Content-Length %d and %d", length, n)
		}
		length = int64(n)
	}
	if length < 0 {
		return 0, errors.New("empty Content-Length")
	}
	return length, nil
}

// before11 reports whether a version is lower than HTTP/1.1.
func before11(proto string) bool {
	return proto == "HTTP/1.0" || strings.HasPrefix(proto, "HTTP/0")
}

// readContent reads content up to its end and keeps limit bytes of it.
func readContent(r *bufio.Reader, end, limit int64) (Body, Fields, error) {
	c := content{limit: max(limit, 0)}
	var trailer Fields
	var err error
	switch end {
	case atLastChunk:
		trailer, err = c.readChunks(r)
	case atClose:
		if err = c.read(r, math.MaxInt64); err == io.EOF {
			err = nil
		} else if err != nil {
			err = fmt.Errorf("content broke off after %d bytes: %w", c.Size, err)
		}
	default:
		c.Bytes = slices.Grow(c.Bytes, int(min(end, c.limit, 64<<10))) // a Content-Length is no proof of content
		if err = c.read(r, end); err != nil {
			err = fmt.Errorf("content ended after %d of %d bytes: %w", c.Size, end, unexpected(err))
		}
	}
	c.Cut = err != nil || c.Size > int64(len(c.Bytes))
	return c.Body, trailer, err
}

// content is a Body on its way in.
type content struct {
	Body
	limit int64
}

// read reads n bytes.
func (c *content) read(r *bufio.Reader, n int64) error {
	for n > 0 {
		if _, err := r.Peek(1); err != nil {
			return err
		}
		part, _ := r.Peek(int(min(n, int64(r.Buffered()))))
		c.Bytes = append(c.Bytes, part[:min(int64(len(part)), c.limit-int64(len(c.Bytes)))]...)
		c.Size += int64(len(part))
		n -= int64(len(part))
		_, _ = r.Discard(len(part)) // they are buffered
	}
	return nil
}

// readChunks reads content in chunks (RFC 9112, 7.1). Extensions are passed over.
//
//	chunked-body = *chunk last-chunk trailer-section CRLF
//	chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
//	chunk-size   = 1*HEXDIG
//	last-chunk   = 1*("0") [ chunk-ext ] CRLF
//	chunk-ext    = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
func (c *content) readChunks(r *bufio.Reader) (Fields, error) {
	var room [64]byte
	for {
		line, err := appendLine(room[:0], r)
		if err != nil {
			return nil, fmt.Errorf("content ended after %d bytes, where a chunk size is due: %w", c.Size, unexpected(err))
		}
		digits, _, _ := bytes.Cut(line, []byte(";"))
		digits = bytes.TrimRight(digits, " \t\r\n")
		size, err := strconv.ParseUint(string(digits), 16, 63)
		if err != nil {
			return nil, fmt.Errorf("chunk size after %d bytes of content is %.40q", c.Size, digits)
		}
		if size == 0 {
			trailer, err := readFields(r)
			if err != nil {
				return trailer, fmt.Errorf("reading trailer section: %w", unexpected(err))
			}
			return trailer, nil
		}
		start := c.Size
		if err := c.read(r, int64(size)); err != nil {
			return nil, fmt.Errorf("content ended after %d of %d bytes of a chunk, %d in all: %w", c.Size-start, size, c.Size, unexpected(err))
		}
		line, err = appendLine(room[:0], r)
		if err != nil {
			return nil, fmt.Errorf("content ended after %d bytes, within a chunk: %w", c.Size, unexpected(err))
		}
		if len(bytes.TrimRight(line, "\r\n")) > 0 {
			return nil, fmt.Errorf("chunk after %d bytes of content is longer than its size says", start)
		}
	}
}

// unexpected makes of an end of input one in the midst of something.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
