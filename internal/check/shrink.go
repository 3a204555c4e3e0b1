package check

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/statute-http/statute"
)

// Proof is an exchange that shows a fault.
type Proof struct {
	Exchange *statute.Exchange
	Shows    func(*statute.Exchange) bool // whether another one shows the same fault
	Replace  func(*statute.Exchange)      // puts one with a smaller request in its place
}

// The bounds of making requests smaller.
const (
	maxShrinks    = 6  // requests for one proof
	maxAllShrinks = 60 // requests in all
)

// shrink takes from the requests of proofs what does not matter, as long as the
// answer shows the same fault. What it sends is not yielded.
func (r *run) shrink(ctx context.Context) {
	if r.Proofs == nil {
		return
	}
	yield := r.yield
	r.yield = func(*statute.Exchange) {}
	defer func() { r.yield = yield }()
	left := maxAllShrinks
	for _, p := range r.Proofs() {
		if left <= 0 || r.over(ctx) {
			return
		}
		if send := r.repeater(ctx, p.Exchange); send != nil {
			left -= r.smaller(ctx, p, min(left, maxShrinks), send)
		}
	}
}

// smaller looks for the smallest request that still shows the fault, by leaving
// out all parts, then halves, quarters and so on. It returns how often it sent.
func (r *run) smaller(ctx context.Context, p Proof, most int, send func(statute.Request) *statute.Exchange) int {
	x := p.Exchange
	var control func(statute.Request) *statute.Exchange
	if c := x.Case; c.Cause.Wrong() && c.Control != nil && c.Control.Operation == x.Operation {
		control = r.repeater(ctx, c.Control)
	}
	all := r.droppable(x, control != nil)
	kept := all
	if len(kept) == 0 || len(kept) == 1 && kept[0].field == "Accept" {
		return 0
	}
	sent := 0
	shows := func(kept []requestPart) bool {
		dropped := slices.DeleteFunc(slices.Clone(all), func(part requestPart) bool { return slices.Contains(kept, part) })
		sent++
		smaller := send(reduced(x.Request, dropped))
		if smaller == nil || !p.Shows(smaller) || !x.Case.Cause.Wrong() && succeeds(smaller) != succeeds(x) {
			return false
		}
		if control != nil && slices.ContainsFunc(dropped, requestPart.isValue) {
			sent++
			if c := control(reduced(x.Case.Control.Request, dropped)); c == nil || c.Response.Class() != 2 {
				return false // what was left out is wrong as well
			}
		}
		smaller.Source = x.Source // whose place it takes
		p.Replace(smaller)
		return true
	}
	if shows(nil) {
		return sent
	}
	for n := 2; len(kept) > 1 && sent < most; {
		size := (len(kept) + n - 1) / n
		found := false
		for at := 0; at < len(kept) && sent < most && !found; at += size {
			rest := slices.Concat(kept[:at], kept[min(at+size, len(kept)):])
			if found = len(rest) > 0 && shows(rest); found {
				kept, n = rest, max(n-1, 2)
			}
		}
		switch {
		case found:
		case size == 1:
			return sent
		default:
			n *= 2
		}
	}
	return sent
}

// droppable returns what may be left out of a request so that it stays what its
// case says it is: what was left out must not be wrong as well. A request that is
// wrong on purpose keeps all in which it differs from its control; the values that
// both have may go if it can be asked whether the control does without them. One
// that is right and succeeded may lose anything: it is to succeed again.
func (r *run) droppable(x *statute.Exchange, controlled bool) []requestPart {
	parts := r.partsOf(&x.Request)
	switch control := x.Case.Control; {
	case x.Case.Cause.Wrong():
		return slices.DeleteFunc(parts, func(p requestPart) bool {
			return p.isValue() && !controlled || control != nil && !p.same(&x.Request, &control.Request)
		})
	case !slices.Contains([]statute.Cause{statute.Valid, statute.Change, statute.Options}, x.Case.Cause):
		return nil // what counts is how it relates to others
	case succeeds(x) && (r.Failed == nil || !r.Failed(x)):
		return parts
	}
	return slices.DeleteFunc(parts, requestPart.isValue)
}

// requestPart is what may be left out of a request: a header field, a pair of
// the query, or a member of a JSON object.
type requestPart struct {
	field  string
	pair   string
	member string // JSON pointer
}

func (p requestPart) isValue() bool { return p.field == "" }

// same reports whether two requests have the part, and have the same there.
func (p requestPart) same(a, b *statute.Request) bool {
	switch {
	case p.field != "":
		return slices.Equal(slices.Collect(a.Fields.Values(p.field)), slices.Collect(b.Fields.Values(p.field)))
	case p.pair != "":
		times := func(r *statute.Request) int { return strings.Count("&"+r.Query()+"&", "&"+p.pair+"&") }
		return times(a) == times(b)
	}
	here, _ := memberAt(decode(a.Body.Bytes), p.member)
	there, ok := memberAt(decode(b.Body.Bytes), p.member)
	return ok && same(here, there)
}

// memberAt returns what a JSON pointer leads to in objects within each other.
func memberAt(value any, pointer string) (any, bool) {
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		object, _ := value.(map[string]any)
		inner, ok := object[plainToken.Replace(token)]
		if !ok {
			return nil, false
		}
		value = inner
	}
	return value, true
}

// partsOf returns what the parts of a request are, but for what frames it, names
// who sends it, or was asked for by the user.
func (r *run) partsOf(request *statute.Request) []requestPart {
	var parts []requestPart
	for _, pair := range strings.Split(request.Query(), "&") {
		name, _, _ := strings.Cut(pair, "=")
		if pair != "" && !r.credential("query", name) {
			parts = append(parts, requestPart{pair: pair})
		}
	}
	if object, ok := decode(request.Body.Bytes).(map[string]any); ok && statute.IsJSON(request.MediaType()) && json.Valid(request.Body.Bytes) {
		parts = membersOf(parts, "", object)
	}
	for _, f := range request.Fields {
		switch strings.ToLower(f.Name) {
		case "host", "user-agent", "content-type", "content-length", "connection", "cookie", "authorization":
		default:
			if !r.credential("header", f.Name) && !r.Fields.Has(f.Name) {
				parts = append(parts, requestPart{field: f.Name})
			}
		}
	}
	return parts
}

// pointerToken escapes a name for a JSON pointer (RFC 6901, 3).
var (
	pointerToken = strings.NewReplacer("~", "~0", "/", "~1")
	plainToken   = strings.NewReplacer("~1", "/", "~0", "~")
)

// membersOf adds the members of an object and of those in it.
func membersOf(parts []requestPart, above string, object map[string]any) []requestPart {
	for _, name := range slices.Sorted(maps.Keys(object)) {
		at := above + "/" + pointerToken.Replace(name)
		if inner, ok := object[name].(map[string]any); ok {
			parts = membersOf(parts, at, inner)
		}
		parts = append(parts, requestPart{member: at})
	}
	return parts
}

// credential reports whether a name is that of somebody's credential.
func (r *run) credential(in, name string) bool {
	for _, p := range r.parties {
		for _, c := range slices.Concat(p.Credentials, p.gained, r.Expired) {
			if c.In == in && strings.EqualFold(c.Name, name) {
				return true
			}
		}
	}
	return false
}

// reduced returns a request without those parts.
func reduced(request statute.Request, drop []requestPart) statute.Request {
	drops := func(p requestPart) bool { return slices.Contains(drop, p) }
	path, query, asks := strings.Cut(request.Target, "?")
	if pairs := strings.Split(query, "&"); asks && slices.ContainsFunc(pairs, func(pair string) bool { return drops(requestPart{pair: pair}) }) {
		pairs = slices.DeleteFunc(pairs, func(pair string) bool { return drops(requestPart{pair: pair}) })
		request.Target = addQuery(path, strings.Join(pairs, "&"))
	}
	if slices.ContainsFunc(drop, func(p requestPart) bool { return p.member != "" }) {
		object := decode(request.Body.Bytes).(map[string]any) // as partsOf has seen
		dropMembers("", object, drops)
		content, _ := encodeBody(object, request.MediaType())
		request.Body = statute.Body{Bytes: content, Size: int64(len(content))}
	}
	request.Fields = slices.DeleteFunc(slices.Clone(request.Fields), func(f statute.Field) bool { return drops(requestPart{field: f.Name}) })
	for i, f := range request.Fields {
		if strings.EqualFold(f.Name, "Content-Length") {
			request.Fields[i].Value = strconv.Itoa(len(request.Body.Bytes))
		}
	}
	return request
}

func dropMembers(above string, object map[string]any, drops func(requestPart) bool) {
	for name, member := range object {
		at := above + "/" + pointerToken.Replace(name)
		if drops(requestPart{member: at}) {
			delete(object, name)
		} else if inner, ok := member.(map[string]any); ok {
			dropMembers(at, inner, drops)
		}
	}
}

// repeater returns what sends the like of an exchange again, and nil for what
// should not be sent again. Nothing unsafe goes anywhere but to what this run made
// or to where the request made nothing; what a smaller one makes all the same is
// deleted.
func (r *run) repeater(ctx context.Context, x *statute.Exchange) func(statute.Request) *statute.Exchange {
	if x.Case == nil || slices.Contains(unrepeated, x.Case.Cause) || strays("", x.Request.Target) {
		return nil
	}
	var c *call
	if op := r.operation(x.Operation.Method, x.Operation.Path); op != nil {
		path := strings.TrimPrefix(x.Request.Path(), strings.TrimSuffix(r.Base.EscapedPath(), "/"))
		values, ok := fits(op.Path, path)
		if !ok {
			return nil
		}
		c = &call{op: op, path: values}
	}
	switch {
	case c == nil && !x.Request.Safe():
		return nil
	case c == nil || c.op.effect == reads:
	case c.op.effect == created:
		if x.Response.Class() < 4 {
			return nil
		}
	case x.Request.Method == "DELETE" || !slices.ContainsFunc(r.instances, func(i *instance) bool {
		return i.made && !i.gone && i.template == c.op.Path && r.path(i.template, i.params) == x.Request.Path()
	}):
		return nil
	}
	return func(request statute.Request) *statute.Exchange {
		if r.over(ctx) {
			return nil
		}
		again := r.send(ctx, x.Operation, x.Declared, request, *x.Case)
		if c != nil {
			r.keep(c, again)
		}
		return again
	}
}

// unrepeated are the causes whose requests are special as a whole, or not to be
// sent more often than needed.
var unrepeated = []statute.Cause{
	statute.Create, statute.Duplicate, statute.Delete, statute.DeleteAgain, statute.WrongPassword, statute.Burst, statute.AfterWait,
	statute.Handshake, statute.Procedure,
	statute.Chunked, statute.Expected, statute.Version, statute.BadFraming, statute.NoHost, statute.TwoHosts, statute.LongTarget, statute.LongFields, statute.LargeContent,
}
