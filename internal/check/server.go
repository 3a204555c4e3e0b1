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
		server("GET", "/{unknown}", nil, r.raw("GET", r.path(unknown, nil), acceptOf(get), nil, "", statute.Full),
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
