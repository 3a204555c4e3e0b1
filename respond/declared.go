package respond

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"

	"github.com/statute-http/statute"
)

// Declares names the codes that the handler of a route answers with. Those of
// what is decided before and around it are added: see [Mux.OpenAPI]. An answer
// with another code is sent, logged, and made known by [WithReport].
//
// The handler's own are also 206, where it answers [Content] to a GET, and 412,
// where it calls [Check] for a POST.
func Declares(codes ...int) Option {
	return func(rt *route) { rt.codes = codes }
}

// coder is a handler that knows codes which it answers with.
type coder interface{ codes(p Policy) []int }

// declared returns the codes that a route may answer with, sorted.
func (rt *route) declared() []int {
	codes := append([]int{400, 406, 500, 503}, rt.codes...)
	if h, ok := rt.handler.(coder); ok {
		codes = append(codes, h.codes(rt.api.Policy)...)
	}
	codes = append(codes, rt.methodCodes()...)
	if rt.auth != nil {
		codes = append(codes, 401)
		if len(rt.scopes) > 0 && !rt.hidden {
			codes = append(codes, 403)
		}
	}
	if rt.hidden {
		codes = append(codes, 404)
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

// methodCodes returns the codes that the method brings: what preconditions and
// ranges make of a 200 or 206, how content is refused, early data, and the
// preconditions of methods that change what the target names.
func (rt *route) methodCodes() []int {
	var codes []int
	method := rt.method()
	if method == "" || method == http.MethodGet {
		if slices.Contains(rt.codes, 200) {
			codes = append(codes, 304, 412)
		}
		if slices.Contains(rt.codes, 206) {
			codes = append(codes, 416)
		}
	}
	if method == http.MethodGet || method == http.MethodHead {
		return codes
	}
	codes = append(codes, 413, 415)
	if h, ok := rt.handler.(inputHandler); !ok || h.takesContent() || rt.idempotency != nil {
		codes = append(codes, 408)
	}
	if method == "" || !statute.SafeMethod(method) {
		codes = append(codes, 425)
	}
	switch method {
	case "", http.MethodPut, http.MethodPatch, http.MethodDelete:
		codes = append(codes, 412)
	}
	return codes
}

// documented makes it known if a route declares codes and not this one.
func (c *call) documented(code int) {
	if c.route == nil || len(c.route.codes) == 0 || slices.Contains(c.route.all, code) {
		return
	}
	what := fmt.Sprintf("%d is not among the codes that the route declares", code)
	c.complain(slog.LevelError, code, what)
}

// complain makes it known that an answer is sent that should be another.
func (c *call) complain(level slog.Level, code int, what string) {
	c.report(what)
	c.log(level, code, fault(what))
}
