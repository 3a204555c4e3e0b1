package traffic

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads JSON (RFC 8259) as a stream: a value of any length passes
// through a buffer of fixed size. Values are asked for one after another, each
// method reading one whole value. null stands for a value that is not there.
//
// A value of another kind than was asked for is passed over and noted in
// mistake. What is no JSON sets err, and from then on every method reads
// nothing. Strings may hold bytes that are no UTF-8 and characters that should
// be escaped; of what is passed over, no more is asked than that its quotes and
// brackets match.
type scanner struct {
	r        io.Reader
	ended    error // why nothing more comes from r
	buf      []byte
	pos, end int    // buf[pos:end] is read ahead
	before   int64  // bytes of the input before buf[0]
	depth    int    // objects and arrays that are open
	name     []byte // of the member that was read last
	room     []byte // for strings that do not stand in buf as they are
	lines    int    // line feeds of the input before buf[counted]
	counted  int
	mistake  error
	err      error
}

func newScanner(r io.Reader) *scanner { return &scanner{r: r, buf: make([]byte, 64<<10)} }

// fail notes that the input is no JSON here.
func (s *scanner) fail(err error) {
	if s.err == nil {
		s.err = fmt.Errorf("byte %d: %w", s.before+int64(s.pos), err)
	}
}

// note notes a mistake; the first is kept.
func (s *scanner) note(err error) {
	if s.mistake == nil && s.err == nil {
		s.mistake = fmt.Errorf("byte %d: %w", s.before+int64(s.pos), err)
	}
}

// wants passes over a value, noting that it is not what was asked for.
func (s *scanner) wants(what string) {
	s.note(errors.New(what + " is wanted"))
	s.skip()
}

// fill reads until n bytes are ahead, for which the buffer has room, and reports
// whether they are.
func (s *scanner) fill(n int) bool {
	if s.end-s.pos >= n {
		return true
	}
	s.line()
	s.before += int64(s.pos)
	s.counted = 0
	s.end = copy(s.buf, s.buf[s.pos:s.end])
	s.pos = 0
	for idle := 0; s.end < n && s.ended == nil; idle++ {
		var got int
		got, s.ended = s.r.Read(s.buf[s.end:])
		s.end += got
		if got > 0 {
			idle = 0
		} else if idle == 100 && s.ended == nil {
			s.ended = io.ErrNoProgress
		}
	}
	return s.end >= n
}

// line returns the line that the next byte is on, counted from 1.
func (s *scanner) line() int {
	s.lines += bytes.Count(s.buf[s.counted:s.pos], []byte("\n"))
	s.counted = s.pos
	return s.lines + 1
}

// more reports whether something is ahead, and reads on where nothing is. That
// the input has ended is a failure.
func (s *scanner) more() bool { return s.err == nil && (s.pos < s.end || s.goOn()) }

func (s *scanner) goOn() bool {
	if !s.fill(1) {
		s.fail(unexpected(s.ended))
	}
	return s.err == nil
}

// unexpected makes of an end of input one in the midst of something.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// next returns the first byte of what comes next and leaves it ahead. After a
// failure it returns 0.
func (s *scanner) next() byte {
	for s.more() {
		for ; s.pos < s.end; s.pos++ {
			switch c := s.buf[s.pos]; c {
			case ' ', '\t', '\n', '\r':
			default:
				return c
			}
		}
	}
	return 0
}

// rest passes over white space and reports whether anything else is ahead: unlike
// for next, that nothing is, is no failure.
func (s *scanner) rest() bool {
	for s.err == nil && (s.pos < s.end || s.fill(1)) {
		if !bytes.ContainsRune([]byte(" \t\r\n"), rune(s.buf[s.pos])) {
			return true
		}
		s.pos++
	}
	if s.err == nil && !errors.Is(s.ended, io.EOF) {
		s.fail(s.ended)
	}
	return false
}

// members yields the names of an object's members, each valid until the next
// read. Before the next name is asked for, the value must have been read.
func (s *scanner) members() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if !s.open('{', "an object") {
			return
		}
		for first := true; s.another(first, '}'); first = false {
			if s.next() != '"' {
				s.fail(errors.New("a member's name is wanted"))
				return
			}
			name, _ := s.chars(maxName)
			s.name = append(s.name[:0], name...)
			if s.next() != ':' {
				s.fail(errors.New("a colon is wanted"))
				return
			}
			s.pos++
			if !yield(s.name) {
				return
			}
		}
	}
}

// maxName is how many bytes of a member's name are read: no name that matters
// has as many.
const maxName = 64

// elements yields the numbers of an array's elements, from 0. Before the next
// one is asked for, the element must have been read.
func (s *scanner) elements() iter.Seq[int] {
	return func(yield func(int) bool) {
		if !s.open('[', "an array") {
			return
		}
		for i := 0; s.another(i == 0, ']') && yield(i); i++ {
		}
	}
}

// open reads the bracket that begins an object or array. It reports false and
// reads the value if that is another one.
func (s *scanner) open(bracket byte, what string) bool {
	switch s.next() {
	case bracket:
		s.pos++
		s.depth++
		return true
	case 'n':
		s.skip()
	default:
		s.wants(what)
	}
	return false
}

// another reports whether the object or array goes on, and reads the comma or
// the bracket that tells.
func (s *scanner) another(first bool, bracket byte) bool {
	switch c := s.next(); {
	case c == bracket:
		s.pos++
		s.depth--
		return false
	case first:
	case c == ',':
		s.pos++
	default:
		s.fail(fmt.Errorf("a comma or %q is wanted", bracket))
	}
	return s.err == nil
}

// skip passes over a value.
func (s *scanner) skip() {
	switch c := s.next(); {
	case c == '"':
		s.skipChars()
	case c == '{', c == '[':
		depth := s.depth
		s.depth++
		s.pos++
		s.leave(depth)
	case c == '-', '0' <= c && c <= '9', 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z':
		s.word()
	default:
		s.fail(fmt.Errorf("%q where a value is wanted", c))
	}
}

// leave passes over all up to the end of the object or array that leads back to
// a depth.
func (s *scanner) leave(depth int) {
	for s.depth > depth && s.more() {
		ahead := s.buf[s.pos:s.end]
		i := 0
		for i < len(ahead) && !structural[ahead[i]] {
			i++
		}
		s.pos += i
		if i == len(ahead) {
			continue
		}
		switch ahead[i] {
		case '"':
			s.skipChars()
			continue
		case '{', '[':
			s.depth++
		default:
			s.depth--
		}
		s.pos++
	}
}

var structural = [256]bool{'"': true, '{': true, '[': true, '}': true, ']': true}

// recover goes on after a failure within the element of an array at that depth:
// what follows of the element is passed over.
func (s *scanner) recover(depth int) {
	s.err = nil
	s.leave(depth)
	for s.more() {
		switch s.buf[s.pos] {
		case ',', ']':
			return
		case '"':
			s.skipChars()
		case '{', '[':
			s.skip()
		default:
			s.pos++
		}
	}
}

// skipChars passes over a string.
func (s *scanner) skipChars() {
	s.pos++
	for s.more() {
		ahead := s.buf[s.pos:s.end]
		i := 0
		for i < len(ahead) && ahead[i] != '"' && ahead[i] != '\\' {
			i++
		}
		s.pos += i
		switch {
		case i == len(ahead):
		case ahead[i] == '"':
			s.pos++
			return
		case s.fill(2):
			s.pos += 2
		default:
			s.fail(unexpected(s.ended))
		}
	}
}

// word reads what is no string and has no brackets: a number, true, null. It is
// valid until the next read.
func (s *scanner) word() []byte {
	s.fill(maxName)
	for i, c := range s.buf[s.pos:s.end] {
		switch c {
		case ',', ']', '}', ' ', '\t', '\n', '\r':
			word := s.buf[s.pos : s.pos+i]
			s.pos += i
			return word
		}
		if i == maxName {
			break
		}
	}
	if s.end-s.pos < maxName {
		s.pos = s.end
		s.fail(unexpected(s.ended))
	} else {
		s.fail(fmt.Errorf("%.20q is no value", s.buf[s.pos:s.end]))
	}
	return nil
}

// number returns a number, which may be in quotes, and whether there was one.
func (s *scanner) number() (float64, bool) {
	var text []byte
	switch c := s.next(); {
	case c == '"':
		text, _ = s.chars(maxName)
	case c == 'n':
		s.skip()
		return 0, false
	case c == '-', '0' <= c && c <= '9':
		text = s.word()
	default:
		s.wants("a number")
		return 0, false
	}
	n, err := strconv.ParseFloat(string(bytes.TrimSpace(text)), 64)
	if err != nil || math.IsNaN(n) {
		s.note(fmt.Errorf("%.20q is no number", text))
		return 0, false
	}
	return n, true
}

// chars returns up to limit bytes of a string, valid until the next read, and
// how many bytes all of it has. Of null and of what is no string there are none.
func (s *scanner) chars(limit int) ([]byte, int64) {
	switch s.next() {
	case '"':
	case 'n':
		s.skip()
		return nil, 0
	default:
		s.wants("a string")
		return nil, 0
	}
	s.pos++
	if plain, ok := s.plain(); ok {
		return plain[:min(len(plain), limit)], int64(len(plain))
	}
	read := s.room[:0]
	var size int64
	for s.more() {
		ahead := s.buf[s.pos:s.end]
		i := 0
		for i < len(ahead) && ahead[i] != '"' && ahead[i] != '\\' {
			i++
		}
		read = append(read, ahead[:min(i, limit-len(read))]...)
		size += int64(i)
		s.pos += i
		switch {
		case i == len(ahead):
		case ahead[i] == '"':
			s.pos++
			s.room = read
			return read, size
		default:
			char := s.escape()
			size += int64(utf8.RuneLen(char))
			if size <= int64(limit) {
				read = utf8.AppendRune(read, char)
			} else {
				limit = len(read)
			}
		}
	}
	return nil, 0
}

// plain reads what remains of a string if all of it is ahead and without
// escapes.
func (s *scanner) plain() ([]byte, bool) {
	ahead := s.buf[s.pos:s.end]
	length := bytes.IndexByte(ahead, '"')
	if length < 0 || bytes.IndexByte(ahead[:length], '\\') >= 0 {
		return nil, false
	}
	s.pos += length + 1
	return ahead[:length], true
}

// escape reads an escape sequence (RFC 8259, 7) and returns the character that
// it stands for; for half of a surrogate pair, U+FFFD.
func (s *scanner) escape() rune {
	if !s.fill(2) {
		s.fail(unexpected(s.ended))
		return utf8.RuneError
	}
	c := s.buf[s.pos+1]
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
		s.pos += 2
		return rune("\"\\/\b\f\n\r\t"[i])
	}
	if char, ok := s.unit(); ok {
		s.pos += 6
		if utf16.IsSurrogate(char) {
			low, _ := s.unit()
			if char = utf16.DecodeRune(char, low); char != utf8.RuneError {
				s.pos += 6
			}
		}
		return char
	}
	s.note(fmt.Errorf("\\%c is no escape", c))
	s.pos++
	return '\\'
}

// unit returns the UTF-16 code unit whose escape, \uXXXX, is ahead.
func (s *scanner) unit() (rune, bool) {
	if !s.fill(6) || s.buf[s.pos] != '\\' || s.buf[s.pos+1] != 'u' {
		return 0, false
	}
	var unit [2]byte
	_, err := hex.Decode(unit[:], s.buf[s.pos+2:s.pos+6])
	return rune(unit[0])<<8 | rune(unit[1]), err == nil
}
