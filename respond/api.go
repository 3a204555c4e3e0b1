package respond

import (
	"bytes"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// API is what all routes of an API have in common. Its zero value is of use. It
// must not be copied or changed once it serves.
type API struct {
	// Logger gets every failure of the server and every error with a private
	// cause; nil discards.
	Logger *slog.Logger

	// Now says what time it is; nil is time.Now.
	Now func() time.Time

	// Mappings say what errors of other packages mean. They are asked in order,
	// before the built-in ones.
	Mappings []Mapping

	// Formats are how failures are written: the first, unless the client's
	// Accept prefers another. None is problem details (RFC 9457).
	Formats []Format

	// Policy makes the choices that the RFCs leave open.
	Policy Policy

	// MaxBytes is how much content a request may have; 0 is 1 MiB. MaxBytes of
	// a route goes before it.
	MaxBytes int64

	// Maintenance, if set, can put the API out of service for a time.
	Maintenance *Maintenance

	// Limits are quotas for all requests, asked before anything else but
	// maintenance: also before it is known who a request comes from, so their
	// keys cannot be principals.
	Limits []Quota

	ids     ids
	buffers sync.Pool // of *bytes.Buffer
}

// Policy holds the choices that are an API's own. Its zero value is what this
// package recommends.
type Policy struct {
	Invalid400       bool // values that are not allowed are 400; else 422
	BadPath400       bool // path values of the wrong type are 400; else 404
	UnknownMethod405 bool // methods that no route has are 405 where others work; else 501
	AllowUnknown     bool // members, and parameters of a query, that a type does not have are ignored; else they are not allowed
	AllowUntyped     bool // content without Content-Type is taken for what the route accepts; else 415
	IgnoreAccept     bool // a client that accepts nothing of what there is gets it all the same; else 406
	RedirectSlash    bool // a path with a slash too many is redirected, by 308; else 404
}

// Handler returns a handler for net/http that answers what h says. It can be
// hung into any router; [API.NewMux] makes one whose own answers have the same
// shape.
func (a *API) Handler(h Handler, options ...Option) http.Handler {
	return newRoute(a, "", h, options)
}

// HandlerFunc is [API.Handler] for a function.
func (a *API) HandlerFunc(f func(*http.Request) (Outcome, error), options ...Option) http.Handler {
	return a.Handler(HandlerFunc(f), options...)
}

func (a *API) now() time.Time {
	if a.Now != nil {
		return a.Now()
	}
	return time.Now()
}

func (a *API) logger() *slog.Logger {
	if a.Logger != nil {
		return a.Logger
	}
	return slog.New(slog.DiscardHandler)
}

// defaultMaxBytes is how much content is taken where a route does not say.
const defaultMaxBytes = 1 << 20

func (a *API) maxBytes() int64 {
	if a.MaxBytes > 0 {
		return a.MaxBytes
	}
	return defaultMaxBytes
}

// keepBuffer is how large a buffer may be, in bytes, to be used again.
const keepBuffer = 64 << 10

// buffer returns an empty buffer; release takes it back.
func (a *API) buffer() *bytes.Buffer {
	if b, ok := a.buffers.Get().(*bytes.Buffer); ok {
		return b
	}
	return new(bytes.Buffer)
}

func (a *API) release(b *bytes.Buffer) {
	if b.Cap() <= keepBuffer {
		b.Reset()
		a.buffers.Put(b)
	}
}

// before decides what concerns the API as a whole.
func (a *API) before(c *call) error {
	if err := a.Maintenance.refuses(c); err != nil {
		return err
	}
	return c.enter(a.Limits)
}
