package traffic

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"iter"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/statute-http/statute"
)

// The bounds of what is kept of an exchange. More is read and passed over.
const (
	maxContent = 256 << 10 // bytes of a message's content
	maxText    = 64 << 10  // bytes of a URL, a name or a value
	maxFields  = 4096      // field lines of a message
	maxInterim = 64        // responses
)

// HAR yields the exchanges of an HTTP Archive 1.2
// (http://www.softwareishard.com/blog/har-12-spec/), one at a time and in
// constant memory: content beyond 256 KiB is cut.
//
// An entry that cannot be read is yielded as an [EntryError] and passed over.
// Any other error ends the sequence: the file is broken from there on, or is no
// HAR, or something follows it. What no server answered is passed over: what a
// browser had in its cache, a data: URL, the redirect that it makes of HSTS, what a
// service worker or a test answered in the server's place.
func HAR(r io.Reader, file string) iter.Seq2[*statute.Exchange, error] {
	return func(yield func(*statute.Exchange, error) bool) {
		h := &har{scanner: newScanner(r), file: file, words: words{seed: maphash.MakeSeed()}, parts: map[string]statute.Seen{}}
		for part := statute.Seen(1); part < statute.SeenAll; part <<= 1 {
			h.parts[part.String()] = part
		}
		if err := h.read(yield); err != nil {
			yield(nil, err)
		}
	}
}

// har reads one file.
type har struct {
	*scanner
	words  words
	fields []statute.Field // of the message that is being read
	parts  map[string]statute.Seen

	file     string
	recorder string // log.creator.name, in lower case
	browser  bool   // a browser recorded it, which shows messages as it understood them
	secrets  bool   // requests have credentials: they were not taken out
	found    bool   // the member log.entries was there
	entries  int
	done     bool // the reader of the sequence wants no more
}

func (h *har) read(yield func(*statute.Exchange, error) bool) error {
	for name := range h.members() {
		if string(name) != "log" {
			h.skip()
			continue
		}
		for name := range h.members() {
			switch string(name) {
			case "creator":
				h.recorder = strings.ToLower(h.nameMember())
				h.browser = h.browser || slices.ContainsFunc(browsers, func(b string) bool { return strings.Contains(h.recorder, b) })
			case "browser":
				h.browser = h.nameMember() != "" || h.browser
			case "entries":
				h.found, h.mistake = true, nil
				if h.list(yield); h.done {
					return nil
				}
			default:
				h.skip()
			}
		}
	}
	more := h.found && h.rest()
	switch {
	case more:
		return fmt.Errorf("bytes after the HAR at byte %d", h.before+int64(h.pos))
	case h.err != nil && h.entries > 0:
		return fmt.Errorf("broken off after %d entries: %w", h.entries, h.err)
	case h.entries == 0 && h.mistake != nil:
		return fmt.Errorf("no HAR: %w", h.mistake)
	case h.err != nil:
		return fmt.Errorf("no HAR: %w", h.err)
	case !h.found:
		return errors.New(`no HAR: it has no member "log" with "entries"`)
	}
	return nil
}

// browsers are what the names of recorders hold that show messages as a browser
// understood them: developer tools and what drives them.
var browsers = []string{
	"webinspector", "web inspector", "firefox", "chrom", "edge", "safari", "webkit",
	"playwright", "puppeteer", "cypress", "selenium", "webpagetest", "browsertime",
}

// nameMember reads an object and returns its member "name".
func (h *har) nameMember() (value string) {
	for name := range h.members() {
		if string(name) == "name" {
			value = h.text()
		} else {
			h.skip()
		}
	}
	return value
}

func (h *har) list(yield func(*statute.Exchange, error) bool) {
	for i := range h.elements() {
		depth := h.depth
		x, err := h.entry(i)
		if broken := h.err; broken != nil {
			if h.recover(depth); h.err != nil {
				h.err = broken
				return
			}
			err = broken
		}
		h.entries++
		if err != nil {
			err = &EntryError{i, err}
		} else if x == nil {
			continue
		}
		if !yield(x, err) {
			h.done = true
			return
		}
	}
}

// entry is one that is being read.
type entry struct {
	*statute.Exchange
	url     string
	whole   bool          // the request's fields name the host: they are not only what a browser meant to send
	local   bool          // the browser answered by itself
	sent    int64         // request.bodySize
	content int64         // response.content.size
	carried int64         // response.bodySize
	told    *statute.Seen // what Statute itself wrote of it
}

// entry reads the entry with that number. It returns nil if that shows no
// exchange.
func (h *har) entry(i int) (*statute.Exchange, error) {
	h.mistake = nil
	h.next()
	e := entry{Exchange: &statute.Exchange{Source: statute.Source{File: h.file, Entry: i, Line: h.line()}}, sent: unknown, content: unknown, carried: unknown}
	for name := range h.members() {
		switch string(name) {
		case "startedDateTime":
			e.Start = h.time()
		case "time":
			if ms, _ := h.number(); ms > 0 && ms < 1e12 {
				e.Took = time.Duration(ms*float64(time.Millisecond) + 0.5)
			}
		case "request":
			h.request(&e)
		case "response":
			h.response(&e)
		case "cache":
			e.local = h.cached() || e.local
		case "_fromCache": // Chrome
			e.local = len(h.text()) > 0 || e.local
		case "_fetchType": // Safari
			how := h.text()
			e.local = how == "Memory Cache" || how == "Disk Cache" || how == "Service Worker" || how == "Inspector Override" || e.local
		case "_wasFulfilled", "_wasAborted": // Playwright: by the test
			e.local = h.truth() || e.local
		case "_seen": // Statute
			seen := h.seen()
			e.told = &seen
		default:
			h.skip()
		}
	}
	if h.mistake != nil {
		return nil, h.mistake
	}
	if err := h.finish(&e); err != nil || e.local {
		return nil, err
	}
	return e.Exchange, nil
}

// cached reads the member "cache". Firefox writes "afterRequest" into it for
// what it took from its cache; others always write it, as null.
func (h *har) cached() (from bool) {
	for name := range h.members() {
		from = from || string(name) == "afterRequest" && h.recorder == "firefox"
		h.skip()
	}
	return from
}

// seen reads the names of parts.
func (h *har) seen() (seen statute.Seen) {
	for range h.elements() {
		seen |= h.parts[h.text()]
	}
	return seen
}

func (h *har) request(e *entry) {
	q := &e.Request
	for name := range h.members() {
		switch string(name) {
		case "method":
			q.Method = h.text()
		case "url":
			e.url = h.text()
		case "httpVersion":
			q.Proto = proto(h.text())
		case "headers":
			q.Fields, e.whole = h.headers()
		case "postData":
			q.Body = h.postData()
		case "bodySize":
			e.sent = h.size()
		default:
			h.skip()
		}
	}
}

func (h *har) response(e *entry) {
	p := &e.Response
	for name := range h.members() {
		switch string(name) {
		case "status":
			p.Status = h.status()
		case "statusText":
			p.Reason = h.text()
		case "httpVersion":
			p.Proto = proto(h.text())
		case "headers":
			p.Fields, _ = h.headers()
		case "content":
			p.Body, e.content = h.content()
		case "bodySize":
			e.carried = h.size()
		case "_error": // Chrome, Safari, mitmproxy, Playwright
			e.Error = h.text()
		case "_fetchedViaServiceWorker": // Chrome
			e.local = h.truth() || e.local
		case "_interim": // Statute
			for range h.elements() {
				if i := h.interim(); len(e.Interim) < maxInterim {
					e.Interim = append(e.Interim, i)
				}
			}
		case "_trailer": // Statute
			p.Trailer, _ = h.headers()
		default:
			h.skip()
		}
	}
}

// truth reads true or false.
func (h *har) truth() bool {
	yes := h.next() == 't'
	h.skip()
	return yes
}

// status reads a status; 0 is none, as is the -1 of Playwright.
func (h *har) status() int {
	n, _ := h.number()
	if n == -1 {
		return 0
	}
	if n < 0 || n > 999 || n != math.Trunc(n) {
		h.note(fmt.Errorf("%v is no status", n))
		return 0
	}
	return int(n)
}

func (h *har) interim() (i statute.Response) {
	for name := range h.members() {
		switch string(name) {
		case "status":
			i.Status = h.status()
		case "statusText":
			i.Reason = h.text()
		case "httpVersion":
			i.Proto = proto(h.text())
		case "headers":
			i.Fields, _ = h.headers()
		default:
			h.skip()
		}
	}
	return i
}

// headers reads field lines and reports whether they name the host. It leaves
// out the pseudo-header fields of HTTP/2 and HTTP/3 (RFC 9113, 8.3), which some
// recorders list among them. Several lines that a browser joined by line feeds
// become several again.
func (h *har) headers() (all statute.Fields, host bool) {
	h.fields = h.fields[:0]
	for range h.elements() {
		var f statute.Field
		for name := range h.members() {
			switch string(name) {
			case "name":
				f.Name = h.text()
			case "value":
				f.Value = h.text()
			default:
				h.skip()
			}
		}
		host = host || f.Name == ":authority" || strings.EqualFold(f.Name, "Host")
		if f.Name == "" || f.Name[0] == ':' {
			continue
		}
		for more := true; more && len(h.fields) < maxFields; {
			var line string
			line, f.Value, more = strings.Cut(f.Value, "\n")
			h.fields = append(h.fields, statute.Field{Name: f.Name, Value: line})
		}
	}
	return append(all, h.fields...), host
}

// postData reads the content of a request. A form may be told as a list of
// parameters alone.
func (h *har) postData() statute.Body {
	var text []byte
	var size int64
	var encoding, mediaType string
	var form []byte
	var formSize int64
	for name := range h.members() {
		switch string(name) {
		case "mimeType":
			mediaType = statute.MediaType(h.text())
		case "text":
			text, size = h.long()
		case "encoding": // not in the standard, but written by several
			encoding = h.text()
		case "params":
			for i := range h.elements() {
				param := h.param()
				if i > 0 {
					param = "&" + param
				}
				formSize += int64(len(param))
				form = append(form, param[:min(len(param), maxContent-len(form))]...)
			}
		default:
			h.skip()
		}
	}
	if len(text) == 0 && (mediaType == "" || mediaType == "application/x-www-form-urlencoded") {
		text, size = form, formSize
	}
	return h.body(text, size, encoding)
}

func (h *har) param() string {
	var key, value string
	for name := range h.members() {
		switch string(name) {
		case "name":
			key = h.text()
		case "value":
			value = h.text()
		default:
			h.skip()
		}
	}
	return url.QueryEscape(key) + "=" + url.QueryEscape(value)
}

// content reads the content of a response, and the size that is told of it.
func (h *har) content() (_ statute.Body, size int64) {
	var text []byte
	var length int64
	var encoding string
	size = unknown
	for name := range h.members() {
		switch string(name) {
		case "size":
			size = h.size()
		case "text":
			text, length = h.long()
		case "encoding":
			encoding = h.text()
		default:
			h.skip()
		}
	}
	return h.body(text, length, encoding), size
}

// body returns content whose text has that length in the file.
func (h *har) body(text []byte, size int64, encoding string) statute.Body {
	if encoding == "base64" {
		cut := size > int64(len(text))
		text = bytes.TrimRight(text, "=\r\n")
		content := make([]byte, base64.RawStdEncoding.DecodedLen(len(text)))
		n, err := base64.RawStdEncoding.Decode(content, text)
		if err != nil && !cut {
			h.note(fmt.Errorf("content: %w", err))
		}
		if text = content[:n]; cut {
			size = size / 4 * 3
		} else {
			size = int64(n)
		}
	}
	text = text[:min(len(text), maxContent)]
	return statute.Body{Bytes: text, Size: size, Cut: size > int64(len(text))}
}

// finish says in Seen what the entry holds.
func (h *har) finish(e *entry) error {
	known := e.Request.Method != "" && e.url != ""
	switch {
	case known:
		if err := h.asked(e); err != nil {
			return err
		}
	case e.Request.Method != "" || e.url != "" || e.Response.Status == 0:
		return errors.New("request without method or url")
	}
	if e.Response.Status == 0 {
		e.Error = cmp.Or(e.Error, "no answer recorded")
	} else {
		h.answered(e)
	}
	if e.told != nil {
		e.Seen = *e.told
		if e.carried != unknown {
			e.Response.Body.Size = e.carried
		}
	}
	return nil
}

// asked takes the address apart and says in Seen what the entry holds of the
// request.
func (h *har) asked(e *entry) error {
	q := &e.Request
	e.local = e.local || !overHTTP(e.url)
	if q.Scheme, q.Authority, q.Target = split(e.url); q.Scheme != "" && q.Authority == "" {
		return errors.New("url without a host")
	}
	if h.recorder == "webinspector" && !h.secrets {
		h.secrets = q.Fields.Has("Authorization") || q.Fields.Has("Cookie")
	}
	if len(q.Fields) > 0 && !(h.browser && h.hides(e)) {
		e.Seen |= statute.SeenRequestFields
	}
	if len(q.Body.Bytes) > 0 || e.sent == 0 && !h.browser || len(q.Fields) > 0 && !announcesContent(q.Fields) {
		e.Seen |= statute.SeenRequestBody
	}
	grow(&q.Body, e.sent)
	return nil
}

// hides reports whether a browser recorded other field lines than it sent: none
// but those of the page's own making, not those that its cache adds (RFC 9111,
// 4.3.1), or none with credentials, which Chrome takes out unless told otherwise.
func (h *har) hides(e *entry) bool {
	switch fields := e.Request.Fields; e.Response.Status {
	case 304:
		return !e.whole || !fields.Has("If-None-Match") && !fields.Has("If-Modified-Since")
	case 403:
		return !e.whole || h.recorder == "webinspector" && !h.secrets
	}
	return !e.whole
}

// answered says in Seen what the entry holds of the response.
func (h *har) answered(e *entry) {
	p := &e.Response
	e.local = e.local || p.Status == 307 && p.Fields.Has("Non-Authoritative-Reason") // Chrome
	if len(p.Fields) > 0 {
		e.Seen |= statute.SeenFields
		if h.recorder != "" && !h.browser {
			e.Seen |= statute.SeenWire
		}
	}
	if len(e.Interim) > 0 {
		e.Seen |= statute.SeenInterim
	}
	if e.content == unknown { // what was transferred, then
		e.content = e.carried
	}
	// A browser says 0 also of content that it did not care for.
	empty := e.content == 0 && (!h.browser || p.Fields.Get("Content-Length") == "0")
	if len(p.Body.Bytes) > 0 || empty {
		e.Seen |= statute.SeenBody
	}
	grow(&p.Body, e.content)
}

// unknown is a size that is not told; the standard's own -1 is one too.
const unknown = -1

// size reads a number of bytes.
func (h *har) size() int64 {
	n, ok := h.number()
	if !ok || n < 0 || n > 1<<53 {
		return unknown
	}
	return int64(n)
}

// grow makes of content that is told to be longer one that is cut, unless nothing
// is missing: then the size is that of another form of it, compressed or in another
// charset.
func grow(b *statute.Body, size int64) {
	if size > b.Size {
		b.Size, b.Cut = size, b.Cut || !whole(b.Bytes)
	}
}

// whole reports whether content is a whole object or array of JSON.
func whole(content []byte) bool {
	content = bytes.TrimSpace(content)
	return len(content) > 0 && (content[0] == '{' || content[0] == '[') && json.Valid(content)
}

func (h *har) text() string {
	text, _ := h.chars(maxText)
	return h.words.of(text)
}

// long reads content, which may be in base64, and returns how long all of it is.
func (h *har) long() ([]byte, int64) {
	text, size := h.chars(base64.StdEncoding.EncodedLen(maxContent))
	return append([]byte(nil), text...), size
}

func (h *har) time() time.Time {
	text, _ := h.chars(maxName)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700"} {
		if t, err := time.Parse(layout, string(text)); err == nil {
			return t
		}
	}
	return time.Time{}
}

// words makes one string of the same bytes wherever they come again, unless
// others took their place.
type words struct {
	seed  maphash.Seed
	table [2048]string
}

func (w *words) of(text []byte) string {
	if len(text) > 512 {
		return string(text)
	}
	place := &w.table[maphash.Bytes(w.seed, text)%uint64(len(w.table))]
	if *place != string(text) {
		*place = string(text)
	}
	return *place
}

// announcesContent reports whether a request says that it has content.
func announcesContent(f statute.Fields) bool {
	length, ok := f.Lookup("Content-Length")
	return ok && length != "0" || f.Has("Transfer-Encoding")
}

// overHTTP reports whether what has that address is asked for by HTTP. One
// without a scheme may be.
func overHTTP(address string) bool {
	scheme, rest, ok := strings.Cut(address, ":")
	switch {
	case !ok, strings.ContainsAny(scheme, "/?#"):
		return true
	case strings.HasPrefix(rest, "//"):
		return schemes[strings.ToLower(scheme)] != ""
	}
	return scheme != "data" && scheme != "blob" && scheme != "about"
}

// schemes are those of addresses that are asked for by HTTP, and what they mean
// for the request.
var schemes = map[string]string{"http": "http", "https": "https", "ws": "http", "wss": "https"}

// split takes an absolute URL apart without changing anything else: what follows
// the authority is the target, "*" for that of OPTIONS, "/" for nothing. What is
// no such URL is a target.
func split(address string) (scheme, authority, target string) {
	scheme, rest, ok := strings.Cut(address, "://")
	if scheme = schemes[strings.ToLower(scheme)]; scheme == "" || !ok {
		return "", "", address
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(strings.TrimSuffix(rest, "*"))
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
	switch version {
	case "HTTP/1.1", "HTTP/1.0", "HTTP/2", "HTTP/3":
		return version
	}
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
