package check

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/statute-http/statute"
)

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
		if op.Method == "GET" && op.effect == reads && !op.makes() && (get == nil || len(params(op.Path)) < len(params(get.Path))) {
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
		above := r.commonPath()
		unknown := above + "/statute-" + r.values.tag
		server("GET", above+"/{unknown}", nil, r.raw("GET", r.path(unknown, nil), acceptOf(get), nil, "", statute.Full),
			statute.Case{Cause: statute.UnknownPath, In: "path", Detail: unknown, Control: get.control})
	}
	read := func(fields ...statute.Field) statute.Request {
		request := r.request(get.call, statute.Full)
		request.Fields = append(request.Fields, fields...)
		return request
	}
	request := read()
	request.Fields = slices.DeleteFunc(request.Fields, func(f statute.Field) bool { return f.Name == "Host" })
	server("GET", get.Path, get.declared, request, statute.Case{Cause: statute.NoHost, In: "header", Control: get.control})
	server("GET", get.Path, get.declared, read(statute.Field{Name: "Host", Value: r.client.Authority}),
		statute.Case{Cause: statute.TwoHosts, In: "header", Control: get.control})
	if r.Write {
		// Whoever heeds the one line alone and whoever heeds the other take the same for its end.
		server("GET", get.Path, get.declared, read(length("0"), length("none")),
			statute.Case{Cause: statute.BadFraming, In: "header", Detail: "Content-Length: 0; Content-Length: none", Control: get.control})
	}
	r.sizeCases(ctx, get)

	if post != nil {
		content := []byte(`{"statute":"` + strings.Repeat("x", largeContent) + `"}`)
		request = r.raw("POST", r.target(post.call), acceptOf(post), content, "application/json", statute.Full)
		why := statute.Case{Cause: statute.LargeContent, In: "body", Detail: fmt.Sprintf("%d bytes", len(content)), Control: post.control}
		if !r.over(ctx) {
			r.keep(post.call, r.send(ctx, post.Operation.Operation, post.declared, request, why))
		}
	}
}

// commonPath returns the segments with which all paths begin, "" if there are
// none: beside them another application may answer. No template ends right below
// them with a parameter.
func (r *run) commonPath() string {
	above, _ := splitLast(r.operations[0].Path)
	parts := func(op *operation) bool {
		_, item := fits(op.Path, above+"/statute")
		return item || !strings.HasPrefix(op.Path+"/", above+"/")
	}
	for above != "" && (strings.Contains(above, "{") || slices.ContainsFunc(r.operations, parts)) {
		above, _ = splitLast(above)
	}
	return above
}

func length(value string) statute.Field { return statute.Field{Name: "Content-Length", Value: value} }

// sizeCases send a target and a header section that are very large. That they hold
// what the description does not name is no fault of theirs: the same in small has
// succeeded before.
func (r *run) sizeCases(ctx context.Context, get *operation) {
	sized := func(target, field int, why statute.Case) *statute.Exchange {
		if r.over(ctx) {
			return nil
		}
		request := r.request(get.call, statute.Full)
		request.Target = addQuery(request.Target, "statute="+strings.Repeat("x", target))
		request.Fields = append(request.Fields, statute.Field{Name: "X-Statute", Value: strings.Repeat("x", field)})
		return r.send(ctx, get.Operation.Operation, get.declared, request, why)
	}
	small := sized(1, 1, statute.Case{Cause: statute.Valid, Control: get.control})
	if small == nil || small.Response.Class() != 2 {
		return
	}
	sized(longTarget, 1, statute.Case{Cause: statute.LongTarget, In: "path", Detail: fmt.Sprintf("%d bytes", len(small.Request.Target)+longTarget-1), Control: small})
	sized(1, longFields, statute.Case{Cause: statute.LongFields, In: "header", Detail: fmt.Sprintf("a field of %d bytes", longFields), Control: small})
}
