package respond_test

import (
	"net/http"
	"strings"

	"github.com/statute-http/statute/respond"
)

func ExampleContent() {
	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Content("text/plain", strings.NewReader("0123456789")), nil
	}, respond.Produces("text/plain"))
	show(h, get("/file", "Range: bytes=2-4"), "Content-Range")
	show(h, get("/file", "Range: bytes=20-"), "Content-Range")
	// Output:
	// 206 Partial Content
	// Content-Range: bytes 2-4/10
	// 234
	// 416 Range Not Satisfiable
	// Content-Range: bytes */10
	// {"title":"Range Not Satisfiable","status":416,"request_id":"r1"}
}
