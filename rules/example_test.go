package rules

import (
	"strconv"
	"testing"

	"github.com/statute-http/statute"
)

func TestExamples(t *testing.T) {
	const (
		a = "GET /a HTTP/1.1\nHost: x\n\nHTTP/1.1 200 OK\nETag: \"1\"\n"
		b = "GET /b HTTP/1.1\nHost: x\n\nHTTP/1.1 200 OK\n"
		c = "GET /a HTTP/1.1\n\nHTTP/1.1 404 Not Found\n"
	)
	for _, tt := range []struct {
		name, doc    string
		wrong, right string // target and code
		at           int
	}{
		{"the first with the same requests", "-- good: 1 --\n" + b + "-- good: 2 --\n" + c + "-- good: 3 --\n" + a + "-- bad: 1 --\n" + a + "-- want: 1 --\n1 must\n-- bad: 2 --\n" + b, "/a 200", "/a 404", 0},
		{"else the most alike", "-- good: 1 --\n" + c + "-- good: 2 --\n" + a + "-- bad: 1 --\n" + b + "-- want: 1 --\n1 must\n", "/b 200", "/a 200", 0},
		{"of several", "-- good: 1 --\n" + b + "\n" + a + "\n" + b + "-- bad: 1 --\n" + b + "\n" + a + "\n" + b + "-- want: 1 --\n2 must\n", "/a 200", "/a 200", 1},
		{"a broken want", "-- good: 1 --\n" + a + "-- bad: 1 --\n" + a + "-- want: 1 --\n7\n", "/a 200", "/a 200", 0},
		{"none right", "-- bad: 1 --\n" + a, "", "", 0},
		{"none", "", "", "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wrong, right := Examples(&statute.Rule{Doc: "# A\n" + tt.doc})
			for _, e := range []struct {
				example Example
				want    string
			}{{wrong, tt.wrong}, {right, tt.right}} {
				got := ""
				if len(e.example.Exchanges) > 0 {
					x := e.example.Exchanges[e.example.At]
					got = x.Request.Target + " " + strconv.Itoa(x.Response.Status)
				}
				if got != e.want {
					t.Errorf("got %q, want %q", got, e.want)
				}
			}
			if wrong.At != tt.at || right.At != tt.at {
				t.Errorf("it is exchange %d of the wrong and %d of the right one, want %d", wrong.At, right.At, tt.at)
			}
		})
	}
}
