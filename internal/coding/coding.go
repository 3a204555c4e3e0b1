// Package coding takes content codings off, so that rules and people read what a
// server said, however it was packed.
package coding

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/statute-http/statute"
)

// most is how many codings are taken off one content. Servers apply one; each more
// can multiply the size by a thousand.
const most = 2

// Decode returns the content of a message with those fields without its codings
// (RFC 9110, 8.4): gzip and deflate, of which it keeps limit bytes. Size stays that
// of the content as it was sent.
//
// Content in another coding, or that is not in the coding that Content-Encoding
// names, because a recorder took it off or because it is broken, is returned as it
// is. Of cut content the beginning is decoded.
func Decode(b statute.Body, fields statute.Fields, limit int) statute.Body {
	if len(b.Bytes) == 0 {
		return b
	}
	var names []string
	for _, f := range fields {
		if strings.EqualFold(f.Name, "Content-Encoding") {
			names = append(names, strings.Split(f.Value, ",")...)
		}
	}
	if len(names) > most {
		return b
	}
	plain := b
	for i := len(names) - 1; i >= 0; i-- { // the last one was applied last
		if !decode(&plain, strings.ToLower(strings.TrimSpace(names[i])), limit) {
			return b
		}
	}
	return plain
}

// decode takes one coding off and reports whether that could be done.
func decode(b *statute.Body, name string, limit int) bool {
	var r io.Reader
	var err error
	switch name {
	case "identity", "":
		return true
	case "gzip", "x-gzip":
		var zipped *gzip.Reader
		if zipped, err = gzip.NewReader(bytes.NewReader(b.Bytes)); err == nil {
			zipped.Multistream(false) // what follows is none of it: curl, or an editor, may have added a line feed
			r = zipped
		}
	case "deflate":
		if r, err = zlib.NewReader(bytes.NewReader(b.Bytes)); err != nil && !utf8.Valid(b.Bytes) {
			r, err = flate.NewReader(bytes.NewReader(b.Bytes)), nil // some send it without its frame (RFC 9110, 8.4.1.2)
		}
	default:
		return false
	}
	if err != nil {
		return false
	}
	content, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	switch {
	case len(content) > limit:
		content, b.Cut = content[:limit], true
	case err != nil && !(b.Cut && errors.Is(err, io.ErrUnexpectedEOF)):
		return false
	}
	b.Bytes = content
	return true
}
