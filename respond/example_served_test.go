package respond_test

import (
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleServed() {
	files := http.FileServer(http.Dir("testdata"))
	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Served(files), nil
	}, respond.Produces("text/plain"))
	show(h, get("/hello.txt"), "Content-Type")
	// Output:
	// 200 OK
	// Content-Type: text/plain; charset=utf-8
	// hello
}
