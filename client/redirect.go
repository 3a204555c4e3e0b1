package client

import (
	"fmt"
	"net/http"
)

// Redirect is a CheckRedirect for [http.Client]. It follows a redirect that keeps
// the method, and a 303, which asks for a GET; a HEAD stays one. It does not let a
// 301 or 302 turn another method into GET (RFC 9110, 15.4.2 and 15.4.3), nor leave
// TLS: then the redirect itself is the response, and [Check] says why.
func Redirect(request *http.Request, via []*http.Request) error {
	from := via[len(via)-1]
	if len(via) >= maxRedirects || leavesTLS(from, request) || turns(request.Response.StatusCode, from.Method) {
		return http.ErrUseLastResponse
	}
	return nil
}

// maxRedirects is how many redirects are followed, as many as net/http does.
const maxRedirects = 10

// leavesTLS reports whether a redirect leads from https to http.
func leavesTLS(from, to *http.Request) bool {
	return from.URL.Scheme == "https" && to.URL.Scheme == "http"
}

// turns reports whether clients turn a method into GET at that code though the
// server did not ask for it.
func turns(code int, method string) bool {
	switch code {
	case http.StatusMovedPermanently, http.StatusFound:
		return method != http.MethodGet && method != http.MethodHead && method != ""
	}
	return false
}

// whyNotFollowed returns the reason why a redirect was not followed, or "" if the
// response is none.
func whyNotFollowed(response *http.Response) string {
	switch response.StatusCode {
	case 301, 302, 303, 307, 308:
	default:
		return ""
	}
	to, err := response.Location()
	from := response.Request
	switch {
	case err != nil:
		return "no Location that could be read"
	case from == nil:
		return ""
	case turns(response.StatusCode, from.Method):
		return fmt.Sprintf("it would turn %s into GET; 303 says so on purpose, 307 and 308 keep the method", from.Method)
	case leavesTLS(from, &http.Request{URL: to}):
		return "it leads from https to http"
	case from.Body != nil && from.Body != http.NoBody && from.GetBody == nil:
		return "the content cannot be sent a second time: set GetBody"
	}
	return "too many redirects, or redirects are off"
}
