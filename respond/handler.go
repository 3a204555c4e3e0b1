package respond

import "net/http"

// Handler answers a request with an outcome or with an error, and writes
// nothing itself. An [API] makes an [http.Handler] of it.
type Handler interface {
	Respond(r *http.Request) (Outcome, error)
}

// HandlerFunc is a function that is a Handler.
type HandlerFunc func(r *http.Request) (Outcome, error)

// Respond calls f.
func (f HandlerFunc) Respond(r *http.Request) (Outcome, error) { return f(r) }
