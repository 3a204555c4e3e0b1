// Package traffic reads exchanges that others recorded.
package traffic

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"strings"
	"time"

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

// HAR yields the exchanges of an HTTP Archive 1.2, one at a time, so that a file
// of any size is read in the memory of its largest entry. An entry that cannot
// be read is yielded as an [EntryError] and passed over. Any other error ends
// the sequence: the file is broken from there on, or is no HAR.
func HAR(r io.Reader, file string) iter.Seq2[*statute.Exchange, error] {
	return func(yield func(*statute.Exchange, error) bool) {
		h := &har{decoder: json.NewDecoder(r), file: file}
		if err := h.read(yield); err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
	}
}

// errStopped says that the reader of a sequence wants no more.
var errStopped = errors.New("stopped")

// har reads one file.
type har struct {
	decoder *json.Decoder
	file    string
	browser bool // recorded by a browser, which shows messages as it understood them
	entries int
	found   bool // the member log.entries was there
}

func (h *har) read(yield func(*statute.Exchange, error) bool) error {
	err := h.members(func(name string) error {
		if name != "log" {
			return h.skip()
		}
		return h.members(func(name string) error {
			switch name {
			case "creator", "browser":
				var by struct{ Name string }
				if err := h.decoder.Decode(&by); err != nil {
					return err
				}
				h.browser = h.browser || name == "browser" && by.Name != "" || isBrowser(by.Name)
				return nil
			case "entries":
				h.found = true
				return h.list(yield)
			}
			return h.skip()
		})
	})
	switch {
	case errors.Is(err, errStopped):
		return err
	case err != nil && !h.found:
		return fmt.Errorf("no HAR: %w", err)
	case err != nil:
		return fmt.Errorf("broken off after %d entries: %w", h.entries, whole(err))
	case !h.found:
		return errors.New(`no HAR: it has no member "log" with "entries"`)
	}
	return nil
}

// whole turns the end of the file into an error that says what it means here.
func whole(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// isBrowser reports whether the creator of a HAR is a browser's developer tools.
func isBrowser(creator string) bool {
	switch strings.ToLower(creator) {
	case "webinspector", "webkit web inspector", "firefox", "chrome", "chromium", "edge", "safari":
		return true
	}
	return false
}

// members calls f with the name of each member of the object that comes next; f
// must read the member's value.
func (h *har) members(f func(name string) error) error {
	if token, err := h.decoder.Token(); err != nil {
		return err
	} else if token != json.Delim('{') {
		return fmt.Errorf("an object is wanted, not %v", token)
	}
	for h.decoder.More() {
		token, err := h.decoder.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		if err := f(name); err != nil {
			return err
		}
	}
	_, err := h.decoder.Token()
	return err
}

// skip reads over the value that comes next without keeping it.
func (h *har) skip() error {
	for depth := 0; ; {
		token, err := h.decoder.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

func (h *har) list(yield func(*statute.Exchange, error) bool) error {
	if token, err := h.decoder.Token(); err != nil {
		return err
	} else if token != json.Delim('[') {
		return fmt.Errorf("log.entries: an array is wanted, not %v", token)
	}
	for ; h.decoder.More(); h.entries++ {
		var e entry
		err := h.decoder.Decode(&e)
		var wrongType *json.UnmarshalTypeError
		var x *statute.Exchange
		switch {
		case errors.As(err, &wrongType): // the decoder has read on to the entry's end
		case err != nil:
			return err
		default:
			x, err = h.exchange(&e)
		}
		if err != nil {
			err = &EntryError{h.entries, err}
		}
		if !yield(x, err) {
			return errStopped
		}
	}
	_, err := h.decoder.Token()
	return err
}

// entry is an entry of a HAR, as far as it matters here.
type entry struct {
	Started string  `json:"startedDateTime"`
	Time    float64 `json:"time"` // milliseconds
	Request struct {
		Method      string
		URL         string
		HTTPVersion string
		Headers     []statute.Field
		PostData    *struct {
			MimeType string
			Text     string
			Params   []struct{ Name, Value string }
			Encoding string // "base64": not in the standard, but written by several
		}
		BodySize *int64
	}
	Response struct {
		Status      int
		StatusText  string
		HTTPVersion string
		Headers     []statute.Field
		Content     struct {
			Size     int64
			Text     *string
			Encoding string
		}
		BodySize *int64
		Error    string `json:"_error"` // Chrome, Playwright
		Interim  []struct {
			Status     int
			StatusText string
			Headers    []statute.Field
		} `json:"_interim"`
	}
}

// exchange turns an entry into an exchange and says in Seen what it holds.
func (h *har) exchange(e *entry) (*statute.Exchange, error) {
	q, p := &e.Request, &e.Response
	if q.Method == "" || q.URL == "" {
		return nil, errors.New("request without method or url")
	}
	if p.Status < 0 || p.Status > 999 {
		return nil, fmt.Errorf("status %d", p.Status)
	}
	x := &statute.Exchange{
		Source:   statute.Source{File: h.file, Entry: h.entries},
		Request:  statute.Request{Method: q.Method, Proto: proto(q.HTTPVersion), Fields: fields(q.Headers)},
		Response: statute.Response{Status: p.Status, Reason: p.StatusText, Proto: proto(p.HTTPVersion), Fields: fields(p.Headers)},
		Took:     time.Duration(e.Time * float64(time.Millisecond)),
		Error:    p.Error,
	}
	x.Start, _ = time.Parse(time.RFC3339, e.Started) // unknown if it does not parse
	x.Request.Scheme, x.Request.Authority, x.Request.Target = split(q.URL)
	if len(x.Request.Fields) > 0 {
		x.Seen |= statute.SeenRequestFields
	}
	var err error
	if x.Request.Body, err = requestBody(e); err != nil {
		return nil, fmt.Errorf("content of the request: %w", err)
	}
	if q.PostData != nil || q.BodySize != nil && *q.BodySize == 0 || !announcesContent(x.Request.Fields) {
		x.Seen |= statute.SeenRequestBody
	}
	if p.Status == 0 {
		if x.Error == "" {
			x.Error = "no answer recorded"
		}
		return x, nil
	}
	if len(x.Response.Fields) > 0 {
		x.Seen |= statute.SeenFields
		if !h.browser {
			x.Seen |= statute.SeenWire
		}
	}
	for _, i := range p.Interim {
		x.Seen |= statute.SeenInterim
		x.Interim = append(x.Interim, statute.Response{Status: i.Status, Reason: i.StatusText, Fields: fields(i.Headers)})
	}
	x.Response.Body, err = responseBody(e)
	if err != nil {
		return nil, fmt.Errorf("content of the response: %w", err)
	}
	if p.Content.Text != nil || x.Response.Body.Size == 0 {
		x.Seen |= statute.SeenBody
	}
	return x, nil
}

func requestBody(e *entry) (statute.Body, error) {
	data := e.Request.PostData
	if data == nil {
		return statute.Body{}, nil
	}
	content := []byte(data.Text)
	if data.Encoding == "base64" {
		var err error
		if content, err = base64.StdEncoding.DecodeString(data.Text); err != nil {
			return statute.Body{}, err
		}
	}
	if len(content) == 0 && len(data.Params) > 0 {
		form := make([]string, len(data.Params))
		for i, p := range data.Params {
			form[i] = url.QueryEscape(p.Name) + "=" + url.QueryEscape(p.Value)
		}
		content = []byte(strings.Join(form, "&"))
	}
	size := int64(len(content))
	if n := e.Request.BodySize; n != nil {
		size = max(size, *n)
	}
	return statute.Body{Bytes: content, Size: size, Cut: size > int64(len(content))}, nil
}

func responseBody(e *entry) (statute.Body, error) {
	p := &e.Response
	var content []byte
	if p.Content.Text != nil {
		content = []byte(*p.Content.Text)
		if p.Content.Encoding == "base64" {
			var err error
			if content, err = base64.StdEncoding.DecodeString(*p.Content.Text); err != nil {
				return statute.Body{}, err
			}
		}
	}
	// content.size is that of the decoded content; where it is not told, bodySize
	// is, which counts what was transferred.
	size := max(p.Content.Size, int64(len(content)))
	if size == 0 && p.BodySize != nil {
		size = max(0, *p.BodySize)
	}
	return statute.Body{Bytes: content, Size: size, Cut: size > int64(len(content))}, nil
}

// announcesContent reports whether a request says that it has content.
func announcesContent(f statute.Fields) bool {
	length, ok := f.Lookup("Content-Length")
	return ok && length != "0" || f.Has("Transfer-Encoding")
}

// fields leaves out the pseudo-header fields of HTTP/2 and HTTP/3, which some
// recorders list as if they were fields.
func fields(recorded []statute.Field) statute.Fields {
	var all statute.Fields
	for _, f := range recorded {
		if !strings.HasPrefix(f.Name, ":") && f.Name != "" {
			all = append(all, f)
		}
	}
	return all
}

// split takes an absolute URL apart without changing any of it: what follows
// the authority is the target, "*" for that of OPTIONS, "/" for nothing.
func split(address string) (scheme, authority, target string) {
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		return "", "", address
	}
	end := strings.IndexAny(rest, "/?#*")
	if end < 0 {
		return scheme, rest, "/"
	}
	authority, target = rest[:end], rest[end:]
	target, _, _ = strings.Cut(target, "#")
	switch {
	case target == "":
		target = "/"
	case target[0] == '?':
		target = "/" + target
	}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 { // user information is never sent
		authority = authority[i+1:]
	}
	return scheme, authority, target
}

// proto brings the ways of writing a protocol version to that of the message.
func proto(version string) string {
	switch strings.ToLower(version) {
	case "h2", "http/2.0", "http/2":
		return "HTTP/2"
	case "h3", "http/3.0", "http/3":
		return "HTTP/3"
	case "http/1.1":
		return "HTTP/1.1"
	case "http/1.0":
		return "HTTP/1.0"
	}
	return ""
}
