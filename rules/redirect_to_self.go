package rules

import (
	_ "embed"
	"net/url"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

//go:embed redirect_to_self.txtar
var docRedirectToSelf string

var rRedirectToSelf = &statute.Rule{
	ID:    "redirect-to-self",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(9110, "15.4"), statute.RFC(9110, "10.2.2")},
	On:    []int{301, 302, 303, 307, 308},
	Needs: statute.SeenFields,
	Doc:   docRedirectToSelf,
	Check: func(p *statute.Pass) {
		code, fields := p.Response.Status, p.Response.Fields
		repeats := p.Request.Method == "GET" || p.Request.Method == "HEAD" || code == 307 || code == 308
		if repeats && !fields.Has("Set-Cookie") && !fields.Has("Retry-After") && leadsBack(&p.Request, fields.Get("Location")) {
			p.Report(statute.Fault{
				Message:  strconv.Itoa(code) + " whose Location is the URL that was asked for",
				Expected: "another Location, or no redirect",
			})
		}
	},
}

// leadsBack reports whether a Location is the request's own URL, which it
// cannot be known to be where it names a scheme and that of the request is
// unknown. Fragments do not count: they are not sent.
func leadsBack(r *statute.Request, location string) bool {
	location, _, _ = strings.Cut(location, "#")
	if location == "" || leadsElsewhere(r, location) { // as most do: parse no URL for them
		return false
	}
	base, err := url.Parse(r.URL())
	if err != nil {
		return false
	}
	to, err := url.Parse(location)
	if err != nil || to.Scheme != "" && to.Scheme != strings.ToLower(r.Scheme) {
		return false
	}
	to = base.ResolveReference(to)
	return hostAndPort(to) == hostAndPort(base) && to.RequestURI() == base.RequestURI()
}

// leadsElsewhere reports whether it takes no parsing to see that a Location is
// another URL: by its query, its scheme, its host, or its path where that holds
// nothing to resolve or decode.
func leadsElsewhere(r *statute.Request, location string) bool {
	to, query, _ := strings.Cut(location, "?")
	path := r.Path()
	if query != r.Query() || !strings.HasSuffix(to, path[strings.LastIndexByte(path, '/')+1:]) {
		return true
	}
	if scheme, rest, ok := strings.Cut(to, "://"); ok {
		slash := strings.IndexByte(rest+"/", '/')
		host, _, _ := strings.Cut(rest[:slash], ":")
		if !strings.EqualFold(scheme, r.Scheme) || !hasPrefixFold(r.Authority, host) {
			return true
		}
		to = rest[slash:]
	}
	absolute := strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//")
	return absolute && to != path && !strings.Contains(to, "/.") && !strings.Contains(to+path, "%")
}

// hostAndPort returns the authority of an http or https URL without what may
// be left out of it (RFC 9110, 4.2.3).
func hostAndPort(u *url.URL) string {
	port := u.Port()
	if port == "80" && u.Scheme == "http" || port == "443" && u.Scheme == "https" {
		port = ""
	}
	return strings.ToLower(u.Hostname()) + ":" + port
}
