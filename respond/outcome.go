package respond

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statute-http/statute"
)

// Outcome is an answer that is no failure. It is a value: its methods return
// another one and leave it as it was. The zero Outcome is none; to return it
// without an error is a programming error.
type Outcome struct {
	code     int
	value    any // content in JSON; a file, stream, page or served says itself how it is written
	location string
	version  Version
	fields   statute.Fields
	fault    string // what the program did wrong; the answer is a 500
}

// The content that is not a value in JSON.
type (
	file struct {
		mediaType string
		content   io.ReadSeeker
	}
	stream struct {
		mediaType string
		write     func(io.Writer) error
	}
	page struct {
		mediaType string
		content   []byte
	}
	served struct{ handler http.Handler }
)

// OK is a 200 with a value in JSON (RFC 9110, 15.3.1). Where there is nothing
// to say, [NoContent] says so.
//
// The value is written by github.com/go-json-experiment/json, with the members
// of maps in order of their names. Other than in encoding/json, nil slices and
// maps are [] and {}, omitempty leaves out what is written null, "", [] or {} but
// no number and no false (omitzero does), and a time.Duration needs a tag
// "format". It is written after the handler has returned: what it points to must
// not be changed any more.
func OK(value any) Outcome {
	if value == nil {
		return Outcome{fault: "OK without a value"}
	}
	return Outcome{code: 200, value: value}
}

// Created is a 201: the request made the resource at location (RFC 9110,
// 15.3.2). The content is the value in JSON, none if it is nil.
func Created(location string, value any) Outcome {
	return Outcome{code: 201, value: value}.at("Created", location)
}

// Accepted is a 202: the work is taken on but not done; monitor is where its
// state can be read (RFC 9110, 15.3.3). The content is the value in JSON, none
// if it is nil.
func Accepted(monitor string, value any) Outcome {
	return Outcome{code: 202, value: value}.at("Accepted", monitor)
}

// NoContent is a 204: done, and nothing to add (RFC 9110, 15.3.5).
func NoContent() Outcome { return Outcome{code: 204} }

// SeeOther is a 303: the result can be read at location (RFC 9110, 15.4.4).
func SeeOther(location string) Outcome { return redirect("SeeOther", 303, location) }

// TemporaryRedirect is a 307: for now the same request goes to location (RFC
// 9110, 15.4.8).
func TemporaryRedirect(location string) Outcome {
	return redirect("TemporaryRedirect", 307, location)
}

// PermanentRedirect is a 308: from now on the same request goes to location
// (RFC 9110, 15.4.9).
func PermanentRedirect(location string) Outcome {
	return redirect("PermanentRedirect", 308, location)
}

// MovedPermanently is a 301 to GET and HEAD. Other methods, which clients may
// change on a 301, are answered 308 (RFC 9110, 15.4.2 and 15.4.9).
func MovedPermanently(location string) Outcome { return redirect("MovedPermanently", 301, location) }

// Found is a 302 to GET and HEAD. Other methods, which clients may change on a
// 302, are answered 307 (RFC 9110, 15.4.3 and 15.4.8).
func Found(location string) Outcome { return redirect("Found", 302, location) }

func redirect(name string, code int, location string) Outcome {
	return Outcome{code: code}.at(name, location)
}

// at returns the outcome with its Location, which must be there.
func (o Outcome) at(name, location string) Outcome {
	switch {
	case location == "":
		o.fault = name + " without a location"
	case !isURI(location):
		o.fault = name + ": the location is not a URI reference"
	}
	o.location = location
	return o
}

// isURI reports whether a text consists of characters that a URI reference may
// have (RFC 3986, 2).
func isURI(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7F || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			return false
		}
	}
	return true
}

// Bytes is a 200 with content that is in memory: a page, a picture. [Content]
// serves ranges of it, too.
func Bytes(mediaType string, content []byte) Outcome {
	o := Outcome{code: 200, value: page{mediaType, content}}
	if mediaType == "" {
		o.fault = "Bytes without a media type"
	}
	return o
}

// Content is a 200 with what content holds, or a 206 or 416 where a GET asks
// for ranges of it (RFC 9110, 14). The content is closed in the end, whatever the
// answer, if it is an io.Closer.
func Content(mediaType string, content io.ReadSeeker) Outcome {
	o := Outcome{code: 200, value: file{mediaType, content}}
	if mediaType == "" || content == nil {
		o.fault = "Content without a media type or without content"
	}
	return o
}

// Stream is a 200 with content that write makes while it is sent, so that its
// length is not known beforehand. An error after the first byte breaks the
// connection, so that no client takes the part for the whole. The writer is an
// http.Flusher. For a HEAD the function is not called.
func Stream(mediaType string, write func(io.Writer) error) Outcome {
	o := Outcome{code: 200, value: stream{mediaType, write}}
	if mediaType == "" || write == nil {
		o.fault = "Stream without a media type or without a function"
	}
	return o
}

// Served leaves the whole answer to a handler of net/http: a file server, a
// proxy, a WebSocket library. What it answers is its own.
func Served(handler http.Handler) Outcome {
	o := Outcome{code: 200, value: served{handler}}
	if handler == nil {
		o.fault = "Served without a handler"
	}
	return o
}

// Header returns the outcome with one more header field.
func (o Outcome) Header(name, value string) Outcome {
	if !isField(name, value) {
		o.fault = "Header(" + strconv.Quote(name) + "): not a header field"
	}
	o.fields = append(slices.Clip(o.fields), statute.Field{Name: name, Value: value})
	return o
}

// isField reports whether name and value can be a header field: a token, and no
// control characters but tabs (RFC 9110, 5.1 and 5.5).
func isField(name, value string) bool {
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c >= 0x7F || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	for i := range len(value) {
		if c := value[i]; c < ' ' && c != '\t' || c == 0x7F {
			return false
		}
	}
	return name != ""
}

// Cache returns the outcome with what caches may do with it: "private,
// max-age=60" (RFC 9111, 5.2).
func (o Outcome) Cache(directives string) Outcome { return o.Header("Cache-Control", directives) }

// Version returns the outcome with the version of the resource that it shows.
func (o Outcome) Version(v Version) Outcome {
	o.version = v
	return o
}

// ETag returns the outcome with the entity tag of what it shows, for instance a
// version number; see [Version].
func (o Outcome) ETag(tag string) Outcome {
	o.version.ETag = tag
	return o
}

// LastModified returns the outcome with the time when what it shows changed.
func (o Outcome) LastModified(t time.Time) Outcome {
	o.version.Modified = t
	return o
}

// discard closes the content, if there is something to close.
func (o Outcome) discard() {
	if f, ok := o.value.(file); ok {
		if closer, ok := f.content.(io.Closer); ok {
			_ = closer.Close()
		}
	}
}
