package rules

import "testing"

func TestOtherwise(t *testing.T) {
	for _, test := range []struct{ before, after, want string }{
		{`{"id":17,"qty":1}`, `{"id":18,"qty":1}`, ""},
		{`{"qty":1}`, `{"qty":2}`, "qty"},
		{`{"qty":1}`, `{}`, "qty"},
		{`{"note":null}`, `{}`, ""},
		{`{}`, `{"note":"x"}`, "note"},
		{`{}`, `{"viewCount":3,"last_seen":"today","_rev":"2-a"}`, ""},
		{`{"due":"2026-11-21"}`, `{"due":"2026-11-22T12:00:00Z"}`, ""},
		{`{"a":{"b":{"c":1}}}`, `{"a":{"b":{"c":2}}}`, "c"},
		{`{"tags":["a","b"]}`, `{"tags":["b","a"]}`, ""},
		{`{"tags":["a"]}`, `{"tags":["a","a"]}`, "tags"},
		{`{"tags":["a","a"]}`, `{"tags":["a","b"]}`, "tags"},
		{`[{"id":1,"n":1}]`, `[{"id":2,"n":1}]`, ""},
		{`[{"id":1,"n":1}]`, `[{"id":1,"n":1},{"id":2,"n":1}]`, "items"},
		{`{"a":1}`, `[1]`, "value"},
	} {
		if got := otherwise(parseJSON([]byte(test.before)), parseJSON([]byte(test.after))); got != test.want {
			t.Errorf("otherwise(%s, %s) = %q, want %q", test.before, test.after, got, test.want)
		}
	}
}

func TestManaged(t *testing.T) {
	for name, want := range map[string]bool{
		"id": true, "orderId": true, "updated_at": true, "lastSeen": true, "ETag": true, "viewCount": true, "_links": true,
		"item": false, "valid": false, "state": false, "country": false, "latest": false, "format": false,
	} {
		if got := managed(parseJSON([]byte(`"`+name+`"`)), value{}); got != want {
			t.Errorf("managed(%q) = %v, want %v", name, got, want)
		}
	}
}
