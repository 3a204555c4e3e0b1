// Package check sends an API the requests that go wrong in production: a
// control that succeeds for each operation, then cases that differ from it in
// one thing, each with its cause. It judges nothing: it yields exchanges.
package check

import (
	"crypto/x509"
	"net/url"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/internal/wire"
)

// Config says what to check and how.
type Config struct {
	Description *openapi.Description // nil: Base itself is one GET operation
	Base        *url.URL             // operations' paths are appended to its path
	Fields      statute.Fields       // go with every request
	Full        Identity             // left out or falsified where a case asks for it
	Low         Identity             // with fewer rights than Full
	Other       Identity             // with the same rights, and other resources of its own
	Expired     []Credential         // of Full, good no more
	Roots       *x509.CertPool       // who vouches for the server; nil means the system's
	Dial        wire.Dial            // how to connect to Base; nil means over TCP
	Values      map[string]string    // values the user gives for parameters and fields, by name

	Only  []string // operations to check, all if none: "GET /orders", with * for any characters
	Skip  []string // operations to leave out
	Risky []string // operations to check though their names speak of harm
	Write bool     // send unsafe methods too

	Exhaustive bool   // falsify credentials in every way on every operation
	HTTP2      bool   // compare with HTTP/2 also where the connection is not secured, by prior knowledge
	Burst      int    // copies of one read to send at once, to see what a limit says; 0 means none
	BurstOn    string // the operation to send them to, as in Only; "" means the first that demands no parameters
	HTTP3      bool   // compare with HTTP/3, on the same port

	// Failed reports whether the content of a 2xx says that the request failed:
	// such an answer is no success. It may be nil.
	Failed func(*statute.Exchange) bool

	MaxPerOperation int           // requests for one operation; 0 means 40
	MaxRequests     int           // in all, cleaning up aside; 0 means no limit
	MaxTime         time.Duration // in all, cleaning up aside; 0 means no limit
	Timeout         time.Duration // for one exchange; 0 means 10 s
	PerSecond       float64       // requests a second at most; 0 means no limit
	Parallel        int           // reads under way at the same time; 0 means 4

	// Proofs is called once, before what the run made is deleted: it returns the
	// exchanges whose requests are to be made smaller. It may be nil.
	Proofs func() []Proof

	// Secret is called with each secret that comes to light: what a log-in gave,
	// and what is made of credentials. It may be nil.
	Secret func(string)

	// Announce is called once before the first unsafe request, with the methods
	// that will be used. Progress is called as work goes on. Either may be nil.
	Announce func(methods []string)
	Progress func(Progress)
}

// Progress is how far a run has come.
type Progress struct {
	Operation statute.Operation // the one in work
	Done      int               // operations
	All       int
	Requests  int
}

// Result is what a run did, beside the exchanges it yielded.
type Result struct {
	Operations []statute.Outcome // in the description's order
	Made       []Made            // what the run created and knows the path of
	Leftover   []string          // URLs of what the run created and could not delete
	Requests   int
	Refused    int // operations whose last answer to the user's credentials was 401 or 403
	Admitted   int // operations reached among those that may demand credentials
	Elapsed    time.Duration
	Limited    int      // answers 429 to requests that were not sent to provoke one
	Unspoken   []string // versions of HTTP that were asked for and that the server does not speak: "HTTP/3"
	Burst      string   // what came of the burst; "" if none was asked for
	Ended      string   // why the run ended before its time: "interrupted"; "" if it did not
}
