package limit

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestFields holds what clients are told, request after request.
func TestFields(t *testing.T) {
	burst := Policy{Name: "burst", Quota: 2, Window: time.Second}
	day := Policy{Name: "day", Quota: 5000, Window: 24 * time.Hour}
	type call struct {
		after   time.Duration
		cost    int64
		allowed bool
		want    http.Header
	}
	for _, test := range []struct {
		name     string
		policies []Policy
		forms    Form
		calls    []call
	}{
		{"standard", []Policy{burst, day}, 0, []call{
			{0, 1, true, http.Header{
				"RateLimit-Policy": {`"burst";q=2;w=1, "day";q=5000;w=86400`},
				"RateLimit":        {`"burst";r=1;t=1, "day";r=4999;t=18`},
			}},
			{0, 1, true, http.Header{
				"RateLimit-Policy": {`"burst";q=2;w=1, "day";q=5000;w=86400`},
				"RateLimit":        {`"burst";r=0;t=1, "day";r=4998;t=18`},
			}},
			{0, 1, false, http.Header{
				"Retry-After":      {"1"}, // 0.5 s, rounded up
				"RateLimit-Policy": {`"burst";q=2;w=1, "day";q=5000;w=86400`},
				"RateLimit":        {`"burst";r=0;t=1, "day";r=4998;t=18`},
			}},
			{24 * time.Hour, 0, true, http.Header{
				"RateLimit-Policy": {`"burst";q=2;w=1, "day";q=5000;w=86400`},
				"RateLimit":        {`"burst";r=2, "day";r=5000`},
			}},
		}},
		{"costs", []Policy{{Name: "upload", Quota: 100, Window: 100 * time.Second, Unit: "content-bytes"}}, 0, []call{
			{0, 60, true, http.Header{
				"RateLimit-Policy": {`"upload";q=100;qu="content-bytes";w=100`},
				"RateLimit":        {`"upload";r=40;t=1`},
			}},
			{500 * time.Millisecond, 50, false, http.Header{ // 40 would pass, but this does not
				"Retry-After":      {"10"}, // 9.5 s
				"RateLimit-Policy": {`"upload";q=100;qu="content-bytes";w=100`},
				"RateLimit":        {`"upload";r=0;t=10`},
			}},
		}},
		{"older and private", []Policy{burst, day}, Older | Private, []call{
			{0, 1, true, http.Header{
				"RateLimit-Limit":       {"2"},
				"RateLimit-Remaining":   {"1"},
				"RateLimit-Reset":       {"1"},
				"X-RateLimit-Limit":     {"2"},
				"X-RateLimit-Remaining": {"1"},
				"X-RateLimit-Reset":     {"946684801"}, // half a second after 946684800, rounded up
			}},
			{0, 2, false, http.Header{
				"Retry-After":           {"1"},
				"RateLimit-Limit":       {"2"},
				"RateLimit-Remaining":   {"0"},
				"RateLimit-Reset":       {"1"},
				"X-RateLimit-Limit":     {"2"},
				"X-RateLimit-Remaining": {"0"},
				"X-RateLimit-Reset":     {"946684801"},
			}},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				limiter := mustNew(t, Options{}, test.policies...)
				for i, call := range test.calls {
					time.Sleep(call.after)
					decision, err := limiter.Allow(t.Context(), "k", call.cost)
					if err != nil {
						t.Fatal(err)
					}
					got := http.Header{}
					decision.SetFields(got, test.forms, time.Now())
					want := http.Header{}
					for name, values := range call.want {
						want[http.CanonicalHeaderKey(name)] = values
					}
					if diff := cmp.Diff(want, got); diff != "" || decision.Allowed != call.allowed {
						t.Errorf("request %d: allowed %v, fields (-want +got):\n%s", i, decision.Allowed, diff)
					}
				}
			})
		})
	}
}

// TestFieldsWithoutState holds that nothing is told of a store that failed.
func TestFieldsWithoutState(t *testing.T) {
	got := http.Header{}
	Decision{Allowed: true}.SetFields(got, Standard|Older|Private, time.Now())
	if len(got) > 0 {
		t.Errorf("got %v", got)
	}
}

func TestInFlight(t *testing.T) {
	limit, err := NewInFlight("parallel", 2)
	if err != nil {
		t.Fatal(err)
	}
	enter := func(key string, allowed bool, want http.Header) {
		t.Helper()
		decision := limit.Enter(key)
		got := http.Header{}
		decision.SetFields(got, 0, time.Now())
		if diff := cmp.Diff(want, got); diff != "" || decision.Allowed != allowed {
			t.Errorf("allowed %v, fields (-want +got):\n%s", decision.Allowed, diff)
		}
	}
	const policy = `"parallel";q=2;qu="concurrent-requests"`
	one := http.Header{"Ratelimit-Policy": {policy}, "Ratelimit": {`"parallel";r=1`}}
	two := http.Header{"Ratelimit-Policy": {policy}, "Ratelimit": {`"parallel";r=0`}}
	refused := http.Header{"Ratelimit-Policy": {policy}, "Ratelimit": {`"parallel";r=0;t=1`}, "Retry-After": {"1"}}
	enter("a", true, one)
	enter("b", true, one)
	enter("a", true, two)
	enter("a", false, refused)
	limit.Leave("a")
	enter("a", true, two)
	for _, key := range []string{"a", "a", "b", "b", "stranger"} { // once too often
		limit.Leave(key)
	}
	enter("a", true, one)
	limit.Leave("a")
	if len(limit.keys) > 0 {
		t.Errorf("keys are left: %v", limit.keys)
	}
	if _, err := NewInFlight("", 1); err == nil {
		t.Error("no error without a name")
	}
	if _, err := NewInFlight("a", 1<<62); err == nil {
		t.Error("no error for too many")
	}
}

// TestFieldsOfSeveral holds that the decisions of several limiters on one request
// are all told, and in the older forms the tightest.
func TestFieldsOfSeveral(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := http.Header{}
		for _, policy := range []Policy{
			{Name: "burst", Quota: 10, Window: 10 * time.Second},
			{Name: "day", Quota: 2, Window: 24 * time.Hour},
			{Name: "hour", Quota: 100, Window: time.Hour},
		} {
			decision, err := mustNew(t, Options{}, policy).Allow(t.Context(), "k", 1)
			if err != nil {
				t.Fatal(err)
			}
			decision.SetFields(got, Standard|Older|Private, time.Now())
		}
		want := http.Header{}
		for name, value := range map[string]string{
			"RateLimit-Policy": `"burst";q=10;w=10, "day";q=2;w=86400, "hour";q=100;w=3600`,
			"RateLimit":        `"burst";r=9;t=1, "day";r=1;t=43200, "hour";r=99;t=36`,
			"RateLimit-Limit":  "2", "RateLimit-Remaining": "1", "RateLimit-Reset": "43200",
			"X-RateLimit-Limit": "2", "X-RateLimit-Remaining": "1", "X-RateLimit-Reset": "946728000",
		} {
			want.Set(name, value)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("fields (-want +got):\n%s", diff)
		}
	})
}
