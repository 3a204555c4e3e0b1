package statute

import (
	"iter"
	"slices"
	"strconv"
)

// Code is a status code and what is known of it. Its slices belong to the table
// and must not be changed.
type Code struct {
	Number  int
	Name    string  // IANA's, without its notes: "Not Found"; "(Unused)" for 306 and 418
	Cite    Section // where it is defined
	Content bool    // a response with it may carry content
	Caching Caching // whether a cache may keep it
	Repeat  Repeat  // whether repeating the same request is sensible
	Meaning string  // what it says, in one line

	// The header fields that belong to the code.
	Must   []string // demanded by the standard
	As200  []string // demanded if a 200 to the same request would have them (RFC 9110, 15.3.7 and 15.4.5)
	Should []string // recommended, relied on by clients, or demanded in some cases only
	May    []string // of use to whoever receives the code
}

// Caching says whether a cache may store a response with a code and use it for
// later requests, provided that the method and the request allow it at all.
type Caching uint8

// The answers to that question.
const (
	CacheIfTold    Caching = iota // only with an explicit lifetime, or marked public (RFC 9111, 3)
	CacheByDefault                // also without being told for how long (RFC 9110, 15.1; 451: RFC 7725, 3)
	CacheNever                    // whatever the response says
)

var cachingNames = [...]string{CacheIfTold: "if told", CacheByDefault: "by default", CacheNever: "never"}

// String returns "if told", "by default" or "never".
func (c Caching) String() string {
	if int(c) < len(cachingNames) {
		return cachingNames[c]
	}
	return "Caching(" + strconv.Itoa(int(c)) + ")"
}

// MarshalText writes the answer as String returns it.
func (c Caching) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Repeat says whether a client that got a code does well to send the same
// request again.
type Repeat uint8

// The answers to that question.
const (
	RepeatNever   Repeat = iota // there is no need, or the answer would be the same
	RepeatLater                 // after a wait; Retry-After may say how long
	RepeatChanged               // after a change: of credentials, conditions, content, target, or of what is in the way
	RepeatAtOnce                // over another connection, or this one after its TLS handshake
)

var repeatNames = [...]string{RepeatNever: "never", RepeatLater: "later", RepeatChanged: "changed", RepeatAtOnce: "at once"}

// String returns "never", "later", "changed" or "at once".
func (r Repeat) String() string {
	if int(r) < len(repeatNames) {
		return repeatNames[r]
	}
	return "Repeat(" + strconv.Itoa(int(r)) + ")"
}

// MarshalText writes the answer as String returns it.
func (r Repeat) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Class returns what the first digit says (RFC 9110, 15): "Informational",
// "Successful", "Redirection", "Client Error" or "Server Error".
func (c Code) Class() string {
	if class := c.Number / 100; 0 < class && class < len(classNames) {
		return classNames[class]
	}
	return ""
}

var classNames = [...]string{1: "Informational", "Successful", "Redirection", "Client Error", "Server Error"}

// String returns number and name: "404 Not Found".
func (c Code) String() string { return strconv.Itoa(c.Number) + " " + c.Name }

// LookupCode returns what is known of a status code, and whether it stands in
// IANA's registry.
func LookupCode(number int) (Code, bool) {
	if number < 0 || number >= len(rows) || rows[number] == 0 {
		return Code{}, false
	}
	return codes[rows[number]-1], true
}

// Codes yields the codes of the registry in their order.
func Codes() iter.Seq[Code] { return slices.Values(codes[:]) }

// rows holds for each number its row in codes, counted from 1; 0 means none.
var rows = func() (rows [600]uint8) {
	for i, c := range codes {
		rows[c.Number] = uint8(i + 1)
	}
	return rows
}()

// The words of the table.
const (
	may, never = true, false // Content

	byDefault, ifTold, noCache = CacheByDefault, CacheIfTold, CacheNever

	rfc9110 = "RFC 9110"
	rfc4918 = "RFC 4918"
	rfc5842 = "RFC 5842"
	rfc6585 = "RFC 6585"
)

// codes are the registered codes: https://www.iana.org/assignments/http-status-codes.
// Its facts are held against testdata/http-status-codes.csv by a test.
var codes = [...]Code{
	{100, "Continue", Section{rfc9110, "15.2.1"}, never, noCache, RepeatNever, "go on and send the content of the request", nil, nil, nil, nil},
	{101, "Switching Protocols", Section{rfc9110, "15.2.2"}, never, noCache, RepeatNever, "from here on the connection speaks the protocol named in Upgrade", []string{"Upgrade", "Connection"}, nil, nil, nil},
	{102, "Processing", Section{"IANA", ""}, never, noCache, RepeatNever, "the server is still at work; no longer part of WebDAV", nil, nil, nil, nil},
	{103, "Early Hints", Section{"RFC 8297", "2"}, never, noCache, RepeatNever, "fields that the final response will probably have, ahead of it", nil, nil, nil, []string{"Link"}},
	{104, "Upload Resumption Supported", Section{"draft-ietf-httpbis-resumable-upload", ""}, never, noCache, RepeatNever, "should this upload break off, it can be resumed; registered for the time being", nil, nil, nil, []string{"Location", "Upload-Offset", "Upload-Limit"}},

	{200, "OK", Section{rfc9110, "15.3.1"}, may, byDefault, RepeatNever, "the request succeeded and this is its result", nil, nil, nil, []string{"ETag", "Last-Modified", "Cache-Control"}},
	{201, "Created", Section{rfc9110, "15.3.2"}, may, ifTold, RepeatNever, "a new resource is there, at Location or at the target itself", nil, nil, []string{"Location"}, []string{"ETag", "Last-Modified"}},
	{202, "Accepted", Section{rfc9110, "15.3.3"}, may, ifTold, RepeatNever, "the request is accepted but not done yet, and may still fail", nil, nil, nil, []string{"Location", "Retry-After"}},
	{203, "Non-Authoritative Information", Section{rfc9110, "15.3.4"}, may, byDefault, RepeatNever, "as 200, but a proxy has changed the content", nil, nil, nil, []string{"ETag", "Last-Modified", "Cache-Control"}},
	{204, "No Content", Section{rfc9110, "15.3.5"}, never, byDefault, RepeatNever, "the request succeeded and there is nothing more to send", nil, nil, nil, []string{"ETag", "Last-Modified"}},
	{205, "Reset Content", Section{rfc9110, "15.3.6"}, never, ifTold, RepeatNever, "the request succeeded; clear the form that it was sent from", nil, nil, nil, nil},
	{206, "Partial Content", Section{rfc9110, "15.3.7"}, may, byDefault, RepeatNever, "the parts that the Range field asked for", []string{"Content-Range"}, []string{"ETag", "Date", "Cache-Control", "Expires", "Content-Location", "Vary"}, nil, []string{"Last-Modified"}},
	{207, "Multi-Status", Section{rfc4918, "11.1"}, may, ifTold, RepeatNever, "several results; the content gives a status for each", nil, nil, nil, nil},
	{208, "Already Reported", Section{rfc5842, "7.1"}, may, ifTold, RepeatNever, "inside a 207: listed before under another binding", nil, nil, nil, nil},
	{226, "IM Used", Section{"RFC 3229", "10.4.1"}, may, ifTold, RepeatNever, "the difference from what the client has already", []string{"ETag"}, nil, []string{"IM"}, []string{"Delta-Base"}},

	{300, "Multiple Choices", Section{rfc9110, "15.4.1"}, may, byDefault, RepeatChanged, "there are several representations: choose one", nil, nil, []string{"Location"}, []string{"Link", "Retry-After"}},
	{301, "Moved Permanently", Section{rfc9110, "15.4.2"}, may, byDefault, RepeatChanged, "moved for good: use Location from now on; a POST may turn into GET", nil, nil, []string{"Location"}, []string{"Retry-After"}},
	{302, "Found", Section{rfc9110, "15.4.3"}, may, ifTold, RepeatChanged, "for now it is at Location; a POST may turn into GET", nil, nil, []string{"Location"}, []string{"Retry-After"}},
	{303, "See Other", Section{rfc9110, "15.4.4"}, may, ifTold, RepeatNever, "the result can be fetched with GET at Location", nil, nil, []string{"Location"}, []string{"Retry-After"}},
	{304, "Not Modified", Section{rfc9110, "15.4.5"}, never, noCache, RepeatNever, "what the client has is still current", nil, []string{"ETag", "Date", "Cache-Control", "Expires", "Content-Location", "Vary"}, nil, []string{"Last-Modified"}},
	{305, "Use Proxy", Section{rfc9110, "15.4.6"}, may, ifTold, RepeatNever, "deprecated, because it lets a server choose the client's proxy", nil, nil, nil, nil},
	{306, "(Unused)", Section{rfc9110, "15.4.7"}, may, ifTold, RepeatNever, "nothing: reserved, no longer used", nil, nil, nil, nil},
	{307, "Temporary Redirect", Section{rfc9110, "15.4.8"}, may, ifTold, RepeatChanged, "for now it is at Location; repeat the request there as it is", nil, nil, []string{"Location"}, []string{"Retry-After"}},
	{308, "Permanent Redirect", Section{rfc9110, "15.4.9"}, may, byDefault, RepeatChanged, "moved for good: repeat the request at Location as it is", nil, nil, []string{"Location"}, []string{"Retry-After"}},

	{400, "Bad Request", Section{rfc9110, "15.5.1"}, may, ifTold, RepeatChanged, "the request is malformed, or wrong in a way that no other code names", nil, nil, nil, nil},
	{401, "Unauthorized", Section{rfc9110, "15.5.2"}, may, ifTold, RepeatChanged, "valid credentials are missing", []string{"WWW-Authenticate"}, nil, nil, nil},
	{402, "Payment Required", Section{rfc9110, "15.5.3"}, may, ifTold, RepeatChanged, "reserved for payments; its use is each API's own", nil, nil, nil, nil},
	{403, "Forbidden", Section{rfc9110, "15.5.4"}, may, ifTold, RepeatChanged, "understood but refused: these credentials do not suffice", nil, nil, nil, nil},
	{404, "Not Found", Section{rfc9110, "15.5.5"}, may, byDefault, RepeatNever, "there is nothing here, or the server does not admit that there is", nil, nil, nil, nil},
	{405, "Method Not Allowed", Section{rfc9110, "15.5.6"}, may, byDefault, RepeatChanged, "the resource is there, but does not support the method", []string{"Allow"}, nil, nil, nil},
	{406, "Not Acceptable", Section{rfc9110, "15.5.7"}, may, ifTold, RepeatChanged, "there is no representation that the client would accept", nil, nil, nil, nil},
	{407, "Proxy Authentication Required", Section{rfc9110, "15.5.8"}, may, ifTold, RepeatChanged, "valid credentials for the proxy are missing", []string{"Proxy-Authenticate"}, nil, nil, nil},
	{408, "Request Timeout", Section{rfc9110, "15.5.9"}, may, ifTold, RepeatAtOnce, "the request did not arrive whole in the time that the server waits", nil, nil, nil, []string{"Connection"}},
	{409, "Conflict", Section{rfc9110, "15.5.10"}, may, ifTold, RepeatChanged, "the request does not fit the resource's current state", nil, nil, nil, nil},
	{410, "Gone", Section{rfc9110, "15.5.11"}, may, byDefault, RepeatNever, "it was here and is gone, probably for good", nil, nil, nil, nil},
	{411, "Length Required", Section{rfc9110, "15.5.12"}, may, ifTold, RepeatChanged, "the server wants a Content-Length", nil, nil, nil, nil},
	{412, "Precondition Failed", Section{rfc9110, "15.5.13"}, may, ifTold, RepeatChanged, "a condition that the client set, such as If-Match, is false", nil, nil, nil, []string{"ETag"}},
	{413, "Content Too Large", Section{rfc9110, "15.5.14"}, may, ifTold, RepeatChanged, "the content is larger than the server will take", nil, nil, []string{"Retry-After"}, nil},
	{414, "URI Too Long", Section{rfc9110, "15.5.15"}, may, byDefault, RepeatChanged, "the target is longer than the server will read", nil, nil, nil, nil},
	{415, "Unsupported Media Type", Section{rfc9110, "15.5.16"}, may, ifTold, RepeatChanged, "the method on this resource does not take content in that format", nil, nil, nil, []string{"Accept", "Accept-Encoding", "Accept-Patch"}},
	{416, "Range Not Satisfiable", Section{rfc9110, "15.5.17"}, may, ifTold, RepeatChanged, "none of the ranges asked for lies within the content", nil, nil, []string{"Content-Range"}, nil},
	{417, "Expectation Failed", Section{rfc9110, "15.5.18"}, may, ifTold, RepeatChanged, "what the Expect field asks for cannot be met", nil, nil, nil, nil},
	{418, "(Unused)", Section{rfc9110, "15.5.19"}, may, ifTold, RepeatNever, "nothing: reserved because of a joke about teapots", nil, nil, nil, nil},
	{421, "Misdirected Request", Section{rfc9110, "15.5.20"}, may, ifTold, RepeatAtOnce, "this server does not answer for that host: use another connection", nil, nil, nil, nil},
	{422, "Unprocessable Content", Section{rfc9110, "15.5.21"}, may, ifTold, RepeatChanged, "the content is well-formed, but what it says cannot be done", nil, nil, nil, nil},
	{423, "Locked", Section{rfc4918, "11.3"}, may, ifTold, RepeatLater, "the resource is locked", nil, nil, nil, []string{"Retry-After"}},
	{424, "Failed Dependency", Section{rfc4918, "11.4"}, may, ifTold, RepeatChanged, "not done, because another action that it depends on has failed", nil, nil, nil, nil},
	{425, "Too Early", Section{"RFC 8470", "5.2"}, may, ifTold, RepeatAtOnce, "not in TLS early data, which may be replayed: after the handshake", nil, nil, nil, nil},
	{426, "Upgrade Required", Section{rfc9110, "15.5.22"}, may, ifTold, RepeatChanged, "not with this protocol, but with the one named in Upgrade", []string{"Upgrade", "Connection"}, nil, nil, nil},
	{428, "Precondition Required", Section{rfc6585, "3"}, may, noCache, RepeatChanged, "only with a condition such as If-Match, so that no update gets lost", nil, nil, nil, nil},
	{429, "Too Many Requests", Section{rfc6585, "4"}, may, noCache, RepeatLater, "the client has sent too many requests in some time", nil, nil, []string{"Retry-After"}, []string{"RateLimit", "RateLimit-Policy"}},
	{431, "Request Header Fields Too Large", Section{rfc6585, "5"}, may, noCache, RepeatChanged, "one header field or all together are larger than the server will read", nil, nil, nil, nil},
	{451, "Unavailable For Legal Reasons", Section{"RFC 7725", "3"}, may, byDefault, RepeatNever, "the law, or somebody with its help, demands that access be denied", nil, nil, []string{"Link"}, nil},

	{500, "Internal Server Error", Section{rfc9110, "15.6.1"}, may, ifTold, RepeatLater, "the server failed in a way that it did not expect", nil, nil, nil, nil},
	{501, "Not Implemented", Section{rfc9110, "15.6.2"}, may, byDefault, RepeatNever, "the server does not know that method for any resource", nil, nil, nil, nil},
	{502, "Bad Gateway", Section{rfc9110, "15.6.3"}, may, ifTold, RepeatLater, "the server behind the gateway gave an invalid answer", nil, nil, nil, []string{"Proxy-Status", "Retry-After"}},
	{503, "Service Unavailable", Section{rfc9110, "15.6.4"}, may, ifTold, RepeatLater, "overloaded or under maintenance, for some time", nil, nil, []string{"Retry-After"}, nil},
	{504, "Gateway Timeout", Section{rfc9110, "15.6.5"}, may, ifTold, RepeatLater, "the server behind the gateway did not answer in time", nil, nil, nil, []string{"Proxy-Status", "Retry-After"}},
	{505, "HTTP Version Not Supported", Section{rfc9110, "15.6.6"}, may, ifTold, RepeatChanged, "not with this major version of HTTP", nil, nil, nil, nil},
	{506, "Variant Also Negotiates", Section{"RFC 2295", "8.1"}, may, ifTold, RepeatNever, "the server's content negotiation is configured in a circle", nil, nil, nil, nil},
	{507, "Insufficient Storage", Section{rfc4918, "11.5"}, may, ifTold, RepeatLater, "there is no room to store what the request would have stored", nil, nil, nil, []string{"Retry-After"}},
	{508, "Loop Detected", Section{rfc5842, "7.2"}, may, ifTold, RepeatNever, "the operation came upon an endless loop and was ended", nil, nil, nil, nil},
	{510, "Not Extended", Section{"IANA", ""}, may, ifTold, RepeatChanged, "the request lacks a mandatory extension; obsolete", nil, nil, nil, nil},
	{511, "Network Authentication Required", Section{rfc6585, "6"}, may, noCache, RepeatChanged, "the network wants a log-in first; no origin server says this", nil, nil, nil, nil},
}
