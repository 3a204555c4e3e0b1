package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/rules"
)

// known are the rules that the tests' files name.
var known = []*statute.Rule{
	{ID: "201-without-location"},
	{ID: "401-without-challenge"},
	{ID: "mixed-error-shapes", On: []int{4, 5}, Convention: "errors"},
	{ID: "mixed-validation-codes", On: []int{400, 422}, Convention: "invalid values"},
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       File
	}{
		{"empty", "", File{}},
		{"a comment", "# nothing yet\n", File{}},
		{"keys without values", "target:\nonly:\ncredentials:\n", File{}},
		{"flow", `{target: "http://127.0.0.1:8080", fail-on: must}`, File{Target: "http://127.0.0.1:8080", FailOn: "must"}},
		{"beside the file", "description: api/openapi.yaml", File{Description: "dir/api/openapi.yaml"}},
		{"a description elsewhere", "description: https://api.example/openapi.json", File{Description: "https://api.example/openapi.json"}},
		{"one text for a list", "only: GET /orders\nskip: [a, b]", File{Only: []string{"GET /orders"}, Skip: []string{"a", "b"}}},
		{"numbers stay as they are written", "values: {id: 0017, price: 1.50, name: ada}", File{
			Values: map[string]string{"id": "0017", "price": "1.50", "name": "ada"},
		}},
		{"conventions", "conventions: {invalid values: 422, errors: our own}", File{Conventions: map[string]string{"invalid values": "422", "errors": "our own"}}},
		{"limits", "limits: {requests: 1000, per-operation: 40, time: 2m, per-second: 0.5}", File{
			Limits: Limits{Requests: 1000, PerOperation: 40, Time: 2 * time.Minute, PerSecond: 0.5},
		}},
		{"off", "off:\n- {rule: 201-without-location, route: POST /jobs, code: 201, reason: in the content}", File{
			Off: []Off{{Rule: "201-without-location", Route: "POST /jobs", Code: 201, Reason: "in the content", Line: 2}},
		}},
		{"simple credentials", `
credentials:
  admin: {header: "Authorization: Bearer $T"}
  reader: {basic: "ada:$P"}
  key:
    query: [app=7, key=$K]
    cookie: sid=$SID
as: admin
as-low: reader
as-other: key
`, File{
			Credentials: map[string]Credential{
				"admin":  {Line: 3, Header: []Text{{"Authorization: Bearer $T", 3}}},
				"reader": {Line: 4, Basic: []Text{{"ada:$P", 4}}},
				"key":    {Line: 5, Query: []Text{{"app=7", 6}, {"key=$K", 6}}, Cookie: []Text{{"sid=$SID", 7}}},
			},
			As: "admin", AsLow: "reader", AsOther: "key",
		}},
		{"credentials that are fetched", `
credentials:
  machine: {oauth2: {token: "https://id.example/token", client_id: 7, client_secret: $S}}
  person: {oauth2: {token: "https://id.example/token", grant: password, username: ada, password: $P, scope: a b}}
  login: {login: {request: POST /login, headers: "X-A: b", body: {user: ada, remember: true, days: 7, roles: [a], none: }, take: {json: /token, as: "Authorization: Bearer {}"}}}
  cookie: {login: {request: POST https://id.example/login, body: user=ada, take: {cookie: sid}}}
  cert: {tls: {cert: c.pem, key: /k.pem, ca: ca.pem}}
`, File{Credentials: map[string]Credential{
			"machine": {Line: 3, OAuth2: &OAuth2{Token: "https://id.example/token", Grant: "client_credentials", ClientID: "7", ClientSecret: "$S"}},
			"person":  {Line: 4, OAuth2: &OAuth2{Token: "https://id.example/token", Grant: "password", Username: "ada", Password: "$P", Scope: "a b"}},
			"login": {Line: 5, Login: &Login{
				Method: "POST", Target: "/login", Headers: []Text{{"X-A: b", 5}},
				Body: map[string]any{"user": "ada", "remember": true, "days": 7, "roles": []any{"a"}, "none": nil},
				Take: Take{JSON: "/token", As: "Authorization: Bearer {}"},
			}},
			"cookie": {Line: 6, Login: &Login{Method: "POST", Target: "https://id.example/login", Body: "user=ada", Take: Take{Cookie: "sid"}}},
			"cert":   {Line: 7, TLS: &TLS{Cert: "dir/c.pem", Key: "/k.pem", CA: "dir/ca.pem"}},
		}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Parse([]byte(tt.text), "dir/statute.yaml", known)
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Name = "dir/statute.yaml"
			if diff := cmp.Diff(tt.want, *got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestParseFaults(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"no YAML", "target: [", "line 2: did not find expected node content"},
		{"two documents", "target: http://a\n---\ntarget: http://b\n", "line 3: a second document begins here"},
		{"no mapping", "- target", "line 1: this should be keys and values"},
		{"unknown key", "\ntargt: http://a", `line 2: unknown key "targt": did you mean "target"?`},
		{"unknown key unlike any", "database: x", `line 1: unknown key "database"`},
		{"twice", "as: a\nas: b\ncredentials: {a: {header: 'A: b'}}", `line 2: "as" stands here twice`},
		{"an alias", "only: &a [x]\nskip: *a", "line 2: an alias (*a) is not understood here: write out what it stands for"},
		{"a merge", "limits: {<<: {requests: 1}}", `line 1: unknown key "<<"`},
		{"a list for a text", "target: [http://a]", "line 1: this should be a text"},
		{"an empty text", "target: ''", "line 1: this should be a text, and is empty"},
		{"no URL", "target: 127.0.0.1:8080", "line 1: this should be an http or https URL"},
		{"a header without a colon", "headers: [X-Tenant]", "line 1: this reads 'Name: value'"},
		{"no such credentials", "credentials: {admin: {basic: 'a:b'}}\nas: admn", `line 2: no credentials are named "admn": did you mean "admin"?`},
		{"no credentials at all", "as: admin", `line 1: no credentials are named "admin"`},
		{"credentials of nothing", "credentials: {admin: {}}", "line 1: credentials have at least one of header, basic, query, cookie, oauth2, login and tls"},
		{"credentials of an unknown kind", "credentials: {admin: {haeder: 'A: b'}}", `line 1: unknown key "haeder": did you mean "header"?`},
		{"two users", "credentials: {admin: {basic: ['a:b', 'c:d']}}", "line 1: there is one user: only one Authorization field can be sent"},
		{"an unknown grant", "credentials: {a: {oauth2: {token: 'http://a', grant: implicit}}}", `line 1: "implicit" is none of client_credentials, password`},
		{"no secret", "credentials: {a: {oauth2: {token: 'http://a', client_id: a}}}", `line 1: here "client_secret" is missing`},
		{"no password", "credentials: {a: {oauth2: {token: 'http://a', grant: password, username: a}}}", `line 1: here "password" is missing`},
		{"a login without a path", "credentials: {a: {login: {request: POST, take: {cookie: sid}}}}", "line 1: this reads METHOD /path, such as POST /login"},
		{"a login that takes nothing", "credentials: {a: {login: {request: POST /a}}}", `line 1: here "take" is missing`},
		{"a login that takes two", "credentials: {a: {login: {request: POST /a, take: {cookie: a, header: b}}}}", "line 1: take one of json, cookie and header"},
		{"no pointer", "credentials: {a: {login: {request: POST /a, take: {json: token, as: 'A: {}'}}}}", "line 1: json is a JSON Pointer, such as /token"},
		{"taken for nothing", "credentials: {a: {login: {request: POST /a, take: {json: /token}}}}", `line 1: what is taken from JSON needs an "as"`},
		{"sent without what was taken", "credentials: {a: {login: {request: POST /a, take: {json: /token, as: 'A: b'}}}}", `line 1: as reads "Name: value" with {}`},
		{"no JSON", "credentials: {a: {login: {request: POST /a, body: {a: .nan}, take: {cookie: a}}}}", "line 1: this is no value that JSON knows"},
		{"no key", "credentials: {a: {tls: {cert: a.pem}}}", `line 1: here "key" is missing`},
		{"a choice that there is not", "conventions: {invalid values: 200}", `line 1: invalid values are answered 400 or 422, not "200"`},
		{"an unknown convention", "conventions: {invalid value: 422}", `line 1: there is no convention "invalid value": did you mean "invalid values"?`},
		{"no number", "limits: {requests: many}", "line 1: this should be a whole number, 1 at least"},
		{"less than one", "limits: {per-operation: 0}", "line 1: this should be a whole number, 1 at least"},
		{"no unit", "limits: {time: 120}", "line 1: this should be a time with its unit, such as 2m or 90s"},
		{"no rate", "limits: {per-second: .inf}", "line 1: this should be a number above 0"},
		{"an unknown rule", "off:\n- {rule: 201-without-locaton, reason: why}", `line 2: there is no rule "201-without-locaton": did you mean "201-without-location"?`},
		{"no reason", "off:\n- {rule: 201-without-location}", `line 2: here "reason" is missing`},
		{"no code", "off: [{rule: 201-without-location, reason: why, code: 999}]", "line 1: 999 is no status code"},
		{"an unknown level", "fail-on: error", `line 1: "error" is none of must, should, advice, never`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Parse([]byte(tt.text), "statute.yaml", known)
			if err == nil || f != nil {
				t.Fatalf("got %v, no error", f)
			}
			if got := err.Error(); !strings.HasPrefix(got, "statute.yaml: "+tt.want) || strings.Contains(got, "\n") {
				t.Errorf("got  %s\nwant statute.yaml: %s", got, tt.want)
			}
		})
	}
}

// TestParseSecrets sees that no error shows what may be secret.
func TestParseSecrets(t *testing.T) {
	_, err := Parse([]byte(`
headers: [hush1]
credentials:
  a: {header: hush2, basic: hush3, query: hush4, cookie: hush5, oauth2: hush6}
  b: {oauth2: {token: hush7, client_secret: [hush8], grant: client_credentials}}
  c: {login: {request: hush9, body: *hush, take: {json: hush10, as: hush11}}, tls: hush12}
  d: hush13
`), "statute.yaml", known)
	if err == nil {
		t.Fatal("no error")
	}
	if strings.Contains(err.Error(), "hush1") || strings.Count(err.Error(), "hush") > 1 { // the alias has a name
		t.Error(err)
	}
}

// TestParseAll sees that all faults are told at once, up to a bound.
func TestParseAll(t *testing.T) {
	_, err := Parse([]byte("tarjet: a\nascii: b\n"+strings.Repeat("? [x]\n: y\n", 2*maxFaults)), "statute.yaml", known)
	if err == nil {
		t.Fatal("no error")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != maxFaults || !strings.HasPrefix(lines[1], "statute.yaml: line 2: ") {
		t.Errorf("got %d lines: %s", len(lines), err)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, Name)
	if _, err := Load(name, known); err == nil || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of no file: %v", err)
	}
	if err := os.WriteFile(name, []byte("description: openapi.yaml\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Load(name, known)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(dir, "openapi.yaml"); f.Description != want {
		t.Errorf("got %s, want %s", f.Description, want)
	}
	if err := os.WriteFile(name, make([]byte, maxSize+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(name, known); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("of a file that is too large: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("credentials: {a: {login: {request: POST /a, body: {a: [1, {b: x}]}, take: {json: /t, as: 'A: {}'}}}}")
	f.Add("off:\n- {rule: 201-without-location, code: 201, reason: x}\nlimits: {time: 2m}")
	f.Add("a: &a [*a]\n? {x: y}\n: z")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse([]byte(text), "statute.yaml", known)
		if (file == nil) == (err == nil) {
			t.Errorf("got %v and error %v", file, err)
		}
		if err == nil {
			return
		}
		lines := strings.Split(err.Error(), "\n")
		if len(lines) > maxFaults {
			t.Errorf("%d lines", len(lines))
		}
		for _, line := range lines {
			if !strings.HasPrefix(line, "statute.yaml: ") {
				t.Errorf("the line %q has no place", line)
			}
		}
	})
}

// TestDocumented reads the example of the documentation, which has every key.
func TestDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```yaml\n")
	example, _, ok := strings.Cut(rest, "```\n")
	if !ok {
		t.Fatal("no example")
	}
	f, err := Parse([]byte(example), Name, rules.All)
	if err != nil {
		t.Fatal(err)
	}
	complete(t, "File", reflect.ValueOf(*f))
	all := Credential{Line: 1}
	for _, c := range f.Credentials {
		all.Header = append(all.Header, c.Header...)
		all.Basic = append(all.Basic, c.Basic...)
		all.Query = append(all.Query, c.Query...)
		all.Cookie = append(all.Cookie, c.Cookie...)
		if c.OAuth2 != nil {
			all.OAuth2 = c.OAuth2
		}
		if c.Login != nil {
			all.Login = c.Login
		}
		if c.TLS != nil {
			all.TLS = c.TLS
		}
	}
	complete(t, "Credential", reflect.ValueOf(all))
}

// complete reports the fields of a struct that are zero, also in the structs and
// lists below it.
func complete(t *testing.T, name string, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i).Name
			if v.Field(i).IsZero() {
				t.Errorf("the example lacks %s.%s", name, field)
			}
			complete(t, name+"."+field, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			complete(t, name, v.Index(i))
		}
	}
}
