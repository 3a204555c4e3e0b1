package respond_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/statute-http/statute/respond"
)

func TestRequestID(t *testing.T) {
	w := serve(t, route(new(respond.API), respond.HandlerFunc(func(r *http.Request) (respond.Outcome, error) {
		return respond.OK(respond.RequestID(r.Context())), nil
	})))
	for sent, kept := range map[string]bool{"abc-1": true, "": false, "a b": false, "a\x01b": false, strings.Repeat("x", 200): false} {
		fields := []string{"X-Request-Id: " + sent}
		if strings.Contains(sent, "\x01") {
			continue // net/http refuses it
		}
		x := w.send("GET /thing", "", fields...)
		id := x.Response.Fields.Get("X-Request-Id")
		if (id == sent) != kept || string(x.Response.Body.Bytes) != `"`+id+`"` || len(id) == 0 {
			t.Errorf("sent %q: got %q, and %s in the handler", sent, id, x.Response.Body.Bytes)
		}
	}
}
