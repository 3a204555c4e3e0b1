package respond_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/statute-http/statute/respond"
)

func TestDeclares(t *testing.T) {
	h := respond.HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		if r.Method == http.MethodPost {
			return respond.Outcome{}, respond.Gone("")
		}
		return respond.OK(1).ETag("1"), nil
	})
	w := serve(t, route(new(respond.API), h, respond.Declares(200, 404)))
	for _, line := range []string{"GET /thing", "HEAD /thing", "POST /thing"} {
		w.send(line, "")
	}
	w.send("GET /thing", "", `If-None-Match: "1"`)
	w.send("GET /thing", "", `If-Match: "0"`)
	want := []string{"POST /thing: 410 is not among the codes that the route declares"}
	if diff := cmp.Diff(want, w.reports); diff != "" {
		t.Errorf("got +, want -:\n%s", diff)
	}
}
