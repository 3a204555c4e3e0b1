package check

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// caseKinds are the kinds of cases, the most telling first: a budget is spent
// on them in this order. Operations that delete come later, with the lives of
// resources.
var caseKinds = []struct {
	send func(*run, context.Context, *operation)
	of   func(*operation) bool // the operations that they are for; nil means all
}{
	{(*run).credentialCases, nil},
	{(*run).idCases, nil},
	{(*run).parameterCases, nil},
	{(*run).bodyCases, nil},
	{(*run).conditionalCases, func(op *operation) bool { return op.Method == "GET" }},
	{(*run).staleWrite, func(op *operation) bool { return op.effect == changes }},
	{(*run).methodCases, func(op *operation) bool { return op.Method == "GET" }},
}

// cases sends, for each operation that was reached, the requests that differ
// from its control in one thing.
func (r *run) cases(ctx context.Context) {
	var reading, others []*operation
	for _, op := range r.operations {
		switch {
		case op.control == nil || op.Method == "DELETE":
		case op.Method == "GET" && op.effect == reads:
			reading = append(reading, op)
		default:
			others = append(others, op)
		}
	}
	for i, kind := range caseKinds {
		send := func(op *operation) {
			if !r.over(ctx) && (kind.of == nil || kind.of(op)) {
				r.progress(op, i)
				kind.send(r, ctx, op)
			}
		}
		r.sideBySide(reading, send)
		for _, op := range others {
			send(op)
		}
	}
	for _, op := range reading {
		r.unsafeMethodCases(ctx, op)
	}
}

// keep notes what a request made that was not meant to make anything. Its
// address counts if it came in Location, or if the like was found right before.
func (r *run) keep(c *call, x *statute.Exchange) {
	if x == nil || statute.SafeMethod(c.op.Method) {
		return
	}
	if made := r.learn(c, x); made != nil && made.location == "" && !c.op.traced {
		made.template, made.params = "", nil
	}
}

// credentialCases leave out the credentials, then falsify them.
func (r *run) credentialCases(ctx context.Context, op *operation) {
	if !r.guarded(op) {
		return
	}
	for _, who := range []statute.Principal{statute.Nobody, statute.False} {
		x := r.try(ctx, op, r.request(op.call, who), statute.Case{Cause: causeOf(who), Control: op.control, Principal: who})
		r.keep(op.call, x)
	}
}

// guarded reports whether an operation may demand credentials: there are some
// to give, and the description says so, or says it of no operation at all.
func (r *run) guarded(op *operation) bool {
	return len(r.Credentials) > 0 && (op.Secured() || !r.describesSecurity())
}

// describesSecurity reports whether the description says of any operation that
// it demands credentials: then its silence about others means something.
func (r *run) describesSecurity() bool {
	return slices.ContainsFunc(r.operations, func(op *operation) bool { return op.Secured() })
}

// violation is a value that the description forbids.
type violation struct {
	cause  statute.Cause
	detail string
	value  any
	absent bool // the value is left out
}

// violations returns values that a schema forbids, at most one of each cause.
func violations(name string, s *openapi.Schema, in string) []violation {
	if len(s.AnyOf) > 0 {
		return nil
	}
	var all []violation
	add := func(cause statute.Cause, value any, wanted string) {
		all = append(all, violation{cause: cause, value: value, detail: fmt.Sprintf("%s is %s, %s", name, short(value), wanted)})
	}
	loose := len(s.Types) != 1 // several types: what one forbids another may allow
	if !loose {
		wanted := article(s.Types[0]) + " is declared"
		switch t := s.Types[0]; {
		case t == "integer" || t == "number":
			add(statute.WrongType, "statute", wanted)
		case t == "boolean":
			add(statute.WrongType, "maybe", wanted)
		case in != "body":
		case t == "string":
			add(statute.WrongType, map[string]any{"statute": true}, wanted)
		case t == "array" || t == "object":
			add(statute.WrongType, "statute", wanted)
		}
	}
	switch t := kind(s); {
	case loose:
	case len(s.Enum) > 0:
		if t == "string" {
			add(statute.NotInEnum, "statute-none", "the enum has no such value")
		}
	case t == "integer" || t == "number":
		switch {
		case s.Minimum != nil:
			add(statute.OutOfRange, *s.Minimum-1, "the minimum is "+text(*s.Minimum))
		case s.ExclusiveMinimum != nil:
			add(statute.OutOfRange, *s.ExclusiveMinimum, "more than that is declared")
		case s.Maximum != nil:
			add(statute.OutOfRange, *s.Maximum+1, "the maximum is "+text(*s.Maximum))
		case s.ExclusiveMaximum != nil:
			add(statute.OutOfRange, *s.ExclusiveMaximum, "less than that is declared")
		}
	case t == "string" && in == "body":
		switch {
		case s.MinLength != nil && *s.MinLength == 1:
			add(statute.OutOfRange, "", "the minimum length is 1")
		case s.MaxLength != nil && *s.MaxLength < 5000:
			add(statute.OutOfRange, strings.Repeat("x", *s.MaxLength+1), fmt.Sprintf("the maximum length is %d", *s.MaxLength))
		}
	case t == "array" && in == "body" && s.MinItems != nil && *s.MinItems > 0:
		add(statute.OutOfRange, []any{}, fmt.Sprintf("the minimum number of items is %d", *s.MinItems))
	}
	return all
}

func article(t string) string {
	switch t {
	case "integer", "array", "object":
		return "an " + t
	}
	return "a " + t
}

// short writes a value for people.
func short(value any) string {
	b, _ := json.Marshal(value)
	if len(b) > 40 {
		return string(b[:40]) + "…"
	}
	return string(b)
}

// The most requests with forbidden values that one operation gets.
const (
	maxParameterCases = 8
	maxBodyCases      = 10
)

// parameterCases put values into the query that the description forbids, and
// leave out what it demands.
func (r *run) parameterCases(ctx context.Context, op *operation) {
	n := 0
	for i := range op.Parameters {
		p := &op.Parameters[i]
		if p.In != "query" || r.isCredential(p) {
			continue
		}
		broken := violations(p.Name, p.Schema, "query")
		if p.Required {
			broken = append(broken, violation{cause: statute.MissingField, absent: true, detail: p.Name + " is left out, it is required"})
		}
		for _, v := range broken {
			if n++; n > maxParameterCases {
				return
			}
			c := r.repeat(op)
			if v.absent {
				c.query = without(c.query, p.Name)
			} else {
				c.query = with(c.query, p, v.value)
			}
			x := r.try(ctx, op, r.request(c, statute.Full), statute.Case{Cause: v.cause, In: "query", Detail: v.detail, Control: op.control})
			r.keep(c, x)
		}
	}
}

func (r *run) isCredential(p *openapi.Parameter) bool {
	return slices.ContainsFunc(r.Credentials, func(c Credential) bool { return c.In == p.In && strings.EqualFold(c.Name, p.Name) })
}

// bodyCases spoil the content: its syntax, its media type, then its members one
// by one.
func (r *run) bodyCases(ctx context.Context, op *operation) {
	c := r.repeat(op)
	if c.media == "" {
		return
	}
	content, media := encodeBody(c.body, c.media)
	try := func(content []byte, media string, cause statute.Cause, detail string) {
		request := r.raw(op.Method, r.target(c), acceptOf(op), content, media, statute.Full)
		r.keep(c, r.try(ctx, op, request, statute.Case{Cause: cause, In: "body", Detail: detail, Control: op.control}))
	}
	if statute.IsJSON(statute.MediaType(media)) {
		try(content[:len(content)-1], media, statute.MalformedJSON, "the last byte is cut off")
		if schema := r.bodySchema(op); op.Body.Required || schema != nil && len(schema.Required) > 0 && op.Method == "POST" {
			try(nil, media, statute.MissingContent, "no content, it is required")
		}
	}
	try(content, "application/x-statute", statute.WrongMediaType, "application/x-statute")
	r.memberCases(ctx, op)
	if i := op.from; i != nil && i.made && i.read != nil && op.effect == changes {
		r.readBack(ctx, i)
	}
}

func (r *run) bodySchema(op *operation) *openapi.Schema {
	for _, m := range writable(op.Body) {
		if m.Type == op.call.media {
			return m.Schema
		}
	}
	return nil
}

// memberCases spoil the members of the content. Members that are there come
// before those that are added, shallow ones before deep ones.
func (r *run) memberCases(ctx context.Context, op *operation) {
	schema := r.bodySchema(op)
	if schema == nil {
		return
	}
	type spoiled struct {
		at int
		violation
	}
	var broken []spoiled
	all := bodyPlaces(nil, "", schema, op.call.clone().body, 0)
	for _, present := range []bool{true, false} {
		for at, p := range all {
			// A member of which the control says nothing may not matter to the
			// server, unless the description bounds it.
			if p.present != present || p.name == "" || !present && (strings.Count(p.key, "/") > 1 || !bounded(p.schema)) {
				continue
			}
			if _, given := r.Values[p.name]; given {
				continue
			}
			if present && op.Method != "PATCH" && strings.Count(p.key, "/") == 1 && slices.Contains(schema.Required, p.name) {
				broken = append(broken, spoiled{at, violation{cause: statute.MissingField, absent: true, detail: p.key + " is left out, it is required"}})
			}
			for _, v := range violations(p.key, p.schema, "body") {
				if present || v.cause != statute.WrongType {
					broken = append(broken, spoiled{at, v})
				}
			}
		}
	}
	// One of each cause first: they tell more than many of one.
	seen := map[statute.Cause]int{}
	turn := make([]int, len(broken))
	for i, b := range broken {
		turn[i] = seen[b.cause]
		seen[b.cause]++
	}
	order := make([]int, len(broken))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return turn[a] - turn[b] })
	for n, i := range order {
		if n == maxBodyCases {
			return
		}
		b := broken[i]
		c := r.repeat(op)
		if p := bodyPlaces(nil, "", schema, c.body, 0)[b.at]; b.absent {
			p.drop()
		} else {
			p.set(b.value)
		}
		x := r.try(ctx, op, r.request(c, statute.Full), statute.Case{Cause: b.cause, In: "body", Detail: b.detail, Control: op.control})
		r.keep(c, x)
	}
}

// bounded reports whether a schema says more of a value than its type.
func bounded(s *openapi.Schema) bool {
	return len(s.Enum) > 0 || s.Minimum != nil || s.Maximum != nil || s.ExclusiveMinimum != nil || s.ExclusiveMaximum != nil
}

// repeat returns a copy of the call that succeeded. What made a resource makes
// another by it: the words in it are fresh.
func (r *run) repeat(op *operation) *call {
	c := op.call.clone()
	if op.effect == created {
		c.body = r.freshen(c.body)
	}
	return c
}

// idCases ask for what does not exist, and by ids that cannot be.
func (r *run) idCases(ctx context.Context, op *operation) {
	names := params(bare(op.Path))
	if len(names) == 0 {
		return
	}
	last := names[len(names)-1]
	p := op.parameter(last)
	if p == nil || len(p.Schema.Enum) > 0 || op.effect == created {
		return
	}
	known := op.call.path[last]
	try := func(id string, cause statute.Cause) *statute.Exchange {
		c := op.call.clone()
		c.path[last] = id
		if op.unsafe() && !r.nothingAt(ctx, op.Path, c.path, id) {
			return nil
		}
		why := statute.Case{Cause: cause, In: "path", Detail: last + " is " + short(id), Control: op.control}
		x := r.try(ctx, op, r.request(c, statute.Full), why)
		if x != nil && x.Response.Class() == 2 && (op.Method == "PUT" || x.Response.Status == 201) {
			r.remember(&instance{template: op.Path, params: c.path, made: true, create: x, call: c})
		}
		return x
	}
	try(r.alike(known), statute.UnknownID)
	switch {
	case kind(p.Schema) == "integer", kind(p.Schema) == "number", isNumber(known):
		try("statute", statute.IllFormedID)
	case p.Schema.Format == "uuid":
		try("not-a-uuid", statute.IllFormedID)
	}
	if op.Method == "GET" && !r.brokenEscape {
		r.brokenEscape = true
		c := op.call.clone()
		c.path[last] = r.values.word(p.Schema)
		request := r.request(c, statute.Full)
		request.Target = strings.Replace(request.Target, c.path[last], "%zz", 1)
		r.try(ctx, op, request, statute.Case{Cause: statute.IllFormedID, In: "path", Detail: last + " is %zz, no percent-encoding", Control: op.control})
	}
}

// nothingAt reports whether an id is known to be nobody's: the run has drawn it
// just now, or reading it says so.
func (r *run) nothingAt(ctx context.Context, template string, params map[string]string, id string) bool {
	for _, i := range r.instances {
		if i.template == template && !i.gone && maps.Equal(i.params, params) {
			return false
		}
	}
	if strings.Contains(id, r.values.tag) {
		return true
	}
	get := r.operation("GET", template)
	if get == nil || get.control == nil {
		return false
	}
	c := get.call.clone()
	c.path = params
	x := r.try(ctx, get, r.request(c, statute.Full), statute.Case{Cause: statute.UnknownID, In: "path", Detail: "id is " + short(id), Control: get.control})
	return x != nil && x.Response.Class() == 4 && x.Response.Status != 401 && x.Response.Status != 403
}

// parameter returns the path parameter of that name.
func (o *operation) parameter(name string) *openapi.Parameter {
	for i := range o.Parameters {
		if p := &o.Parameters[i]; p.In == "path" && p.Name == name {
			return p
		}
	}
	return nil
}

// alike returns an id of the same shape that nothing has: rules judge by the
// shape whether it is well-formed. Of an id that the run made up, the made-up
// part changes alone; of another, the end of its longest word.
func (r *run) alike(id string) string {
	if isNumber(id) {
		return "987654321"
	}
	if fresh, ok := r.freshen(id).(string); ok && fresh != id {
		return fresh
	}
	start, end := 0, 0
	for i := 0; i < len(id); {
		j := i
		for j < len(id) && (isLower(id[j]) || id[j] >= 'A' && id[j] <= 'Z') {
			j++
		}
		if j-i > end-start {
			start, end = i, j
		}
		i = j + 1
	}
	if end-start < 6 { // short ones may well exist
		return id[:end] + r.values.fresh() + id[end:]
	}
	changed := []byte(id)
	for i := max(start+1, end-6); i < end; i++ {
		switch c := id[i]; {
		case c >= '0' && c <= '9':
			changed[i] = '0' + '9' - c
		case c|0x20 <= 'e': // stays hexadecimal
			changed[i]++
		case c|0x20 == 'f':
			changed[i] -= 5
		case c|0x20 == 'z':
			changed[i]--
		default:
			changed[i]++
		}
	}
	return string(changed)
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// conditionalCases ask for what is known already, and for parts, where the
// control's answer offers that.
func (r *run) conditionalCases(ctx context.Context, op *operation) {
	control := op.control
	if control.Response.Status != 200 || !control.Response.Fields.Has("ETag") && !control.Response.Fields.Has("Accept-Ranges") {
		return
	}
	// Writes may have come since the control.
	if x := r.try(ctx, op, r.request(op.call, statute.Full), statute.Case{Cause: statute.Valid}); x != nil && x.Response.Status == 200 {
		control = x
	}
	again := func(field, value string, cause statute.Cause) {
		request := r.request(op.call, statute.Full)
		request.Fields = append(request.Fields, statute.Field{Name: field, Value: value})
		r.try(ctx, op, request, statute.Case{Cause: cause, In: "header", Detail: field + ": " + value, Control: control})
	}
	answer := control.Response
	if etag := answer.Fields.Get("ETag"); etag != "" {
		again("If-None-Match", etag, statute.Unchanged)
	}
	if size := answer.Body.Size; answer.Fields.HasToken("Accept-Ranges", "bytes") && size > 1 {
		again("Range", fmt.Sprintf("bytes=0-%d", size/2-1), statute.Part)
		again("Range", fmt.Sprintf("bytes=%d-", size), statute.BeyondEnd)
	}
}

// staleWrite writes with a false If-Match where reading gave an ETag, and reads
// back whether that was carried out.
func (r *run) staleWrite(ctx context.Context, op *operation) {
	i := op.from
	if op.Method != "PUT" && op.Method != "PATCH" || i == nil || !i.made || i.template != op.Path {
		return
	}
	before := r.readBack(ctx, i)
	if before == nil || before.Response.Fields.Get("ETag") == "" {
		return
	}
	c := op.call.clone()
	c.body = r.freshen(c.body)
	request := r.request(c, statute.Full)
	request.Fields = append(request.Fields, statute.Field{Name: "If-Match", Value: `"statute-false"`})
	x := r.try(ctx, op, request, statute.Case{Cause: statute.FalseIfMatch, In: "header", Detail: `If-Match: "statute-false"`, Control: before})
	if x != nil {
		r.read(ctx, i, statute.ReadBack, x)
	}
}

// inventedMethod is a method that no server knows.
const inventedMethod = "STATUTE"

// tracePaths is on how many paths TRACE is tried: servers treat all alike.
const tracePaths = 3

// methodCases try safe methods on a path that a GET was answered on: HEAD,
// OPTIONS, and TRACE where the description does not list it.
func (r *run) methodCases(ctx context.Context, get *operation) {
	r.method(ctx, get, "HEAD", statute.Case{Cause: statute.Head}, statute.Fields{{Name: "Connection", Value: "close"}}, nil, "")
	r.method(ctx, get, "OPTIONS", statute.Case{Cause: statute.Options}, nil, nil, "")
	if r.traced < tracePaths && r.operation("TRACE", get.Path) == nil && !r.guarded(get) {
		r.traced++
		r.method(ctx, get, "TRACE", statute.Case{Cause: statute.UnsupportedMethod, Detail: "TRACE", Principal: statute.Nobody}, nil, nil, "")
	}
}

// unsafeMethodCases try a method that the description does not list and an
// invented one, on what this run made.
func (r *run) unsafeMethodCases(ctx context.Context, get *operation) {
	if i := get.from; !r.Write || i == nil || !i.made || i.template != get.Path {
		return
	}
	for _, method := range []string{"POST", "PATCH", "PUT"} {
		if r.operation(method, get.Path) == nil {
			r.method(ctx, get, method, statute.Case{Cause: statute.UnsupportedMethod, Detail: method}, nil, []byte("{}"), "application/json")
			break
		}
	}
	r.method(ctx, get, inventedMethod, statute.Case{Cause: statute.UnknownMethod, Detail: inventedMethod}, nil, nil, "")
}

// method sends another method than GET to where a GET was answered.
func (r *run) method(ctx context.Context, get *operation, method string, why statute.Case, fields statute.Fields, content []byte, media string) {
	if !r.spend(ctx, get) {
		return
	}
	o := statute.Operation{Method: method, Path: get.Path}
	var declared *statute.Declared
	if op := r.operation(method, get.Path); op != nil {
		declared = op.declared
	}
	why.Control = get.control
	request := r.raw(method, r.target(get.call), append(acceptOf(get), fields...), content, media, cmp.Or(why.Principal, statute.Full))
	if method == "TRACE" { // comes back with all that it carries: no secrets (RFC 9110, 9.3.8)
		request.Fields = slices.DeleteFunc(request.Fields, func(f statute.Field) bool { return r.Fields.Has(f.Name) })
	}
	x := r.send(ctx, o, declared, request, why)
	r.keep(&call{op: &operation{Operation: &openapi.Operation{Operation: o}, effect: changes}, path: get.call.path}, x)
}

// The sizes of what is very large.
const (
	longTarget   = 20_000
	longFields   = 64_000
	largeContent = 3 << 20
)

// serverCases are those that concern the server as a whole: they are sent once.
func (r *run) serverCases(ctx context.Context) {
	var get, post *operation
	for _, op := range r.operations {
		if op.control == nil || op.control.Response.Class() != 2 {
			continue
		}
		if op.Method == "GET" && (get == nil || len(params(op.Path)) < len(params(get.Path))) {
			get = op
		}
		if op.call.media == "application/json" && op.effect == created && post == nil {
			post = op
		}
	}
	if get == nil || r.over(ctx) {
		return
	}
	server := func(method, path string, declared *statute.Declared, request statute.Request, why statute.Case) {
		if !r.over(ctx) {
			r.send(ctx, statute.Operation{Method: method, Path: path}, declared, request, why)
		}
	}
	if r.Description != nil {
		unknown := "/statute-" + r.values.tag
		server("GET", unknown, nil, r.raw("GET", r.path(unknown, nil), acceptOf(get), nil, "", statute.Full),
			statute.Case{Cause: statute.UnknownPath, In: "path", Detail: unknown, Control: get.control})
	}
	request := r.request(get.call, statute.Full)
	request.Fields = slices.DeleteFunc(request.Fields, func(f statute.Field) bool { return f.Name == "Host" })
	server("GET", get.Path, get.declared, request, statute.Case{Cause: statute.NoHost, In: "header", Control: get.control})

	request = r.request(get.call, statute.Full)
	request.Target = addQuery(request.Target, "statute="+strings.Repeat("x", longTarget))
	server("GET", get.Path, get.declared, request,
		statute.Case{Cause: statute.LongTarget, In: "path", Detail: fmt.Sprintf("%d bytes", len(request.Target)), Control: get.control})

	request = r.request(get.call, statute.Full)
	request.Fields = append(request.Fields, statute.Field{Name: "X-Statute", Value: strings.Repeat("x", longFields)})
	server("GET", get.Path, get.declared, request,
		statute.Case{Cause: statute.LongFields, In: "header", Detail: fmt.Sprintf("a field of %d bytes", longFields), Control: get.control})

	if post != nil {
		content := []byte(`{"statute":"` + strings.Repeat("x", largeContent) + `"}`)
		request = r.raw("POST", r.target(post.call), acceptOf(post), content, "application/json", statute.Full)
		why := statute.Case{Cause: statute.LargeContent, In: "body", Detail: fmt.Sprintf("%d bytes", len(content)), Control: post.control}
		if !r.over(ctx) {
			r.keep(post.call, r.send(ctx, post.Operation.Operation, post.declared, request, why))
		}
	}
}
