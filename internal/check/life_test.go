package check

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

// TestEventually sees that a run waits, for a while, for what a server has accepted
// and not yet done: a resource that is there with the second read and gone with
// the third one after it was deleted.
func TestEventually(t *testing.T) {
	type export struct {
		reads int
		gone  bool
	}
	var mu sync.Mutex
	exports := map[string]*export{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		e := exports[r.URL.Path]
		switch {
		case r.URL.Path == "/exports":
			path := fmt.Sprintf("/exports/%d", len(exports)+1)
			exports[path] = &export{}
			w.Header().Set("Location", path)
			w.WriteHeader(202)
		case e == nil || e.gone && e.reads > 1:
			w.WriteHeader(404)
		case r.Method == "DELETE":
			e.gone, e.reads = true, 0
			w.WriteHeader(202)
		case r.Method == "GET":
			if e.reads++; !e.gone && e.reads < 2 {
				w.WriteHeader(404)
			}
		}
	}))
	defer server.Close()
	var read, deleted []int
	result, err := Run(t.Context(), Config{Description: describe(t, `
openapi: 3.1.0
info: {title: exports, version: "1"}
paths:
  /exports:
    post: {responses: {"202": {description: begun}}}
  /exports/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one}}}
    delete: {responses: {"202": {description: begun}}}
`), Base: address(t, server), Write: true}, func(x *statute.Exchange) {
		switch x.Case.Cause {
		case statute.ReadBack:
			read = append(read, x.Response.Status)
		case statute.ReadDeleted:
			deleted = append(deleted, x.Response.Status)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, e := range exports {
		if !e.gone {
			t.Errorf("%s is there still", path)
		}
	}
	if len(result.Leftover) > 0 {
		t.Errorf("left behind: %v", result.Leftover)
	}
	if diff := cmp.Diff([]int{404, 200, 404, 200}, read); diff != "" {
		t.Errorf("reading back (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{200, 200, 404}, deleted); diff != "" {
		t.Errorf("reading after delete (-want +got):\n%s", diff)
	}
}

// TestPartOfWhatIsDeleted holds that what nothing deletes is not said to be left
// when it went with what it is a part of: what was made at the very address of its
// create, what reads at its own, and what nothing reads.
func TestPartOfWhatIsDeleted(t *testing.T) {
	for _, stays := range []bool{false, true} {
		t.Run(fmt.Sprintf("stays %v", stays), func(t *testing.T) {
			var mu sync.Mutex
			there := map[string]bool{}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				path := r.URL.Path
				switch {
				case r.Method == "POST" && path == "/orders":
					path = fmt.Sprintf("/orders/%d", len(there)+1)
					there[path] = true
					w.Header().Set("Location", path)
					w.WriteHeader(201)
				case r.Method == "POST" && there[strings.TrimSuffix(path, "/payment")]:
					there[path] = true
					w.Header().Set("Location", path)
					w.WriteHeader(201)
				case r.Method == "POST" && there[strings.TrimSuffix(path, "/items")]:
					path = fmt.Sprintf("%s/%d", path, len(there)+1)
					there[path] = true
					w.Header().Set("Location", path)
					w.WriteHeader(201)
				case r.Method == "POST" && there[strings.TrimSuffix(path, "/notes")]:
					w.WriteHeader(500)
				case r.Method == "DELETE" && there[path]:
					there[path] = false
					for part := range there {
						there[part] = there[part] && (stays || !strings.HasPrefix(part, path+"/"))
					}
					w.WriteHeader(204)
				case r.Method == "GET" && there[path]:
					io.WriteString(w, `{}`)
				default:
					w.WriteHeader(404)
				}
			}))
			defer server.Close()
			result, err := Run(t.Context(), Config{Description: describe(t, `
openapi: 3.1.0
info: {title: payments, version: "1"}
paths:
  /orders:
    post: {responses: {"201": {description: made}}}
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one}}}
    delete: {responses: {"204": {description: gone}}}
  /orders/{id}/payment:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one}}}
    post: {responses: {"201": {description: made}}}
  /orders/{id}/items:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    post: {responses: {"201": {description: made}}}
  /orders/{id}/items/{item}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: item, in: path, required: true, schema: {type: integer}}]
    get: {responses: {"200": {description: one}}}
  /orders/{id}/notes:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    post: {responses: {"201": {description: made}}}
`), Base: address(t, server), Write: true}, func(*statute.Exchange) {})
			if err != nil {
				t.Fatal(err)
			}
			said := strings.Join(result.Leftover, "\n")
			for _, part := range []string{"/payment", "/items"} {
				if got := strings.Contains(said, part); got != stays {
					t.Errorf("%s: %v, want %v: %s", part, got, stays, said)
				}
			}
			if strings.Contains(said, "/notes") {
				t.Errorf("nothing reads the notes of orders that are gone, and they are left: %s", said)
			}
		})
	}
}
