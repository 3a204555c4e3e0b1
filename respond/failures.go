package respond

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// BadRequest is a 400: malformed, in a way that no other code names (RFC 9110,
// 15.5.1).
func BadRequest(detail string) *Error { return Problem{Code: 400}.New(detail) }

// Unauthorized is a 401: valid credentials are missing, and these challenges
// say which (RFC 9110, 15.5.2). There must be one at least.
func Unauthorized(challenges ...Challenge) *Error {
	e := Problem{Code: 401}.New("")
	for _, c := range challenges {
		if c.Scheme == "" {
			e = e.broken("Unauthorized with a challenge that has no scheme")
		}
		e = e.Header("WWW-Authenticate", c.String())
	}
	return e
}

// Forbidden is a 403: understood but refused, and other credentials would not
// be asked for (RFC 9110, 15.5.4).
func Forbidden(detail string) *Error { return Problem{Code: 403}.New(detail) }

// NotFound is a 404: nothing is here, or nothing that the client may know of
// (RFC 9110, 15.5.5).
func NotFound(detail string) *Error { return Problem{Code: 404}.New(detail) }

// MethodNotAllowed is a 405 that lists the methods which the resource has at
// present; none is right too (RFC 9110, 15.5.6). A [Mux] answers so by itself.
func MethodNotAllowed(allow ...string) *Error {
	return Problem{Code: 405}.New("").Header("Allow", strings.Join(allow, ", "))
}

// NotAcceptable is a 406 that lists the media types which there are (RFC 9110,
// 15.5.7). A route with [Produces] answers so by itself.
func NotAcceptable(mediaTypes ...string) *Error {
	return Problem{Code: 406}.New("available: " + strings.Join(mediaTypes, ", "))
}

// Conflict is a 409: the request does not fit the state of the resource, for
// instance because a name is taken or a version is stale (RFC 9110, 15.5.10).
func Conflict(detail string) *Error { return Problem{Code: 409}.New(detail) }

// Gone is a 410: it was here and will not be back (RFC 9110, 15.5.11). The
// replacement is the URI of what took its place, "" if nothing did.
func Gone(replacement string) *Error {
	e := Problem{Code: 410}.New("")
	if replacement != "" {
		e = e.Header("Link", "<"+replacement+`>; rel="successor-version"`)
	}
	return e
}

// PreconditionFailed is a 412: a condition that the client set is false (RFC
// 9110, 15.5.13). [Check] answers so by itself.
func PreconditionFailed() *Error {
	return Problem{Code: 412}.New("the resource is not in the state that the request demands")
}

// TooLarge is a 413: the content has more than limit bytes (RFC 9110, 15.5.14).
func TooLarge(limit int64) *Error {
	return Problem{Code: 413}.New(fmt.Sprintf("at most %d bytes are taken", limit)).With("limit", limit)
}

// Unsupported is a 415 that lists the media types which the method takes (RFC
// 9110, 15.5.16). A route with [Accepts] answers so by itself.
func Unsupported(mediaTypes ...string) *Error {
	list := strings.Join(mediaTypes, ", ")
	e := Problem{Code: 415}.New("the content must be of type "+list).Header("Accept", list)
	if list == "" {
		return e.broken("Unsupported without a media type that is")
	}
	return e
}

// NotSatisfiable is a 416: no range asked for lies within the size in bytes
// (RFC 9110, 15.5.17). [Content] answers so by itself.
func NotSatisfiable(size int64) *Error {
	return Problem{Code: 416}.New("").Header("Content-Range", "bytes */"+strconv.FormatInt(size, 10))
}

// Invalid is a 422, or a 400 by [Policy]: well-formed, but these values cannot
// be (RFC 9110, 15.5.21). What Validate returns becomes one by itself.
func Invalid(errors ...FieldError) *Error {
	return &Error{problem: Problem{Code: 422}, detail: "some values are not allowed", invalid: errors}
}

// TooEarly is a 425: not in early data, which an attacker can replay (RFC 8470,
// 5.2).
func TooEarly() *Error {
	return Problem{Code: 425}.New("repeat the request when the TLS handshake is complete")
}

// UpgradeRequired is a 426: only with one of these protocols (RFC 9110,
// 15.5.22). There must be one at least.
func UpgradeRequired(protocols ...string) *Error {
	list := strings.Join(protocols, ", ")
	e := Problem{Code: 426}.New("only by "+list).Header("Upgrade", list).
		Header("Connection", "Upgrade, close") // where net/http closes by itself, it takes out all but close
	if list == "" {
		return e.broken("UpgradeRequired without a protocol")
	}
	return e
}

// PreconditionRequired is a 428: only with a condition, so that no change gets
// lost (RFC 6585, 3). A route with [Conditional] answers so by itself.
func PreconditionRequired() *Error {
	return Problem{Code: 428}.New("send If-Match with the ETag of the version that the change is based on")
}

// TooManyRequests is a 429: again after that time (RFC 6585, 4).
func TooManyRequests(after time.Duration) *Error { return Problem{Code: 429}.New("").After(after) }

// LegalReasons is a 451: access is denied by demand of the one whom the URI
// blockedBy names (RFC 7725, 3 and 4).
func LegalReasons(blockedBy string) *Error {
	e := Problem{Code: 451}.New("").Header("Link", "<"+blockedBy+`>; rel="blocked-by"`)
	if blockedBy == "" {
		return e.broken("LegalReasons without the one who demands it")
	}
	return e
}

// Internal is a 500: the server failed, and clients need not know why (RFC
// 9110, 15.6.1). Errors that nothing else is known of become one by themselves.
func Internal(cause error) *Error { return Problem{Code: 500}.New("").Because(cause) }

// NotImplemented is a 501: the server has no such method (RFC 9110, 15.6.2). A
// [Mux] answers so by itself.
func NotImplemented() *Error { return Problem{Code: 501}.New("") }

// BadGateway is a 502: the server behind this one gave no valid answer (RFC
// 9110, 15.6.3).
func BadGateway(cause error) *Error { return Problem{Code: 502}.New("").Because(cause) }

// Unavailable is a 503: overloaded or out of service, again after that time
// (RFC 9110, 15.6.4).
func Unavailable(after time.Duration) *Error { return Problem{Code: 503}.New("").After(after) }

// GatewayTimeout is a 504: the server behind this one was too slow (RFC 9110,
// 15.6.5).
func GatewayTimeout(cause error) *Error { return Problem{Code: 504}.New("").Because(cause) }

// broken returns the error as a programming error.
func (e *Error) broken(fault string) *Error {
	return e.edit(func(e *Error) { e.fault = fault })
}
