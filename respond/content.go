package respond

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// span is a range of bytes: length of them from start on.
type span struct{ start, length int64 }

func (s span) String() string { return fmt.Sprintf("%d-%d", s.start, s.start+s.length-1) }

// of returns the span as a Content-Range (RFC 9110, 14.4).
func (s span) of(size int64) string { return fmt.Sprintf("bytes %s/%d", s, size) }

// writeFile writes content from a file, or the ranges of it that a GET asks for.
func (c *call) writeFile(o Outcome, f file) error {
	size, err := f.content.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("finding the size of content: %w", err)
	}
	var spans []span
	if c.r.Method == http.MethodGet && o.version.sameAs(c.r, c.api.now()) {
		var ok bool
		if spans, ok = parseRange(c.r.Header["Range"], size); !ok {
			return NotSatisfiable(size)
		}
	}
	whole := span{0, size}
	if len(spans) == 1 {
		whole = spans[0]
	}
	if _, err := f.content.Seek(whole.start, io.SeekStart); err != nil {
		return fmt.Errorf("seeking in content: %w", err)
	}
	if read := c.r.Method == http.MethodGet || c.r.Method == http.MethodHead; read {
		c.set("Accept-Ranges", "bytes")
	}
	c.fields(o)
	switch len(spans) {
	case 0:
		c.set("Content-Type", f.mediaType)
	case 1:
		o.code = 206
		c.documented(206)
		c.set("Content-Type", f.mediaType)
		c.set("Content-Range", whole.of(size))
	default:
		return c.writeParts(f, spans, size)
	}
	c.set("Content-Length", strconv.FormatInt(whole.length, 10))
	c.began = true
	c.w.WriteHeader(o.code)
	if c.r.Method == http.MethodHead {
		return nil
	}
	if _, err = io.CopyN(c.w, f.content, whole.length); err != nil {
		return fmt.Errorf("sending content: %w", err)
	}
	return nil
}

// writeParts writes several ranges (RFC 9110, 14.6).
func (c *call) writeParts(f file, spans []span, size int64) error {
	parts := multipart.NewWriter(c.w)
	c.set("Content-Type", "multipart/byteranges; boundary="+parts.Boundary())
	c.documented(206)
	c.began = true
	c.w.WriteHeader(206)
	for _, s := range spans {
		part, err := parts.CreatePart(textproto.MIMEHeader{
			"Content-Type":  {f.mediaType},
			"Content-Range": {s.of(size)},
		})
		if err == nil {
			_, err = f.content.Seek(s.start, io.SeekStart)
		}
		if err == nil {
			_, err = io.CopyN(part, f.content, s.length)
		}
		if err != nil {
			return fmt.Errorf("sending bytes %s of content: %w", s, err)
		}
	}
	return parts.Close()
}

// sameAs reports whether an If-Range field, if there is one, names the version
// (RFC 9110, 13.1.5): a strong tag, or exactly the Last-Modified date. Within the
// second of that date another change could follow, so it is weak (RFC 9110,
// 8.8.2.2).
func (v Version) sameAs(r *http.Request, now time.Time) bool {
	want := r.Header.Get("If-Range")
	switch {
	case want == "":
		return true
	case strings.HasPrefix(want, `"`):
		return v.ETag != "" && !v.weak() && want == v.tag()
	}
	t, err := http.ParseTime(want)
	modified := v.Modified.Truncate(time.Second)
	return err == nil && !v.Modified.IsZero() && t.Equal(modified) && now.Sub(modified) >= time.Second
}

// maxSpans is how many ranges are served at once. More are no use to honest
// clients, so the whole is sent (RFC 9110, 14.2).
const maxSpans = 16

// parseRange returns the ranges of bytes that Range fields ask for and that
// content of that size has; ok is false if it has none of them. Fields that are
// malformed or have another unit are ignored: no ranges, and ok (RFC 9110,
// 14.2).
//
//	Range      = range-unit "=" range-set
//	range-set  = 1#range-spec
//	range-spec = first-pos "-" [ last-pos ] / "-" suffix-length
func parseRange(fields []string, size int64) (spans []span, ok bool) {
	if len(fields) != 1 {
		return nil, true
	}
	unit, set, _ := strings.Cut(fields[0], "=")
	if !strings.EqualFold(unit, "bytes") {
		return nil, true
	}
	asked, total := 0, int64(0)
	for spec := range strings.SplitSeq(set, ",") {
		spec = strings.Trim(spec, " \t")
		if spec == "" {
			continue
		}
		s, err := parseSpan(spec, size)
		if err != nil {
			return nil, true
		}
		if asked++; asked > maxSpans {
			return nil, true
		}
		if s.length > 0 {
			spans = append(spans, s)
			total += s.length
		}
	}
	switch {
	case asked == 0:
		return nil, true
	case len(spans) == 0:
		return nil, false
	case len(spans) > 1 && total > size: // they overlap
		return nil, true
	}
	return spans, true
}

// parseSpan parses one range; its length is 0 if content of that size does not
// have it.
func parseSpan(spec string, size int64) (span, error) {
	first, last, found := strings.Cut(spec, "-")
	if !found {
		return span{}, errors.New("no range")
	}
	if first == "" { // the last so many
		n, err := position(last)
		if size == 0 && n > 0 {
			return span{}, errors.New("no range can name content without bytes")
		}
		n = min(n, size)
		return span{size - n, n}, err
	}
	start, err := position(first)
	if err != nil || last == "" {
		return span{start, max(0, size-start)}, err
	}
	end, err := position(last)
	if err == nil && end < start {
		err = errors.New("it ends before it starts")
	}
	return span{start, max(0, min(end, size-1)-start+1)}, err
}

// position parses a position in bytes. One that is too large for a number is
// the largest.
func position(digits string) (int64, error) {
	n, err := strconv.ParseUint(digits, 10, 63)
	if errors.Is(err, strconv.ErrRange) {
		return int64(n), nil
	}
	return int64(n), err
}
