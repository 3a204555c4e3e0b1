package check

import (
	"cmp"
	"context"
	"crypto/tls"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/wire"
)

// Identity is what proves who somebody is. The zero Identity is that of nobody.
type Identity struct {
	Credentials []Credential
	Login       *Login           // gives further ones; nil if none is needed
	Certificate *tls.Certificate // the client's in TLS; nil if none is needed
}

// party is a principal of this run.
type party struct {
	Identity
	client   *wire.Client
	entry    *statute.Exchange // the latest log-in, without its secrets
	gained   []Credential      // by it
	until    time.Time         // when that expires; zero if nobody knows
	accepted bool              // since the log-in
	proof    *statute.Request  // a read that succeeded, and is refused without credentials; nil if none is known
	futile   int               // log-ins in a row that changed nothing
}

// prove notes an answer by which it can be told whether the credentials are still
// good: to a read that is refused without them.
func (p *party) prove(op *operation, x *statute.Exchange) {
	if p.proof == nil && op.closed && op.Method == "GET" && op.effect == reads {
		p.proof = &x.Request
	}
}

// enter brings in the principals that have an identity, and logs them in.
func (r *run) enter(ctx context.Context) error {
	for _, p := range []struct {
		who statute.Principal
		Identity
	}{{statute.Full, r.Full}, {statute.Low, r.Low}, {statute.Other, r.Other}} {
		if p.who != statute.Full && len(p.Credentials) == 0 && p.Login == nil && p.Certificate == nil {
			continue
		}
		in := &party{Identity: p.Identity, client: r.client}
		if p.Certificate != r.Full.Certificate {
			in.client = wire.New(r.Base, r.Timeout)
			in.client.TLS, in.client.Dial = r.security(p.Certificate), r.Dial
		}
		r.parties[p.who] = in
		if p.who == statute.Full && p.Certificate != nil && len(p.Credentials) == 0 && p.Login == nil {
			r.bare = wire.New(r.Base, r.Timeout)
			r.bare.TLS, r.bare.Dial = r.security(nil), r.Dial
		}
		if in.Login == nil {
			continue
		}
		if err := r.logIn(ctx, in); err != nil {
			return err
		}
	}
	return nil
}

// leave closes the connections of all principals.
func (r *run) leave() {
	r.client.Close()
	if r.bare != nil {
		r.bare.Close()
	}
	for _, p := range r.parties {
		p.client.Close()
	}
}

// clientOf returns the connections of a principal. Those of Nobody lack the
// certificate where that is all that Full proves itself by; else false credentials
// and none go over Full's, so that nothing but these is in question.
func (r *run) clientOf(who statute.Principal) *wire.Client {
	switch p := r.parties[who]; {
	case p != nil:
		return p.client
	case who == statute.Nobody && r.bare != nil:
		return r.bare
	}
	return r.client
}

// security returns how to speak TLS as somebody with that certificate.
func (r *run) security(certificate *tls.Certificate) *tls.Config {
	c := &tls.Config{RootCAs: r.Roots}
	if certificate != nil {
		c.Certificates = []tls.Certificate{*certificate}
	}
	return c
}

// credentials returns what goes with the requests of a principal.
func (r *run) credentials(who statute.Principal) []Credential {
	switch p := r.parties[who]; {
	case p != nil:
		return slices.Concat(p.Credentials, p.gained)
	case who == statute.False:
		return r.forgeries()[0].credentials
	}
	return nil
}

// identify adds the credentials of a principal.
func (r *run) identify(target string, lines statute.Fields, who statute.Principal) (string, statute.Fields) {
	for _, c := range r.credentials(who) {
		target, lines = c.attach(target, lines)
	}
	return target, lines
}

// secret tells the user's redactor of a secret.
func (r *run) secret(value string) {
	if r.Secret != nil {
		r.Secret(value)
	}
}

// caseOf returns the case of a request that succeeded as Full and is sent as
// another principal.
func (r *run) caseOf(who statute.Principal, control *statute.Exchange) statute.Case {
	why := statute.Case{Cause: statute.FalseCredentials, Control: control, Principal: who}
	switch who {
	case statute.Nobody:
		why.Cause = statute.NoCredentials
		if r.bare != nil {
			why.In, why.Detail = "tls", "no client certificate"
		}
	case statute.Low:
		why.Cause, why.Elsewhere = statute.Permitted, r.admitting
	case statute.Other:
		why.Cause, why.Elsewhere = statute.NotTheOwner, r.withheld(control.Operation)
	}
	return why
}

// strangers are the principals that lack a right to an operation that Full has.
func (r *run) strangers(op *operation) []statute.Principal {
	if !r.secures(op) {
		return nil
	}
	var all []statute.Principal
	if r.guarded(op) {
		all = append(all, statute.Nobody)
		if r.bare == nil {
			all = append(all, statute.False)
		}
	}
	for _, who := range []statute.Principal{statute.Low, statute.Other} {
		if r.parties[who] != nil {
			all = append(all, who)
		}
	}
	return all
}

// rights sends what succeeded as Full as the principals with other rights. It
// does no harm: what it changes is what this run made, and what it makes is
// deleted again.
func (r *run) rights(ctx context.Context) {
	var reading, others []*operation
	for _, op := range r.operations {
		switch {
		case op.control == nil || op.Method == "DELETE" || !r.secures(op) || isLogin(op):
		case op.Method == "GET" && op.effect == reads:
			reading = append(reading, op)
		case op.effect != changes || op.from != nil && op.from.made && !op.from.gone:
			others = append(others, op)
		}
	}
	if r.parties[statute.Low] != nil {
		r.asLow(ctx, reading, others)
	}
	if r.parties[statute.Other] != nil {
		r.asOther(ctx, append(reading, others...))
	}
}

// asLow sends what succeeded as Full as Low. That Low's credentials are good is
// shown first, by a success where nobody is let in without credentials.
func (r *run) asLow(ctx context.Context, reading, others []*operation) {
	var early []*operation // refused with 401 before that
	try := func(op *operation) {
		c := r.repeat(op)
		x := r.try(ctx, op, r.request(c, statute.Low), r.caseOf(statute.Low, op.control))
		r.keep(c, x)
		switch {
		case x == nil || r.admitting != nil:
		case x.Response.Class() == 2 && op.closed:
			r.admitting = x
			r.parties[statute.Low].prove(op, x)
		case x.Response.Status == http.StatusUnauthorized:
			early = append(early, op)
		}
	}
	for len(reading) > 0 && r.admitting == nil {
		try(reading[0])
		reading = reading[1:]
	}
	r.sideBySide(reading, try)
	for _, op := range others {
		try(op)
	}
	if r.admitting == nil {
		return
	}
	for _, op := range early {
		if op.effect == reads {
			try(op)
		}
	}
}

// asOther sends what Full did to resources that this run made as Other: first
// what reads the resource itself, for the answer to that says whose it is.
func (r *run) asOther(ctx context.Context, operations []*operation) {
	var shown []*operation
	own := func(op *operation) bool { return op.from != nil && op.from.template == op.Path }
	slices.SortStableFunc(operations, func(a, b *operation) int {
		return cmp.Or(cmp.Compare(a.effect, b.effect), cmp.Compare(strings.Count(a.Path, "/"), strings.Count(b.Path, "/")))
	})
	for _, op := range operations {
		if i := op.from; i == nil || !i.made || i.gone || i.maker() != statute.Full {
			continue
		}
		c := r.repeat(op)
		x := r.try(ctx, op, r.request(c, statute.Other), r.caseOf(statute.Other, op.control))
		r.keep(c, x)
		if x != nil && x.Response.Class() == 2 && own(op) && op.Method == "GET" {
			shown = append(shown, op)
		}
		if x == nil || x.Response.Status != http.StatusForbidden && x.Response.Status != http.StatusNotFound {
			continue
		}
		r.refused[op.Operation.Operation] = x
		if names := params(op.Path); own(op) && op.Method == "GET" && x.Response.Status == http.StatusForbidden {
			last := names[len(names)-1]
			c.path[last] = r.alike(c.path[last])
			r.try(ctx, op, r.request(c, statute.Other), statute.Case{
				Cause: statute.UnknownID, In: "path", Detail: last + " is " + short(c.path[last]), Control: x, Principal: statute.Other,
			})
		}
	}
	for _, op := range shown { // once more, now that it is known what else was refused
		if list := r.listedApart(ctx, op); list != nil {
			why := r.caseOf(statute.Other, cmp.Or(op.from.read, op.control))
			why.Elsewhere = list
			r.try(ctx, op, r.request(op.call, statute.Other), why)
		}
	}
}

// listedApart returns a list that Other was shown and in which that is not which a
// GET reads, while Full is shown it in the same list; nil if there is no such list,
// if nobody needs credentials for the GET, or if Other may write there: then it is
// shared. The list of Full is its control.
func (r *run) listedApart(ctx context.Context, op *operation) *statute.Exchange {
	collection, _ := splitLast(op.Path)
	list := r.operation("GET", collection)
	if !op.closed || list == nil || list.control == nil || list.effect != reads {
		return nil
	}
	for _, method := range []string{"PUT", "PATCH"} {
		write := r.operation(method, op.Path)
		if write != nil && write.control != nil && r.refused[write.Operation.Operation] == nil {
			return nil
		}
	}
	c := list.call.clone()
	for name := range c.path {
		c.path[name] = op.from.params[name]
	}
	full := r.try(ctx, list, r.request(c, statute.Full), statute.Case{Cause: statute.Valid})
	if full == nil || !r.lists(c, full, op.from) {
		return nil
	}
	other := r.try(ctx, list, r.request(c, statute.Other), statute.Case{Cause: statute.Valid, Control: full, Principal: statute.Other})
	if other == nil || other.Response.Class() != 2 || r.lists(c, other, op.from) {
		return nil
	}
	return other
}

// lists reports whether an instance is among the items of a list.
func (r *run) lists(c *call, list *statute.Exchange, i *instance) bool {
	for _, member := range members(decode(list.Response.Body.Bytes), lastWord(c.op.Path)) {
		for _, object := range descriptions(member) {
			if params := itemParams(i.template, c.op.Path, c.path, object, sentNames); params != nil && maps.Equal(params, i.params) {
				return true
			}
		}
	}
	return false
}

// withheld returns an answer that kept Other from what an operation is about:
// from reading that or what it belongs to or, if the operation writes, from
// writing to it; nil if there is none.
func (r *run) withheld(o statute.Operation) *statute.Exchange {
	if !statute.SafeMethod(o.Method) {
		for _, method := range []string{"PUT", "PATCH"} {
			if x := r.refused[statute.Operation{Method: method, Path: o.Path}]; x != nil {
				return x
			}
		}
	}
	for path := o.Path; path != ""; path, _ = splitLast(path) {
		if x := r.refused[statute.Operation{Method: "GET", Path: path}]; x != nil {
			return x
		}
	}
	return nil
}
