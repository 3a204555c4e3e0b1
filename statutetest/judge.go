package statutetest

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// Judge serves a handler until the test ends and then judges all that went over
// the wire by the built-in rules: each finding of level should or must fails the
// test, with the exchange that shows it and how to mend it.
//
// Requests go through the server's Client, to its URL; nothing else reaches it,
// for no port is opened. What the client hides or mends is judged as it was sent.
// What the client breaks off is not judged.
//
// Programming errors that package respond knows of fail the test, too: an empty
// argument where the RFC demands one, a code that the route does not declare.
func Judge(t testing.TB, h http.Handler, options ...Option) *httptest.Server {
	t.Helper()
	s := apply(t, options)
	n, server := serve(t, h)
	t.Cleanup(func() {
		t.Helper()
		server.Close()
		exchanges, cut := n.exchanges()
		if cut {
			t.Logf("statutetest: a connection carried more than %d MiB: what came after that is not judged", maxRecord>>20)
		}
		judge := s.judge()
		for _, x := range exchanges {
			judge.See(x)
		}
		s.fail(t, judge)
	})
	return server
}
