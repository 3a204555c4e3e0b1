package statutetest

import (
	"net/http"
	"testing"
)

// Run is Test in the test that is under way.
func (e Endpoint) Run(t testing.TB, h http.Handler, options ...Option) { e.test(t, h, options) }
