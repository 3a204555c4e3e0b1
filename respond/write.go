package respond

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/statute-http/statute"
)

// smallContent is how much content net/http buffers, in bytes: for that much it
// finds the Content-Length itself.
const smallContent = 2048

// answer writes what a handler returned.
func (c *call) answer(o Outcome, err error) {
	defer o.discard()
	if err == nil {
		err = c.write(o)
	}
	if err != nil {
		c.fail(err)
	}
}

// write writes an outcome. An error means that another answer is due; if the
// header section is on its way by then, none is possible.
func (c *call) write(o Outcome) error {
	switch {
	case o.fault != "":
		return fault(o.fault)
	case o.code == 0:
		return fault("neither an outcome nor an error")
	case o.version.sound() != "":
		return fault(o.version.sound())
	}
	read := c.r.Method == http.MethodGet || c.r.Method == http.MethodHead
	if !read && (o.code == 301 || o.code == 302) {
		o.code = map[int]int{301: 308, 302: 307}[o.code]
	}
	if s, ok := o.value.(served); ok {
		c.fields(o)
		s.handler.ServeHTTP(tracked{c}, c.r)
		return nil
	}
	if changed := o.code/100 == 2 || o.code == 303; changed && !statute.SafeMethod(c.r.Method) {
		if name := c.ignored(); name != "" {
			if c.route.conditional {
				return fault("Conditional, and neither Versioned nor Check")
			}
			c.complain(slog.LevelWarn, o.code, name+" was ignored: neither Versioned nor Check")
		}
	}
	c.documented(o.code)
	if read && o.code == 200 {
		switch {
		case !o.version.allows(c.r, true):
			return PreconditionFailed()
		case o.version.unmodified(c.r):
			c.fields(o)
			c.w.WriteHeader(304)
			return nil
		}
	}
	switch value := o.value.(type) {
	case nil:
		c.fields(o)
		c.w.WriteHeader(o.code)
		return nil
	case file:
		return c.writeFile(o, value)
	case stream:
		return c.writeStream(o, value)
	case page:
		c.fields(o)
		c.content(o.code, value.mediaType, value.content)
		return nil
	}
	return c.writeJSON(o)
}

// fields sets the header fields of an outcome but for those of its content.
func (c *call) fields(o Outcome) {
	header := c.w.Header()
	for _, f := range o.fields {
		header.Add(f.Name, f.Value)
	}
	if o.location != "" {
		c.set("Location", o.location)
	}
	if o.version.ETag != "" {
		c.set("Etag", o.version.tag())
	}
	if !o.version.Modified.IsZero() {
		c.set("Last-Modified", o.version.Modified.UTC().Format(http.TimeFormat))
	}
	if c.route != nil && len(c.route.produces) > 1 {
		header.Add("Vary", "Accept")
	}
}

func (c *call) writeJSON(o Outcome) error {
	mediaType := cmp.Or(c.mediaType, "application/json")
	if mediaType != "application/json" && !statute.IsJSON(statute.MediaType(mediaType)) {
		return fault("a value in JSON where the client is to get " + mediaType)
	}
	b := c.api.buffer()
	defer c.api.release(b)
	if err := json.MarshalWrite(b, o.value, jsontext.AllowInvalidUTF8(true), json.Deterministic(true)); err != nil {
		return fmt.Errorf("writing %T in JSON: %w", o.value, err)
	}
	c.fields(o)
	c.content(o.code, mediaType, b.Bytes())
	return nil
}

// content writes the header section and content that is all there.
func (c *call) content(code int, mediaType string, content []byte) {
	c.set("Content-Type", mediaType)
	if len(content) > smallContent || c.r.Method == http.MethodHead {
		c.set("Content-Length", strconv.Itoa(len(content)))
	}
	c.began = true
	c.w.WriteHeader(code)
	if c.r.Method != http.MethodHead {
		_, _ = c.w.Write(content) // the client may be gone
	}
}

func (c *call) writeStream(o Outcome, s stream) error {
	w := streamWriter{c, o, s.mediaType}
	if c.r.Method == http.MethodHead {
		w.begin()
		return nil
	}
	if err := s.write(w); err != nil {
		return err
	}
	w.begin()
	return nil
}

// streamWriter sends the header section with the first byte of a stream.
type streamWriter struct {
	c         *call
	outcome   Outcome
	mediaType string
}

func (w streamWriter) Write(b []byte) (int, error) {
	w.begin()
	return w.c.w.Write(b)
}

// Flush sends what was written so far.
func (w streamWriter) Flush() {
	w.begin()
	_ = http.NewResponseController(w.c.w).Flush()
}

func (w streamWriter) begin() {
	if !w.c.began {
		w.c.fields(w.outcome)
		w.c.set("Content-Type", w.mediaType)
		w.c.began = true
		w.c.w.WriteHeader(w.outcome.code)
	}
}

// fail answers a request with an error. http.ErrAbortHandler breaks the
// connection, as it does in net/http.
func (c *call) fail(err error) {
	if errors.Is(err, http.ErrAbortHandler) {
		panic(http.ErrAbortHandler)
	}
	e := c.api.said(err)
	if e == nil {
		if errors.Is(c.Err(), context.Canceled) { // the client is gone, and the error is what came of it
			c.log(slog.LevelInfo, 499, err)
			panic(http.ErrAbortHandler)
		}
		e = c.api.resolve(err)
	}
	if e.fault == "" && (e.problem.Code < 400 || e.problem.Code > 599) {
		e = e.broken("a problem with the code " + strconv.Itoa(e.problem.Code))
	}
	if e.fault == "" {
		if name := e.missing(); name != "" {
			e = e.broken(strconv.Itoa(e.problem.Code) + " without " + name)
		}
	}
	if e.fault != "" {
		c.report(e.fault)
		e = Internal(errors.Join(errors.New("programming error: "+e.fault), e.cause))
	}
	code := e.problem.Code
	if e.invalid != nil && code == 422 {
		code = c.invalidCode(e.invalid)
	}
	c.documented(code)
	switch {
	case code > 501 && errors.Is(c.Err(), context.Canceled): // most likely because the client is gone
		c.log(slog.LevelInfo, code, e)
	case code >= 500 && code != 501: // which is the client's doing
		c.log(slog.LevelError, code, e)
	case e.cause != nil:
		c.log(slog.LevelInfo, code, e)
	}
	if c.began {
		panic(http.ErrAbortHandler)
	}
	c.writeError(code, e)
}

// invalidCode returns the code for values that are not allowed: in the content
// 422, unless the API's policy says 400; in the query 400.
func (c *call) invalidCode(invalid []FieldError) int {
	if c.api.Policy.Invalid400 {
		return 400
	}
	for _, f := range invalid {
		if f.Parameter == "" {
			return 422
		}
	}
	if len(invalid) > 0 {
		return 400
	}
	return 422
}

// writeError writes an error in the format that the client prefers.
func (c *call) writeError(code int, e *Error) {
	header := c.w.Header()
	for _, name := range [...]string{"Content-Encoding", "Content-Length", "Content-Range", "Etag", "Last-Modified", "Expires", "Location"} {
		delete(header, name) // what was to be an answer may have left them
	}
	c.set("Cache-Control", "no-store")
	for _, f := range e.fields {
		if strings.EqualFold(f.Name, "Cache-Control") {
			header.Set(f.Name, f.Value)
		} else {
			header.Add(f.Name, f.Value)
		}
	}
	if code == 408 || code == 413 { // rather than read the rest
		c.set("Connection", "close")
	}
	f := Failure{
		Type: e.problem.Type, Title: e.problem.title(), Code: code, Detail: e.detail,
		Fields: e.invalid, Members: e.members, RequestID: c.id,
	}
	if e.problem.Title == "" && code != e.problem.Code {
		f.Title = Problem{Code: code}.title()
	}
	format := c.format()
	b := c.api.buffer()
	defer c.api.release(b)
	if err := format.Write(b, &f); err != nil {
		c.log(slog.LevelError, code, fmt.Errorf("writing an error as %s: %w", format.MediaType, err))
		b.Reset()
		f.Members, format = nil, Problems()
		_ = format.Write(b, &f) // texts alone can be written
	}
	c.content(code, format.MediaType, b.Bytes())
}

// format returns the format that the client prefers.
func (c *call) format() Format {
	formats := c.api.Formats
	switch len(formats) {
	case 0:
		return Problems()
	case 1:
		return formats[0]
	}
	c.w.Header().Add("Vary", "Accept")
	accept := c.r.Header.Values("Accept")
	if len(accept) == 0 {
		return formats[0]
	}
	best, bestQuality := formats[0], 0
	for _, f := range formats {
		mediaType := statute.MediaType(f.MediaType)
		q := quality(accept, mediaType)
		if statute.IsJSON(mediaType) { // who accepts JSON accepts a failure in it
			q = max(q, quality(accept, "application/json"))
		}
		if q > bestQuality {
			best, bestQuality = f, q
		}
	}
	return best
}

// log writes what became of a request.
func (c *call) log(level slog.Level, code int, err error) {
	pattern := ""
	if c.route != nil {
		pattern = c.route.pattern
	}
	message := "request failed"
	if _, sent := err.(fault); sent {
		message = "answer against the rules"
	}
	c.api.logger().LogAttrs(c, level, message,
		slog.Int("status", code),
		slog.String("method", c.r.Method),
		slog.String("route", cmp.Or(pattern, c.r.Pattern, c.r.URL.Path)),
		slog.String("request_id", c.id),
		slog.Any("error", err),
	)
}

// reportKey is the key of a function that hears of programming errors.
type reportKey struct{}

// WithReport returns a context whose requests make their programming errors
// known to report: an empty argument where the RFC demands one, a code that the
// route does not declare. Tests of handlers use it; the answer stays what it is.
func WithReport(ctx context.Context, report func(error)) context.Context {
	return context.WithValue(ctx, reportKey{}, report)
}

func (c *call) report(what string) {
	if report, ok := c.Value(reportKey{}).(func(error)); ok {
		report(fmt.Errorf("%s %s: %s", c.r.Method, c.r.URL.Path, what))
	}
}
