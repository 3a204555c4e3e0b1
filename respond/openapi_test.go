package respond_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute/respond"
)

func TestOpenAPI(t *testing.T) {
	s := newItems(t)
	api := s.api(t.Output())
	mux := api.NewMux()
	bearer := respond.Bearer{Realm: "items", Verify: s.verify}
	mux.Handle("GET /items/{id}", respond.In(s.read), respond.Declares(200))
	mux.Handle("PUT /items/{id}", respond.In(s.replace), respond.Declares(200), respond.Conditional(), respond.Auth(bearer, "items"))
	mux.Handle("POST /items/{$}", respond.In(s.create), respond.Declares(201, 409), respond.Limit(respond.Quota{Limiter: s.limiter}))
	mux.HandleFunc("GET api.example/files/{path...}", s.file, respond.Declares(200, 206), respond.Produces("text/plain"))
	mux.Handle("DELETE /items/{id}", respond.In(s.remove), respond.Declares(204))
	mux.Handle("GET /live", respond.WebSocket(nil))

	var got struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Description string
				Headers     map[string]any
				Content     map[string]any
			}
		}
	}
	if err := json.Unmarshal(mux.OpenAPI(), &got); err != nil {
		t.Fatal(err)
	}
	codes := map[string]string{}
	for path, operations := range got.Paths {
		for method, operation := range operations {
			codes[method+" "+path] = strings.Join(slices.Sorted(maps.Keys(operation.Responses)), " ")
		}
	}
	want := map[string]string{
		"get /items/{id}":    "200 304 400 404 406 412 500 503",
		"put /items/{id}":    "200 400 401 403 404 406 408 412 413 415 422 425 428 500 503",
		"delete /items/{id}": "204 400 404 406 412 413 415 425 500 503",
		"post /items/":       "201 400 406 408 409 413 415 422 425 429 500 503",
		"get /files/{path}":  "200 206 304 400 406 412 416 500 503",
		"get /live":          "101 400 406 426 500 503",
	}
	if diff := cmp.Diff(want, codes); diff != "" {
		t.Errorf("got +, want -:\n%s", diff)
	}
	unauthorized := got.Paths["/items/{id}"]["put"].Responses["401"]
	if unauthorized.Headers["WWW-Authenticate"] == nil || unauthorized.Content["application/problem+json"] == nil {
		t.Errorf("the 401 is %+v", unauthorized)
	}
	if got.Paths["/files/{path}"]["get"].Responses["200"].Content["text/plain"] == nil {
		t.Error("the file is not text")
	}
	if notModified := got.Paths["/items/{id}"]["get"].Responses["304"]; notModified.Content != nil || notModified.Description == "" {
		t.Errorf("the 304 is %+v", notModified)
	}
}
