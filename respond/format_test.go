package respond_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/statute-http/statute/respond"
)

func TestFormats(t *testing.T) {
	own := respond.Format{MediaType: "application/vnd.own+json", Write: func(b *bytes.Buffer, f *respond.Failure) error {
		_, err := fmt.Fprintf(b, `{"kind":%d}`, f.Code)
		return err
	}}
	all := []respond.Format{respond.Problems(), respond.HTML(), respond.Text()}
	const problem = `{"title":"Conflict","status":409,"detail":"<taken>","errors":[{"pointer":"/a","detail":"is odd"}],"n":1,"request_id":"ID"}`
	tests := []struct {
		name    string
		formats []respond.Format
		accept  string
		want    string
	}{
		{"default", nil, "*/*", "application/problem+json\n" + problem},
		{"default, whatever is accepted", nil, "text/html", "application/problem+json\n" + problem},
		{"first", all, "*/*", "application/problem+json\n" + problem},
		{"JSON before HTML", all, "text/html;q=0.5, application/json", "application/problem+json\n" + problem},
		{"none", all, "image/png", "application/problem+json\n" + problem},
		{"HTML", all, "text/html,*/*;q=0.8", "text/html; charset=utf-8\n" +
			"<!DOCTYPE html>\n<html lang=\"en\">\n<title>409 Conflict</title>\n<h1>Conflict</h1>\n<p>&lt;taken&gt;</p>\n<p>/a: is odd</p>\n<p>Request: ID</p>"},
		{"text", all, "text/plain", "text/plain; charset=utf-8\n409 Conflict\n<taken>\n/a: is odd\nRequest: ID"},
		{"own", []respond.Format{own}, "*/*", "application/vnd.own+json\n" + `{"kind":409}`},
		{"envelope", []respond.Format{respond.Envelope()}, "*/*", "application/json\n" +
			`{"error":{"code":"conflict","message":"Conflict: <taken>","details":[{"field":"/a","message":"is odd"}],"n":1,"request_id":"ID"}}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			api := &respond.API{Formats: test.formats, Policy: respond.Policy{IgnoreAccept: true}}
			w := serve(t, route(api, respond.HandlerFunc(func(*http.Request) (respond.Outcome, error) {
				return respond.Outcome{}, respond.Conflict("<taken>").With("n", 1).Fields(respond.FieldError{Pointer: "/a", Detail: "is odd"})
			})))
			x := w.send("GET /thing", "", "Accept: "+test.accept)
			got := x.Response.Fields.Get("Content-Type") + strings.TrimPrefix(strings.TrimSpace(text(x)), "409")
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("got +, want -:\n%s", diff)
			}
		})
	}
}
