package rules

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadPage(t *testing.T) {
	for _, test := range []struct {
		name, content string
		want          page
	}{
		{
			"plain", "<!DOCTYPE html><html><head><title>Shop</title></head><body><h1>Saws</h1><p>ten</p><h2>Files</h2></body></html>",
			page{title: []byte("Shop"), heading: []byte("Saws"), headings: 2, text: 16},
		},
		{"nested", "<h1 class=x>\n<p><b>Server Error</b> (500)</p></h1>", page{heading: []byte("Server Error"), headings: 1, text: 11}},
		{
			"scripts and styles", "<style>h1{}</style><script>if (a<b) document.write('<h1>x</h1>')</script><!-- <h1>y</h1> --><h1>z</h1>",
			page{heading: []byte("z"), headings: 1, text: 1},
		},
		{"the first of two", "<title>a</title><svg><title>b</title></svg><h1></h1><h1>c</h1>", page{title: []byte("a"), heading: []byte("c"), headings: 2, text: 3}},
		{"cut", "<title>404 Not Fo", page{title: []byte("404 Not Fo"), text: 5}},
		{"cut in a tag", "<title>a</title><h1 class=", page{title: []byte("a"), text: 1}},
		{"no page", "404", page{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, readPage([]byte(test.content)), cmp.AllowUnexported(page{})); diff != "" {
				t.Errorf("page (-want +got):\n%s", diff)
			}
		})
	}
}
