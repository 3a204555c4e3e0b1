package respond_test

import (
	"fmt"
	"io"
	"net/http"

	"github.com/statute-http/statute/respond"
)

func ExampleStream() {
	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Stream("text/csv", func(w io.Writer) error {
			for id := range 3 {
				if _, err := fmt.Fprintf(w, "%d,saw\n", id); err != nil {
					return err
				}
			}
			return nil
		}), nil
	}, respond.Produces("text/csv"))
	show(h, get("/items.csv"), "Content-Type")
	// Output:
	// 200 OK
	// Content-Type: text/csv
	// 0,saw
	// 1,saw
	// 2,saw
}
