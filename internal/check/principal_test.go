package check

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/openapi"
)

// TestOthersDoNoHarm holds that nothing unsafe is sent as Low or Other but to
// what this run made and to collections, that what they make is deleted again,
// and that nobody's password is tried.
func TestOthersDoNoHarm(t *testing.T) {
	var mu sync.Mutex
	owners := map[string]string{"/orders/1": "full"} // somebody's before the run
	made, logins := 1, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		user, owner := r.Header.Get("X-User"), owners[r.URL.Path]
		switch {
		case r.URL.Path == "/login":
			logins++
			w.WriteHeader(200)
		case user == "":
			w.WriteHeader(401)
		case r.URL.Path == "/orders" && r.Method == "POST":
			made++
			path := fmt.Sprint("/orders/", made)
			owners[path] = user
			w.Header().Set("Location", path)
			w.WriteHeader(201)
		case r.URL.Path == "/orders":
			w.Write([]byte(`[{"id":1}]`))
		case owner == "":
			w.WriteHeader(404)
		case r.Method == "DELETE" && owner == user:
			delete(owners, r.URL.Path)
			w.WriteHeader(204)
		case r.Method == "GET", owner == user:
			w.Write([]byte(`{}`))
		default:
			w.WriteHeader(403)
		}
	}))
	defer server.Close()
	description, err := openapi.Parse([]byte("openapi: 3.1.0\ninfo: {title: orders, version: '1'}\npaths:\n"+orders+`
  /login: {post: {requestBody: {content: {application/json: {schema: {type: object, required: [user, password], properties: {user: {type: string}, password: {type: string}}}}}}, responses: {"200": {description: in}}}}
`), "orders.yaml")
	if err != nil {
		t.Fatal(err)
	}
	user := func(name string) Identity { return Identity{Credentials: []Credential{{"header", "X-User", name}}} }
	c := Config{Description: description, Base: address(t, server), Write: true, Full: user("full"), Low: user("low"), Other: user("other")}
	var own []string // made by this run
	wrong := 0
	result, err := Run(context.Background(), c, func(x *statute.Exchange) {
		if location := x.Response.Fields.Get("Location"); location != "" {
			own = append(own, location)
		}
		if x.Case.Cause == statute.WrongPassword {
			wrong++
		}
		who := x.Case.Principal
		if x.Request.Safe() || who != statute.Low && who != statute.Other || x.Request.Path() == "/orders" {
			return
		}
		if !slices.Contains(own, x.Request.Path()) {
			t.Errorf("sent %s %s as %s", x.Request.Method, x.Request.Target, who)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(owners) != 1 || owners["/orders/1"] == "" || len(result.Leftover) > 0 {
		t.Errorf("left behind %v, said %q", owners, result.Leftover)
	}
	if wrong > 1 {
		t.Errorf("%d log-ins with a wrong password", wrong)
	}
	if logins == 0 {
		t.Error("the log-in was not tried")
	}
}
