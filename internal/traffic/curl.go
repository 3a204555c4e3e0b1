package traffic

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/coding"
)

// Curl yields the exchanges that `curl -v` shows, where its two outputs were
// written into one: lines of requests after "> ", of responses after "< ", notes
// after "* ", and between them what it wrote to standard output, with -i or -I
// the header sections once more.
//
// What was sent as content is not shown, and where more than one transfer was
// made, or standard output went elsewhere, content may be missing or stand in
// another place: it counts as seen only where Content-Length agrees, or without
// one, where nothing before was missing.
func Curl(r io.Reader, file string) iter.Seq2[*statute.Exchange, error] {
	return func(yield func(*statute.Exchange, error) bool) {
		t := &trace{lines: bufio.NewReaderSize(r, 64<<10), number: 1}
		entry := 0
		give := func() bool {
			x := t.finish()
			if x == nil {
				return true
			}
			x.Source.File, x.Source.Entry = file, entry
			entry++
			return yield(x, nil)
		}
		for {
			text, err := t.line()
			text = bytes.ReplaceAll(text, []byte("\r\r\n"), []byte("\r\n")) // of a recorded terminal
			if text = meter.ReplaceAll(text, nil); requestLine.Match(marked(text, '>')) && !give() {
				return
			}
			if len(text) > 0 {
				t.read(text)
			}
			switch {
			case err == nil:
				continue
			case err != io.EOF:
				yield(nil, fmt.Errorf("broken off after %d exchanges: %w", entry, err))
			case give() && entry == 0:
				yield(nil, errors.New(`no request (a line that begins with "> GET /") in what curl printed`))
			}
			return
		}
	}
}

var (
	// meter is the progress that curl shows where standard output is no terminal:
	// its head, and a line that is written over again and again.
	meter = regexp.MustCompile(`^  % Total .*\n|^ +Dload +Upload .*\n|` +
		`\r(?:[ \d]{3} [ .kMGTP\d]{5}  ){3}[ .kMGTP\d]{5}  [ .kMGTP\d]{5} (?:[-\d:]{8} ){3}[ .kMGTP\d]{5}\n?`)

	// noteAfterContent finds a note on the last line of content that does not end
	// in a line feed.
	noteAfterContent = regexp.MustCompile(`\* (?:Connection #\d+ to host |Closing connection|Found bundle for host|Re-?using existing|Issue another request|Connected to |processing: |Can not multiplex|  Trying )`)

	dataNote = regexp.MustCompile(`^[{}] \[\d+ bytes data\]\r?\n?$`)
)

// marked returns what follows a mark and a space, or nil. Where nothing does, the
// space may be lost.
func marked(text []byte, mark byte) []byte {
	if len(text) < 2 || text[0] != mark || text[1] != ' ' && text[1] != '\r' && text[1] != '\n' {
		return nil
	}
	return bytes.TrimPrefix(text[1:], []byte(" "))
}

// trace reads what curl printed.
type trace struct {
	lines *bufio.Reader

	number  int               // of the line that is being read
	ended   int               // 1 after its line feed
	x       *statute.Exchange // the one that is being read
	part    part
	head    []byte // the header section that is being read
	secure  bool   // the connection has TLS
	crlf    bool   // a terminal was recorded, which ends every line so
	ignored bool   // curl said that it does not show the content
	owed    bool   // content of an exchange has not come yet
}

// part is a part of an exchange.
type part int

const (
	none part = iota
	requestHead
	responseHead
	responseCopy // the header section once more, in standard output
	responseContent
)

// line reads a line with its ending. Of a very long one the rest is given as the
// next.
func (t *trace) line() ([]byte, error) {
	t.number += t.ended
	text, err := t.lines.ReadSlice('\n')
	t.ended = bytes.Count(text, []byte("\n"))
	if err == bufio.ErrBufferFull {
		err = nil
	}
	return text, err
}

// read takes in a line.
func (t *trace) read(text []byte) {
	sent, came, note := marked(text, '>'), marked(text, '<'), marked(text, '*')
	switch {
	case requestLine.Match(sent):
		t.x = &statute.Exchange{Source: statute.Source{Line: t.number}}
		t.part, t.head = requestHead, append(t.head[:0], sent...)
		t.ignored = false
	case note != nil:
		t.crlf = t.crlf || bytes.HasSuffix(note, []byte("\r\n"))
		t.note(string(note))
	case dataNote.Match(text):
	case bytes.HasPrefix(text, []byte("curl: (")):
		if t.x != nil {
			t.x.Error = strings.TrimSpace(string(text))
		}
	case t.x == nil:
	case statusLine.Match(came):
		t.endHead()
		t.part, t.head = responseHead, append(t.head[:0], came...)
	case t.part == requestHead && sent != nil:
		t.addHead(sent)
	case t.part == responseHead && came != nil:
		t.addHead(came)
	case came != nil && t.part >= responseCopy && isField(came) && len(t.x.Response.Trailer) < maxFields:
		name, value, _ := strings.Cut(string(came), ":")
		t.x.Response.Trailer = append(t.x.Response.Trailer, statute.Field{Name: name, Value: strings.TrimSpace(value)})
	case t.part == responseCopy:
		if len(bytes.TrimRight(text, "\r\n")) == 0 {
			t.part = responseContent
		}
	case t.part == responseContent && t.x.Response.Body.Size == 0 && statusLine.Match(text):
		t.part = responseCopy
	case t.part == responseContent:
		t.content(text)
	}
}

// isField reports whether a line is a field line: the trailer section comes
// after the content.
func isField(line []byte) bool {
	name, _, ok := bytes.Cut(line, []byte(":"))
	return ok && len(name) > 0 && !bytes.ContainsAny(name, " \t\"<>{}()")
}

func (t *trace) note(text string) {
	switch {
	case strings.HasPrefix(text, "  Trying"), strings.HasPrefix(text, "Re-using"), strings.HasPrefix(text, "Reusing"):
		t.secure = false // known again when it says so
	case strings.Contains(text, "SSL"), strings.Contains(text, "TLS"), strings.HasPrefix(text, "schannel"):
		t.secure = true
	case strings.HasPrefix(text, "Ignoring the response-body"):
		t.ignored = true
	case strings.HasPrefix(text, "Empty reply from server") && t.x != nil:
		t.x.Error = strings.TrimSpace(text)
	}
}

// addHead adds a line to the header section that is being read.
func (t *trace) addHead(line []byte) {
	if len(t.head)+len(line) <= maxText {
		t.head = append(t.head, line...)
	}
	if len(bytes.TrimRight(line, "\r\n")) == 0 {
		t.endHead()
	}
}

// endHead takes in the header section that was read.
func (t *trace) endHead() {
	section := bufio.NewReader(bytes.NewReader(append(t.head, '\n')))
	switch t.part {
	case requestHead:
		if q, _ := statute.ReadRequest(section, 0); q != nil {
			q.Body = statute.Body{}
			t.x.Request = *q
			if q.Scheme == "" && t.secure {
				t.x.Request.Scheme = "https"
			}
		}
		t.part = none
	case responseHead:
		if p, _ := statute.ReadResponse(section, "HEAD", 0); p != nil && p.Class() == 1 && p.Status != 101 {
			if len(t.x.Interim) < maxInterim {
				t.x.Interim = append(t.x.Interim, *p)
			}
		} else if p != nil {
			t.x.Response = *p
		}
		t.part = responseContent
	}
	t.head = t.head[:0]
}

// content takes in a line of standard output, or what it begins with: more than
// Content-Length says, or a note, is another line.
func (t *trace) content(text []byte) {
	b, rest := &t.x.Response.Body, []byte(nil)
	if t.crlf {
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	}
	if n := shown(&t.x.Response); n != unknown {
		due := int(min(n-b.Size, int64(len(text))))
		text, rest = text[:due], text[due:]
	} else if at := noteAfterContent.FindIndex(text); at != nil {
		text, rest = text[:at[0]], text[at[0]:]
	}
	b.Size += int64(len(text))
	b.Bytes = append(b.Bytes, text[:min(len(text), maxContent-len(b.Bytes))]...)
	b.Cut = b.Size > int64(len(b.Bytes))
	if marked(rest, '*') != nil {
		t.read(rest)
	}
}

// shown returns how much content curl prints of a response that shows all, or
// unknown.
func shown(p *statute.Response) int64 {
	if p.Fields.Has("Content-Encoding") || p.Fields.Has("Transfer-Encoding") {
		return unknown
	}
	return length(p.Fields)
}

// finish ends the exchange that is being read and returns it, or nil if there is
// none.
func (t *trace) finish() *statute.Exchange {
	x := t.x
	if x == nil {
		return nil
	}
	t.endHead()
	t.x, t.part = nil, none
	q, p := &x.Request, &x.Response
	x.Seen = statute.SeenRequestFields | statute.SeenInterim
	if !announcesContent(q.Fields) {
		x.Seen |= statute.SeenRequestBody
	}
	if p.Status == 0 {
		x.Error = cmp.Or(x.Error, "no answer recorded")
		return x
	}
	if tunnels(x) {
		return nil
	}
	x.Seen |= statute.SeenFields
	due := shown(p)
	switch {
	case q.Method == "HEAD", p.Status == 204, p.Status == 304, p.Status == 101:
		x.Seen |= statute.SeenBody
	case due == p.Body.Size && !t.owed, due == unknown && p.Body.Size > 0 && !t.owed:
		x.Seen |= statute.SeenBody
		p.Body = coding.Decode(p.Body, p.Fields, maxContent)
	default:
		t.owed = t.owed || !t.ignored
		p.Body = statute.Body{Size: max(due, 0), Cut: due > 0}
	}
	return x
}
