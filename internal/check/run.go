package check

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/internal/wire"
)

// run is one run of the checker.
type run struct {
	Config
	client       *wire.Client
	yield        func(*statute.Exchange)
	values       *values
	operations   []*operation
	instances    []*instance
	named        identities
	links        map[string]map[string]string // what links say of the parameters of an operation
	did          map[string]any               // values of parameters that succeeded somewhere, by place and name
	result       *Result
	start        time.Time
	turn         sync.Mutex // see sideBySide
	next         time.Time  // no request goes out before
	parties      map[statute.Principal]*party
	bare         *wire.Client                            // without a certificate, where Full has nothing else; nil elsewhere
	walled       bool                                    // the server speaks to nobody without a certificate
	admitting    *statute.Exchange                       // let Low in, where nobody is without credentials
	refused      map[statute.Operation]*statute.Exchange // kept Other from what this run made as Full
	admitted     map[statute.Operation]bool              // answered otherwise than by 429
	limited      statute.Operation                       // of the last answer, if that was a 429
	waits        int                                     // because of a 429
	failures     int                                     // connections in a row that could not be made
	dead         error
	announced    bool
	daring       bool          // what the user wants sent is sent, whatever it acts on
	brokenEscape bool          // a broken percent-encoding was tried
	traced       int           // paths on which TRACE was tried
	tagged       int           // operations on which If-None-Match was tried in all its forms
	dated        int           // ... If-Modified-Since
	ranged       int           // ... ranges
	overtaken    int           // ... lost updates
	asOrigin     int           // ... requests from another origin
	negotiated   int           // ... media types that cannot be had
	indifferent  int           // ... errors to clients that accept anything
	slashed      int           // ... a slash more or less
	framed       int           // ... chunked content
	expected     bool          // Expect was tried
	versions     []string      // of HTTP, later than 1.1, that the server speaks; nil: not asked yet
	compared     int           // operations on which they were tried
	waited       time.Duration // for what the server had accepted
}

// Run checks an API and yields every exchange in the order sent. It returns an
// error if the server cannot be reached, or not any more; the result then says
// how far it came. Whatever happens, what the run made is deleted at the end.
func Run(ctx context.Context, c Config, yield func(*statute.Exchange)) (*Result, error) {
	r := newRun(c, yield)
	defer r.leave()
	if err := r.enter(ctx); err != nil {
		return r.result, err
	}
	r.turn.Lock()
	r.plan()
	r.controls(ctx)
	r.protocols(ctx)
	r.cases(ctx, r.operations)
	r.rights(ctx)
	r.wrongPassword(ctx)
	r.lives(ctx)
	r.serverCases(ctx)
	r.shrink(ctx)
	r.risks(ctx)
	r.cleanUp(ctx)
	r.result.Made = r.made()
	r.burst(ctx)
	r.over(ctx) // also an interrupt at the very end is one
	own := r.ownLogin()
	for _, op := range r.operations {
		last := op.outcome.Last
		switch {
		case op.outcome.State == statute.Reached && (op.Secured() || !r.describesSecurity()):
			r.result.Admitted++
		case op.outcome.State == statute.Unreached && op.Operation.Operation == own: // by users that were made up
			op.outcome.State, op.outcome.Why, op.outcome.Last = statute.Reached, "", r.parties[statute.Full].entry
		case op.outcome.State == statute.Unreached && last != nil && (last.Response.Status == 401 || last.Response.Status == 403):
			r.result.Refused++
		}
		r.result.Operations = append(r.result.Operations, *op.outcome)
	}
	r.result.Elapsed = time.Since(r.start)
	return r.result, r.dead
}

// newRun returns a run that has not begun.
func newRun(c Config, yield func(*statute.Exchange)) *run {
	start := time.Now()
	c.MaxPerOperation = cmp.Or(c.MaxPerOperation, 40)
	c.Timeout = cmp.Or(c.Timeout, 10*time.Second)
	c.Parallel = cmp.Or(c.Parallel, 4)
	entries := 0
	r := &run{
		Config: c,
		client: wire.New(c.Base, c.Timeout),
		start:  start,
		yield: func(x *statute.Exchange) {
			x.Source.Entry = entries
			entries++
			yield(x)
		},
		values:   &values{given: c.Values, tag: strconv.FormatInt(start.UnixMilli()%(36*36*36*36), 36), now: start},
		named:    identities{},
		links:    map[string]map[string]string{},
		did:      map[string]any{},
		parties:  map[statute.Principal]*party{},
		refused:  map[statute.Operation]*statute.Exchange{},
		admitted: map[statute.Operation]bool{},
		result:   &Result{},
	}
	r.client.TLS, r.client.Dial = r.security(c.Full.Certificate), c.Dial
	return r
}

// plan takes the operations from the description; without one, the base itself
// is the one operation.
func (r *run) plan() {
	described := []*openapi.Operation{{Operation: statute.Operation{Method: "GET", Path: r.Base.Path}}}
	if r.Description != nil {
		described = r.Description.Operations
	}
	for _, d := range described {
		op := &operation{Operation: d, effect: effectOf(d, described), calls: isProcedure(d.Path, described)}
		if op.speaks = r.protocolOf(op); op.speaks != none {
			op.effect = reads
		}
		if r.Description != nil {
			op.declared = d.Declared()
		}
		op.outcome = &statute.Outcome{Operation: d.Operation}
		if why := r.leaveOut(op); why != "" {
			op.outcome.State, op.outcome.Why = statute.Skipped, why
		}
		r.operations = append(r.operations, op)
	}
}

// send sends one request, yields the exchange, and returns it.
func (r *run) send(ctx context.Context, o statute.Operation, declared *statute.Declared, request statute.Request, why statute.Case) *statute.Exchange {
	if why.Principal == "" {
		why.Principal = statute.Full
	}
	x := &statute.Exchange{
		Request:   request,
		Operation: o,
		Declared:  declared,
		Case:      &why,
	}
	if !x.Request.Safe() && !r.announced {
		r.announced = true
		if r.Announce != nil {
			r.Announce(r.unsafeMethods())
		}
	}
	x, err := r.exchange(ctx, x)
	if err != nil {
		x.Error = err.Error()
		if r.clientOf(why.Principal) == r.bare && r.bare != nil {
			r.walled = true
		} else if r.failures++; ctx.Err() == nil && (r.failures == 3 || r.result.Requests == 1) {
			r.dead = fmt.Errorf("connecting to %s: %w", r.client.Address, err)
		}
	} else {
		r.failures = 0
	}
	r.yield(x)
	return x
}

// strays reports whether a target leads elsewhere than to what the template
// stands for: a parameter is empty, or steps up the path.
func strays(template, target string) bool {
	path, _, _ := strings.Cut(target, "?")
	if strings.HasSuffix(path, "/") && !strings.HasSuffix(template, "/") && template != "" {
		return true
	}
	for segment := range strings.SplitSeq(path, "/") {
		if plain, err := url.PathUnescape(segment); err == nil {
			segment = plain
		}
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// unsafeMethods lists the unsafe methods that the run will use.
func (r *run) unsafeMethods() []string {
	var methods []string
	for _, op := range r.operations {
		if !statute.SafeMethod(op.Method) && op.outcome.State != statute.Skipped && !slices.Contains(methods, op.Method) {
			methods = append(methods, op.Method)
		}
	}
	slices.Sort(methods)
	return methods
}

// try sends a call of an operation within the operation's budget; nil when that
// is spent.
func (r *run) try(ctx context.Context, op *operation, request statute.Request, why statute.Case) *statute.Exchange {
	if strays(op.Path, request.Target) || !r.spend(ctx, op) {
		return nil
	}
	return r.send(ctx, op.Operation.Operation, op.declared, request, why)
}

// spend takes one request from the operation's budget, if there is one left.
func (r *run) spend(ctx context.Context, op *operation) bool {
	if op.sent >= r.MaxPerOperation || r.over(ctx) {
		return false
	}
	op.sent++
	return true
}

// progress tells the caller how far the run is.
func (r *run) progress(op *operation, done int) {
	if r.Progress != nil {
		r.Progress(Progress{Operation: op.Operation.Operation, Done: done, All: len(r.operations), Requests: r.result.Requests})
	}
}
