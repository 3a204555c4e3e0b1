package respond

import (
	"context"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/statute-http/statute"
)

// route is a handler with what is decided before and around it.
type route struct {
	api     *API
	pattern string // "" outside of a Mux
	handler Handler

	auth        Authenticator
	scopes      []string
	hidden      bool
	accepts     []string
	produces    []string
	maxBytes    int64
	conditional bool
	versioned   func(*http.Request) (Version, error)
	hints       []string
	timeout     time.Duration
	idempotency *Idempotency
	quotas      []Quota
	codes       []int // that the handler declares; none: any
	all         []int // with those that are decided without it
}

// Option sets what is decided before and around the handler of a route.
type Option func(*route)

// Accepts names the media types of content that the route takes; others are
// answered 415. "application/json" stands for all that are JSON, such as
// "application/vnd.shop+json". It is the default where [In] decodes content.
func Accepts(mediaTypes ...string) Option {
	return func(rt *route) { rt.accepts = mediaTypes }
}

// Produces names the media types that the route answers with, the preferred one
// first; clients that accept none are answered 406 before the handler runs. The
// default is "application/json". Where there are several, [Chosen] tells the
// handler which one it is.
func Produces(mediaTypes ...string) Option {
	return func(rt *route) { rt.produces = mediaTypes }
}

// MaxBytes sets how much content a request may have; more is answered 413.
func MaxBytes(n int64) Option {
	return func(rt *route) { rt.maxBytes = n }
}

// Auth demands a principal with all of the scopes; [Caller] tells who it is.
func Auth(a Authenticator, scopes ...string) Option {
	return func(rt *route) { rt.auth, rt.scopes = a, scopes }
}

// Hidden answers 404 where [Auth] would answer 403, so that those who may not
// use a resource do not learn that it exists.
func Hidden() Option {
	return func(rt *route) { rt.hidden = true }
}

// Conditional demands a precondition of requests that change something, so that
// no change of others is lost; those without are answered 428. It is If-Match,
// If-None-Match: *, or If-Unmodified-Since where the [Version] has a date.
// [Versioned] or [Check] must evaluate it: a success without either is a
// programming error.
func Conditional() Option {
	return func(rt *route) { rt.conditional = true }
}

// Versioned evaluates the preconditions of requests that change something
// against the version that current returns, before the handler runs; where they
// are false the answer is 412. Where two changes can overlap, [Check] in the
// handler's own transaction is safer.
func Versioned(current func(r *http.Request) (Version, error)) Option {
	return func(rt *route) { rt.versioned = current }
}

// EarlyHints sends a 103 with Link fields before the handler runs, to clients of
// HTTP/1.1 and later (RFC 8297).
func EarlyHints(links ...string) Option {
	return func(rt *route) { rt.hints = links }
}

// Chosen returns the media type of [Produces] that the request prefers, ""
// outside of such a route.
func Chosen(ctx context.Context) string {
	if c := callOf(ctx); c != nil {
		return c.mediaType
	}
	return ""
}

// inputHandler is what [In] makes.
type inputHandler interface {
	coder
	takesContent() bool
}

func newRoute(a *API, pattern string, h Handler, options []Option) *route {
	rt := &route{api: a, pattern: pattern, handler: h}
	if t, ok := h.(inputHandler); ok && t.takesContent() {
		rt.accepts = []string{"application/json"}
	}
	for _, option := range options {
		option(rt)
	}
	if len(rt.produces) == 0 {
		rt.produces = []string{"application/json"}
	}
	if rt.maxBytes == 0 {
		rt.maxBytes = a.maxBytes()
	}
	rt.all = rt.declared()
	return rt
}

// ServeHTTP implements http.Handler.
func (rt *route) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := callOf(r.Context())
	if c == nil || c.api != rt.api {
		c = rt.api.begin(w, r)
		defer c.end()
		defer c.recover()
		if err := rt.api.before(c); err != nil {
			c.fail(err)
			return
		}
		r = c.r
	}
	c.route, c.w, c.r = rt, w, r
	if err := rt.before(c); err != nil {
		c.fail(err)
		return
	}
	if rt.idempotency != nil {
		rt.idempotency.serve(c)
		return
	}
	c.answer(rt.respond(c))
}

// before decides what can be decided without the handler, and without a byte of
// the content, so before a 100 (Continue) is sent.
func (rt *route) before(c *call) error {
	r := c.r
	if !soundQuery(r.URL.RawQuery) {
		return BadRequest("the query is not well-formed")
	}
	if err := rt.authenticate(c); err != nil {
		return err
	}
	if err := c.enter(rt.quotas); err != nil {
		return err
	}
	safe := statute.SafeMethod(r.Method)
	if !safe && r.Header["Early-Data"] != nil { // several, or not 1, are as 1 (RFC 8470, 5.1)
		return TooEarly()
	}
	if err := rt.checkContent(r); err != nil {
		return err
	}
	if err := rt.negotiate(c); err != nil {
		return err
	}
	if !safe && rt.conditional && !guarded(r, true) {
		return PreconditionRequired()
	}
	if !safe && rt.versioned != nil {
		current, err := rt.versioned(r)
		if err != nil {
			return err
		}
		if err := c.check(current); err != nil {
			return err
		}
	}
	if r.Body != nil && r.Body != http.NoBody {
		c.body.ReadCloser = http.MaxBytesReader(nil, r.Body, rt.maxBytes) // writeError closes the connection
		r.Body = &c.body
	}
	if len(rt.hints) > 0 && r.ProtoAtLeast(1, 1) {
		rt.hint(c)
	}
	return nil
}

func (rt *route) authenticate(c *call) error {
	if rt.auth == nil {
		return nil
	}
	p, err := rt.auth.Authenticate(c.r, rt.scopes)
	if err == nil {
		c.principal = &p
		return nil
	}
	if rt.hidden && c.api.resolve(err).problem.Code == 403 {
		return NotFound("").Because(err)
	}
	return err
}

// checkContent refuses content by its header fields.
func (rt *route) checkContent(r *http.Request) error {
	if r.ContentLength == 0 || r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if isCoded(r.Header["Content-Encoding"]) {
		return Problem{Code: 415}.New("the content must not be encoded").Header("Accept-Encoding", "identity")
	}
	if len(r.Header["Content-Type"]) > 1 {
		return BadRequest("more than one Content-Type")
	}
	if len(rt.accepts) > 0 && !rt.takes(r.Header.Get("Content-Type")) {
		e := Unsupported(rt.accepts...)
		if name := acceptField(r.Method); name != "" {
			e = e.Header(name, strings.Join(rt.accepts, ", "))
		}
		return e
	}
	if r.ContentLength > rt.maxBytes {
		return TooLarge(rt.maxBytes)
	}
	return nil
}

// isCoded reports whether content has codings that change it (RFC 9110, 8.4).
func isCoded(lists []string) bool {
	for _, list := range lists {
		for coding := range statute.SplitList(list) {
			if !strings.EqualFold(coding, "identity") {
				return true
			}
		}
	}
	return false
}

// takes reports whether the route takes content of that Content-Type.
func (rt *route) takes(contentType string) bool {
	if contentType == "" {
		return rt.api.Policy.AllowUntyped
	}
	mediaType := statute.MediaType(contentType)
	isJSON := statute.IsJSON(mediaType)
	if !slices.Contains(rt.accepts, mediaType) && (!isJSON || !slices.Contains(rt.accepts, "application/json")) {
		return false
	}
	if !isJSON || !strings.Contains(contentType, ";") {
		return true
	}
	_, params, err := mime.ParseMediaType(contentType)
	return err == nil && (params["charset"] == "" || strings.EqualFold(params["charset"], "utf-8")) // RFC 8259, 8.1
}

// negotiate chooses the media type of the answer.
func (rt *route) negotiate(c *call) error {
	i := choose(c.r.Header["Accept"], rt.produces)
	if i < 0 {
		if !c.api.Policy.IgnoreAccept {
			return NotAcceptable(rt.produces...)
		}
		i = 0
	}
	c.mediaType = rt.produces[i]
	return nil
}

// hint sends a 103.
func (rt *route) hint(c *call) {
	header := c.w.Header()
	for _, link := range rt.hints {
		header.Add("Link", link)
	}
	c.w.WriteHeader(http.StatusEarlyHints)
	header.Del("Link")
}

// soundQuery reports whether each percent sign of a query starts an encoded
// byte (RFC 3986, 2.1), and no semicolon stands where url.Values has none.
func soundQuery(query string) bool {
	for i := 0; i < len(query); i++ {
		switch query[i] {
		case ';':
			return false
		case '%':
			if i+2 >= len(query) || !isHex(query[i+1]) || !isHex(query[i+2]) {
				return false
			}
			i += 2
		}
	}
	return true
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// respond runs the handler.
func (rt *route) respond(c *call) (Outcome, error) {
	if rt.timeout > 0 {
		return c.within(rt.timeout, rt.handler)
	}
	return rt.handler.Respond(c.r)
}
