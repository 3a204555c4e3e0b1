package respond

import (
	"fmt"
	"log/slog"
	"slices"
)

// Declares names the codes that the handler of a route answers with. Those of
// what is decided before and around it are added: see [Mux.OpenAPI]. An answer
// with another code is sent, logged, and made known by [WithReport].
func Declares(codes ...int) Option {
	return func(rt *route) { rt.codes = codes }
}

// declared returns the codes that a route may answer with, sorted.
func (rt *route) declared() []int {
	codes := append([]int{400, 406, 500, 503}, rt.codes...)
	if rt.auth != nil {
		codes = append(codes, 401)
		if len(rt.scopes) > 0 && !rt.hidden {
			codes = append(codes, 403)
		}
	}
	if rt.hidden {
		codes = append(codes, 404)
	}
	if len(rt.accepts) > 0 {
		codes = append(codes, 408, 413, 415)
	}
	if h, ok := rt.handler.(inputHandler); ok {
		codes = append(codes, h.codes(rt.api.Policy)...)
	}
	if rt.conditional {
		codes = append(codes, 428)
	}
	if rt.conditional || rt.versioned != nil {
		codes = append(codes, 412)
	}
	if rt.idempotency != nil {
		codes = append(codes, 409, 422)
	}
	if len(rt.quotas) > 0 || len(rt.api.Limits) > 0 {
		codes = append(codes, 429)
	}
	if rt.timeout > 0 {
		codes = append(codes, 504)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// documented makes it known if a route declares codes and not this one.
func (c *call) documented(code int) {
	switch {
	case c.route == nil || len(c.route.codes) == 0 || slices.Contains(c.route.all, code):
		return
	case (code == 412 || code == 416) && slices.Contains(c.route.codes, 200):
		return // what conditions and ranges make of a 200
	}
	what := fmt.Sprintf("%d is not among the codes that the route declares", code)
	c.complain(slog.LevelError, code, what)
}

// complain makes it known that an answer is sent that should be another.
func (c *call) complain(level slog.Level, code int, what string) {
	c.report(what)
	c.log(level, code, fault(what))
}
