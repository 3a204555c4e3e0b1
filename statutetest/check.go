package statutetest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/internal/report"
	"github.com/statute-http/statute/rules"
)

// Check sends a handler the requests that go wrong in production, as the command
// `statute check` does, and judges every answer: each finding of level should or
// must fails the test. No port is opened.
//
// The description is an OpenAPI or Swagger file. Requests go to the paths that it
// has, behind the path of the first server that it names. That no operation at
// all can be brought to answer with success fails the test, too; those that
// could not are logged, or fail it by [ReachAll].
func Check(t testing.TB, h http.Handler, description string, options ...Option) {
	t.Helper()
	s := apply(t, options)
	d, err := openapi.Load(t.Context(), description, openapi.Options{})
	if err != nil {
		t.Fatalf("statutetest: %v", err)
	}
	n, server := serve(t, h)
	defer server.Close()
	judge := s.judge()
	result, err := check.Run(t.Context(), check.Config{
		Description: d, Base: base(d), Dial: n.dial, Write: true,
		Full: check.Identity{Credentials: s.full}, Low: check.Identity{Credentials: s.low}, Other: check.Identity{Credentials: s.other},
		Values: s.values, Skip: s.skip, Failed: rules.Failed,
		Secret: func(secret string) { s.redactor.Learn(secret) },
	}, judge.See)
	if err != nil {
		t.Errorf("statutetest: %s", report.Escape(s.redactor.Text(err.Error())))
	}
	if reached, tried := statute.Reach(result.Operations); reached == 0 && tried > 0 {
		t.Errorf("statutetest: none of the %d operations answered with success", tried)
	}
	for _, o := range result.Operations {
		if o.State == statute.Reached {
			continue
		}
		line := "not reached: "
		if o.State == statute.Skipped {
			line = "left out: "
		}
		line += o.Operation.String()
		if o.Why != "" {
			line += ": " + o.Why
		} else if o.Last != nil {
			line += ": answered " + s.answer(o.Last)
		}
		line = report.Escape(s.redactor.Text(line))
		if s.reachAll && o.State != statute.Skipped {
			t.Errorf("statutetest: %s", line)
		} else {
			t.Logf("statutetest: %s", line)
		}
	}
	s.fail(t, judge)
}

// base returns where requests go.
func base(d *openapi.Description) *url.URL {
	at := &url.URL{Scheme: "http", Host: host}
	if len(d.Servers) > 0 {
		if u, err := at.Parse(d.Servers[0]); err == nil {
			at.Path = strings.TrimRight(u.Path, "/")
		}
	}
	return at
}
