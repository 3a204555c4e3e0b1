package statute

import (
	"strings"
	"time"
)

// Exchange is one request and its final response, as close to the wire as its
// source could record it. What the source did not record is told by Seen:
// absent is not unseen.
type Exchange struct {
	Source   Source
	Seen     Seen
	Request  Request
	Interim  []Response // 1xx responses, in order
	Response Response   // Status is 0 when no final response came

	// Error says why there is no whole response: "timeout: no answer within 5s",
	// "connection reset". Empty when all went well.
	Error string

	Start time.Time
	Took  time.Duration

	Operation Operation // zero when unknown
	Declared  *Declared // what the API's description says of the operation; nil when unknown
	Case      *Case     // why the checker sent it; nil in recorded traffic
}

// Source says where an exchange comes from.
type Source struct {
	File  string // "" for exchanges that Statute itself sent
	Entry int    // counted from 0 in the file's own order, or in the order sent
	Line  int    // where the entry begins in the file, counted from 1; 0 if unknown
}

// Request is a request as it was sent.
type Request struct {
	Method    string
	Scheme    string // "http" or "https"; "" when unknown
	Authority string // host and port, from the target or from Host
	Target    string // as in the request line: "/orders?limit=2", "*"
	Proto     string // "HTTP/1.1", "HTTP/2"; "" when unknown
	Fields    Fields
	Body      Body
}

// Response is a response as it came.
type Response struct {
	Status  int // 100 to 599; whatever three digits came; 0 for no answer
	Reason  string
	Proto   string
	Fields  Fields
	Trailer Fields
	Body    Body
}

// Body is the content of a message.
type Body struct {
	// Bytes are the content without its transfer coding and, where its source
	// knows them, its content codings, up to the source's limit. After a HEAD, 1xx,
	// 204 or 304 they are what should not be there.
	Bytes []byte
	Size  int64 // of the whole content in bytes, as it was sent: it may be coded
	Cut   bool  // Bytes are not the whole content
}

// Empty reports whether there is no content at all.
func (b Body) Empty() bool { return b.Size == 0 && len(b.Bytes) == 0 }

// Path returns the path of the target, without its query and still
// percent-encoded.
func (r *Request) Path() string {
	path, _, _ := strings.Cut(r.Target, "?")
	if i := strings.Index(path, "://"); i > 0 && path[0] != '/' { // absolute-form
		if slash := strings.IndexByte(path[i+3:], '/'); slash >= 0 {
			return path[i+3+slash:]
		}
		return "/"
	}
	return path
}

// Query returns the query of the target without its question mark.
func (r *Request) Query() string {
	_, query, _ := strings.Cut(r.Target, "?")
	return query
}

// URL returns the absolute address asked for, as far as it is known.
func (r *Request) URL() string {
	origin := strings.HasPrefix(r.Target, "/") // its query may hold another URL
	if !origin && strings.Contains(r.Target, "://") || r.Authority == "" {
		return r.Target
	}
	scheme := r.Scheme
	if scheme == "" {
		scheme = "http"
	}
	if !origin {
		return scheme + "://" + r.Authority + "/" + r.Target
	}
	return scheme + "://" + r.Authority + r.Target
}

// Safe reports whether the method is safe (RFC 9110, 9.2.1).
func (r *Request) Safe() bool { return SafeMethod(r.Method) }

// SafeMethod reports whether a method is safe (RFC 9110, 9.2.1): read-only as
// far as its sender can tell.
func SafeMethod(method string) bool {
	switch method {
	case "GET", "HEAD", "OPTIONS", "TRACE", "QUERY": // QUERY: RFC 10008
		return true
	}
	return false
}

// MediaType returns the media type of the content, in lower case and without
// parameters, or "".
func (r *Response) MediaType() string { return MediaType(r.Fields.Get("Content-Type")) }

// MediaType returns the media type of the content, in lower case and without
// parameters, or "".
func (r *Request) MediaType() string { return MediaType(r.Fields.Get("Content-Type")) }

// Class returns the hundreds of the status: 2 for 204.
func (r *Response) Class() int { return r.Status / 100 }

// Seen is the set of parts of an exchange that its source recorded. A Rule
// uses the same words for the parts it needs.
type Seen uint16

// The parts of an exchange. Method, target and status are always there.
const (
	SeenRequestFields Seen = 1 << iota // all request field lines
	SeenRequestBody                    // the request content
	SeenFields                         // all response field lines
	SeenBody                           // the response content
	SeenWire                           // the exact bytes: what follows a HEAD, 204 or 304; framing and hop-by-hop fields
	SeenInterim                        // 1xx responses
	SeenCause                          // why the request was sent (Case)
	SeenControl                        // a like request that succeeded (Case.Control)
	SeenDeclared                       // what the description says (Declared)
	SeenSchemas                        // what it says of content (Declared.Content)

	// SeenAll is everything that can be seen of one exchange from outside.
	SeenAll = SeenRequestFields | SeenRequestBody | SeenFields | SeenBody | SeenWire | SeenInterim
)

// Known returns all that is known of the exchange: what its source recorded and,
// where it has a Case or is Declared, that.
func (x *Exchange) Known() Seen {
	known := x.Seen
	if x.Case != nil {
		known |= SeenCause
		if x.Case.Control != nil {
			known |= SeenControl
		}
	}
	if x.Declared != nil {
		known |= SeenDeclared
		if x.Declared.Content != nil {
			known |= SeenSchemas
		}
	}
	return known
}

var seenNames = [...]string{
	"request header fields", "request content", "header fields", "content", "bytes as on the wire",
	"interim responses", "cause of the request", "control exchange", "description", "described content",
}

// Has reports whether all the parts are in the set.
func (s Seen) Has(parts Seen) bool { return s&parts == parts }

// String lists the parts in words: "header fields, content".
func (s Seen) String() string {
	var names []string
	for i, name := range seenNames {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// Operation is a method and a path template: GET /orders/{id}.
type Operation struct {
	Method string
	Path   string
}

// String returns "GET /orders/{id}", or "" for the zero Operation.
func (o Operation) String() string {
	if o == (Operation{}) {
		return ""
	}
	return o.Method + " " + o.Path
}

// OperationOf returns the operation of an exchange; where none is known, its
// method and path.
func OperationOf(x *Exchange) Operation {
	if x.Operation == (Operation{}) {
		return Operation{x.Request.Method, x.Request.Path()}
	}
	return x.Operation
}

// Declared is what an API's description says of an operation.
type Declared struct {
	Responses []string // "200", "4XX", "default"
	Secured   bool     // credentials are demanded: no empty alternative among the requirements
	Inherited bool     // Secured is said of all operations at once, not of this one

	// Content returns in one line what contradicts the description in the content
	// of an answer, "" if nothing does; nil if schemas are not known.
	Content func(*Response) string
}

// Names reports whether the description lists that very code.
func (d *Declared) Names(code int) bool {
	if d == nil {
		return false
	}
	for _, r := range d.Responses {
		if len(r) == 3 && r[0] == byte('0'+code/100) && r[1] == byte('0'+code/10%10) && r[2] == byte('0'+code%10) {
			return true
		}
	}
	return false
}

// Covers reports whether the description lists the code, its class ("2XX") or
// "default".
func (d *Declared) Covers(code int) bool {
	if d == nil {
		return false
	}
	for _, r := range d.Responses {
		if r == "default" || len(r) == 3 && r[0] == byte('0'+code/100) && strings.EqualFold(r[1:], "XX") {
			return true
		}
	}
	return d.Names(code)
}
