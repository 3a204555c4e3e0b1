package statute

import "slices"

// Case is why the checker sent a request: what is wrong with it on purpose, if
// anything, and what it is compared with.
type Case struct {
	Cause     Cause
	In        string    // where the cause lies: "path", "query", "header", "body", "tls"; "" if nowhere in particular
	Detail    string    // the cause in this request: `qty is "x", an integer is declared`
	Control   *Exchange // a like request that succeeded and lacks the cause; nil if none did
	Elsewhere *Exchange // an earlier answer to another request: see ReadDeleted, Permitted, FalseCredentials, NotTheOwner; nil if there is none
	Principal Principal
}

// Principal is whose credentials a request carried.
type Principal string

// The principals.
const (
	Nobody Principal = "none"  // no credentials, though there are some to give
	False  Principal = "false" // credentials that cannot be right
	Full   Principal = "full"  // the credentials that the user gave; also an API that needs none
	Low    Principal = "low"   // credentials that are right and lack rights
	Other  Principal = "other" // credentials of a second owner, with the same rights as Full
)

// Genuine reports whether the principal's credentials are right.
func (p Principal) Genuine() bool { return p == Full || p == Low || p == Other }

// Cause is what a request is about, in the words of reports. Causes from
// NoCredentials on are faults that the client makes on purpose.
type Cause string

// The causes. For those of requests that are right the comment says what to
// expect; for the others see [Cause.Right].
const (
	// Requests that are right.
	Valid       Cause = "valid request"                           // 2xx, 3xx
	Create      Cause = "create"                                  // 201
	ReadBack    Cause = "read back"                               // 200
	Change      Cause = "change"                                  // 200, 204
	Delete      Cause = "delete"                                  // 200, 202, 204
	ReadDeleted Cause = "read after delete"                       // 404, 410; Elsewhere is the answer to an unknown id
	DeleteAgain Cause = "delete again"                            // 404, 410, 2xx
	Duplicate   Cause = "the same create again"                   // 409; 2xx where it need not be unique
	Head        Cause = "HEAD beside GET"                         // as the GET
	Options     Cause = "OPTIONS"                                 // 200, 204, 405, 501
	Unchanged   Cause = "If-None-Match with the ETag just served" // 304
	Changed     Cause = "If-None-Match with another ETag"         // 200
	Part        Cause = "Range"                                   // 206, 200
	BeyondEnd   Cause = "Range beyond the end"                    // 416, 200
	OldPart     Cause = "If-Range with a false ETag"              // 200
	PutAgain    Cause = "the same PUT again"                      // 200, 204; Control is the first one
	MergePatch  Cause = "merge patch"                             // 200, 204
	Chunked     Cause = "chunked content"                         // as without; Control is the same with Content-Length
	Expected    Cause = "Expect: 100-continue"                    // as without, 417; the content went after a 100, or after a wait of a second
	OtherSlash  Cause = "a slash at the path's end more or less"  // 2xx, 301, 308, 404
	Preflight   Cause = "CORS preflight"                          // 200, 204
	Version     Cause = "another version of HTTP"                 // as over HTTP/1.1, 421, 505; Control is the same over that
	Burst       Cause = "burst"                                   // as alone, 429
	AfterWait   Cause = "after the wait that was told"            // as before the burst; nothing else was sent since the refusal
	Handshake   Cause = "WebSocket handshake"                     // 101, 4xx
	Procedure   Cause = "JSON-RPC call of what does not exist"    // 200 with error -32601 (JSON-RPC 2.0, 5.1); 204, 202 for a notification
	Permitted   Cause = "fewer rights"                            // 2xx, 403, 404; Control is the same as Full, Elsewhere accepted these credentials

	// Requests that are wrong on purpose.
	NoCredentials        Cause = "no credentials"
	FalseCredentials     Cause = "false credentials" // Elsewhere, if there is one, refused the same without any; so with malformed ones
	MalformedCredentials Cause = "malformed credentials"
	NotTheOwner          Cause = "another owner's resource"     // Control is the same as the owner, Elsewhere kept Other from that resource, or is a list that lacks it in Other's eyes alone
	WrongPassword        Cause = "log-in with a wrong password" // Control is the same with the right one
	MalformedJSON        Cause = "malformed JSON"
	MalformedContent     Cause = "malformed content" // of another kind than JSON
	MissingContent       Cause = "no content"
	WrongMediaType       Cause = "unsupported media type"
	MissingField         Cause = "missing required field"
	WrongType            Cause = "wrong type"
	OutOfRange           Cause = "value out of range"
	AgainstPattern       Cause = "value against the pattern"
	NotInEnum            Cause = "value not in the enum"
	UnknownMember        Cause = "member that is not allowed"
	UnknownID            Cause = "unknown id"
	IllFormedID          Cause = "ill-formed id"
	UnsupportedMethod    Cause = "unsupported method"
	UnknownMethod        Cause = "unknown method"
	FalseIfMatch         Cause = "If-Match with a false ETag"
	OldDate              Cause = "If-Unmodified-Since with a date before the last change"
	UnknownPath          Cause = "unknown path"
	NotAcceptable        Cause = "media type that cannot be had"
	NoHandshake          Cause = "no handshake where a WebSocket is"
	BadDocument          Cause = "GraphQL document that cannot be executed"
	MutationByGet        Cause = "GraphQL mutation by GET"
	BadFraming           Cause = "contradicting framing"
	NoHost               Cause = "HTTP/1.1 without Host"
	TwoHosts             Cause = "HTTP/1.1 with two Host lines"
	LongTarget           Cause = "very long target"
	LongFields           Cause = "very large header section"
	LargeContent         Cause = "very large content"
)

// rightAnswers are the codes that are right for a request that is wrong on
// purpose. What is right for one cause alone stands in that cause's rule.
var rightAnswers = map[Cause][]int{
	NoCredentials:        {401},
	FalseCredentials:     {401},
	MalformedCredentials: {401, 400}, // RFC 6750, 3.1
	NotTheOwner:          {403, 404},
	WrongPassword:        {401},
	MalformedJSON:        {400, 422},
	MalformedContent:     {400, 422},
	MissingContent:       {400, 411, 415, 422},
	WrongMediaType:       {415},
	MissingField:         {400, 422},
	WrongType:            {400, 422},
	OutOfRange:           {400, 422},
	AgainstPattern:       {400, 422},
	NotInEnum:            {400, 422},
	UnknownMember:        {400, 422},
	UnknownID:            {404, 410},
	IllFormedID:          {400, 404, 410, 422},
	UnsupportedMethod:    {405, 501},
	UnknownMethod:        {501, 405},
	FalseIfMatch:         {412},
	OldDate:              {412},
	UnknownPath:          {404},
	NotAcceptable:        {406},
	NoHandshake:          {426, 400},
	BadDocument:          {400, 422, 200}, // 200 as application/json
	MutationByGet:        {405},
	BadFraming:           {400},
	NoHost:               {400},
	TwoHosts:             {400},
	LongTarget:           {414},
	LongFields:           {431},
	LargeContent:         {413},
}

// Wrong reports whether a request with that cause is wrong on purpose.
func (c Cause) Wrong() bool { return rightAnswers[c] != nil }

// Invalid reports whether the cause is a value that the description forbids.
func (c Cause) Invalid() bool {
	switch c {
	case MissingContent, MissingField, WrongType, OutOfRange, AgainstPattern, NotInEnum, UnknownMember:
		return true
	}
	return false
}

// Right returns the codes that are right for a request that is wrong on
// purpose; nil for any other cause.
func (c Cause) Right() []int { return slices.Clone(rightAnswers[c]) }

// IsRight reports whether a code is right for a request that is wrong on
// purpose.
func (c Cause) IsRight(code int) bool { return slices.Contains(rightAnswers[c], code) }
