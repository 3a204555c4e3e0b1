package rules

import (
	"testing"

	"github.com/statute-http/statute"
)

func TestErrorShape(t *testing.T) {
	for _, test := range []struct{ mediaType, content, want string }{
		{"application/problem+json", `{"title":"x"}`, "problem details"},
		{"application/json", `{"message":"x"}`, "JSON with message"},
		{"application/json", `{"error":"Not Found","message":"x","errors":[{"field":"qty"}]}`, "JSON with message"},
		{"application/json", `{"error":{"code":404,"message":"x"}}`, "JSON with error.message"},
		{"application/json", `{"error":"x","error_description":"y"}`, "JSON with error"},
		{"application/json", `{"errors":[{"detail":"x","source":{}}]}`, "JSON with errors[].detail"},
		{"application/json", `{"errors":["x"]}`, "JSON with errors[]"},
		{"application/json", `{"errors":{"title":["x"]}}`, "JSON with errors by field"},
		{"application/json", `{"detail":[{"loc":["qty"],"msg":"x"}]}`, "JSON with detail[].msg"},
		{"application/json", `{"title":["x"]}`, "JSON without a message"},
		{"application/json", `["x"]`, "JSON list"},
		{"application/json", `"x"`, "JSON string"},
		{"application/json", `{"jsonrpc":"2.0","error":{"message":"x"}}`, ""},
		{"text/html", `<p>x</p>`, "HTML"},
		{"application/xml", `<Error/>`, "XML"},
		{"text/plain", `x`, "plain text"},
		{"image/png", `x`, ""},
	} {
		r := &statute.Response{
			Fields: statute.Fields{{Name: "Content-Type", Value: test.mediaType}},
			Body:   statute.Body{Bytes: []byte(test.content), Size: int64(len(test.content))},
		}
		if got := errorShape(r); got != test.want {
			t.Errorf("errorShape(%s %s) = %q, want %q", test.mediaType, test.content, got, test.want)
		}
	}
}
