package respond

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Mux routes requests by the patterns of http.ServeMux. What it answers itself
// has the shape of all other answers: 404, 405 and OPTIONS with the methods that
// the resource has, 501 for methods that no route has. GET routes answer HEAD.
type Mux struct {
	api     *API
	mux     *http.ServeMux
	routes  []*route
	methods []string // of all routes, sorted, each once
	deeper  bool     // some pattern matches a path with a slash at its end
}

// NewMux returns a Mux without routes.
func (a *API) NewMux() *Mux {
	m := &Mux{api: a, mux: http.NewServeMux()}
	m.mux.HandleFunc("/", func(_ http.ResponseWriter, r *http.Request) {
		c := callOf(r.Context())
		c.answer(m.miss(r))
	})
	return m
}

// Handle registers a route, by a pattern with a method: "GET /orders/{id}". It
// panics if the pattern is invalid or conflicts with another.
func (m *Mux) Handle(pattern string, h Handler, options ...Option) {
	method, _, found := strings.Cut(pattern, " ")
	if !found {
		panic("respond: the pattern " + pattern + " has no method")
	}
	rt := newRoute(m.api, pattern, h, options)
	m.mux.Handle(pattern, rt)
	m.routes = append(m.routes, rt)
	m.methods = append(m.methods, method)
	m.deeper = m.deeper || strings.HasSuffix(pattern, "/") || strings.HasSuffix(pattern, "...}") || strings.HasSuffix(pattern, "{$}")
	if method == http.MethodGet {
		m.methods = append(m.methods, http.MethodHead)
	}
	slices.Sort(m.methods)
	m.methods = slices.Compact(m.methods)
}

// HandleFunc registers a route for a function; see [Mux.Handle].
func (m *Mux) HandleFunc(pattern string, f func(*http.Request) (Outcome, error), options ...Option) {
	m.Handle(pattern, HandlerFunc(f), options...)
}

// ServeHTTP implements http.Handler.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := m.api.begin(w, r)
	defer c.end()
	defer c.recover()
	if err := m.api.before(c); err != nil {
		c.fail(err)
		return
	}
	switch escaped := r.URL.EscapedPath(); {
	case !m.knows(r.Method):
		c.fail(NotImplemented())
	case !strings.HasPrefix(escaped, "/"): // "*", or CONNECT
		c.fail(BadRequest("the target is not a path"))
	case clean(escaped) != escaped:
		c.answer(m.moved(c.r, clean(escaped)))
	case m.deeper && !strings.HasSuffix(escaped, "/") && m.redirects(c.r):
		c.answer(m.moved(c.r, escaped+"/"))
	default:
		m.mux.ServeHTTP(w, c.r)
	}
}

// redirects reports whether http.ServeMux would redirect a request to its path
// with a slash at the end, by an answer of its own.
func (m *Mux) redirects(r *http.Request) bool {
	h, pattern := m.mux.Handler(r)
	_, found := h.(*route)
	return !found && pattern != "/"
}

// knows reports whether a method is one that every server knows, or one of a
// route.
func (m *Mux) knows(method string) bool {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE":
		return true
	}
	_, found := slices.BinarySearch(m.methods, method)
	return found || m.api.Policy.UnknownMethod405
}

// miss answers a request that no route is for.
func (m *Mux) miss(r *http.Request) (Outcome, error) {
	there := m.at(r, r.URL.EscapedPath())
	switch {
	case len(there) == 0:
		shorter := strings.TrimRight(r.URL.EscapedPath(), "/")
		if m.api.Policy.RedirectSlash && shorter != "" {
			return m.moved(r, shorter)
		}
		return Outcome{}, NotFound("")
	case r.Method == http.MethodOptions:
		return there.options(), nil
	}
	return Outcome{}, MethodNotAllowed(there.methods()...)
}

// moved leads to another path, if there is anything.
func (m *Mux) moved(r *http.Request, escaped string) (Outcome, error) {
	if escaped == r.URL.EscapedPath() || len(m.at(r, escaped)) == 0 {
		return Outcome{}, NotFound("")
	}
	if r.URL.RawQuery != "" {
		escaped += "?" + r.URL.RawQuery
	}
	return PermanentRedirect(escaped), nil
}

// endpoint is a method that works on a resource.
type endpoint struct {
	method string
	route  *route
}

// resource is the methods of one, sorted by name.
type resource []endpoint

// at returns what is at a path.
func (m *Mux) at(r *http.Request, escaped string) resource {
	var found resource
	asked := *r
	address := *r.URL
	asked.URL = &address
	address.RawPath = escaped
	address.Path, _ = url.PathUnescape(escaped) // it comes from a URL that was parsed
	for _, method := range m.methods {
		asked.Method = method
		h, _ := m.mux.Handler(&asked)
		if rt, ok := h.(*route); ok {
			found = append(found, endpoint{method, rt})
		}
	}
	return found
}

// methods returns what Allow lists: OPTIONS works everywhere.
func (rs resource) methods() []string {
	methods := []string{http.MethodOptions}
	for _, e := range rs {
		methods = append(methods, e.method)
	}
	slices.Sort(methods)
	return slices.Compact(methods)
}

// options answers OPTIONS (RFC 9110, 9.3.7).
func (rs resource) options() Outcome {
	o := NoContent().Header("Allow", strings.Join(rs.methods(), ", "))
	for _, e := range rs {
		if name := acceptField(e.method); name != "" && len(e.route.accepts) > 0 {
			o = o.Header(name, strings.Join(e.route.accepts, ", "))
		}
	}
	return o
}

// acceptField returns the field that lists the media types which a method
// takes, "" if it has none: Accept-Patch (RFC 5789, 3.1), Accept-Post (W3C
// Linked Data Platform 1.0, 7.1).
func acceptField(method string) string {
	switch method {
	case http.MethodPost:
		return "Accept-Post"
	case http.MethodPatch:
		return "Accept-Patch"
	}
	return ""
}

// clean returns a path without empty segments, "." and ".."; a slash at its end
// stays.
func clean(escaped string) string {
	cleaned := path.Clean(escaped)
	if strings.HasSuffix(escaped, "/") && cleaned != "/" {
		cleaned += "/"
	}
	return cleaned
}
