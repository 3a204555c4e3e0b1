package cli

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/internal/check"
	"github.com/statute-http/statute/internal/openapi"
	"github.com/statute-http/statute/internal/report"
)

func TestParseLogin(t *testing.T) {
	t.Setenv("TOKEN", "t0p")
	t.Chdir(t.TempDir())
	if err := os.WriteFile("token.txt", []byte(" f1le\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name         string
		fields, auth []string
		sent         statute.Fields
		given        []check.Credential
		named        []report.Credential
		secrets      []string // all of them
	}{
		{
			name:    "literal",
			auth:    []string{"Authorization: Bearer abc"},
			given:   []check.Credential{{In: "header", Name: "Authorization", Value: "Bearer abc"}},
			named:   []report.Credential{{In: "header", Name: "Authorization", Shell: "Bearer $TOKEN"}},
			secrets: []string{"Bearer abc"},
		},
		{
			name:    "variable",
			auth:    []string{"X-Key: ${TOKEN}"},
			given:   []check.Credential{{In: "header", Name: "X-Key", Value: "t0p"}},
			named:   []report.Credential{{In: "header", Name: "X-Key", Shell: "${TOKEN}"}},
			secrets: []string{"t0p"},
		},
		{
			name:    "a variable beside what is itself secret",
			auth:    []string{"X-Key: abc$TOKEN"},
			given:   []check.Credential{{In: "header", Name: "X-Key", Value: "abct0p"}},
			named:   []report.Credential{{In: "header", Name: "X-Key", Shell: "$X_KEY"}},
			secrets: []string{"abct0p"},
		},
		{
			name:    "file after the scheme",
			auth:    []string{"Authorization: Bearer @token.txt"},
			given:   []check.Credential{{In: "header", Name: "Authorization", Value: "Bearer f1le"}},
			named:   []report.Credential{{In: "header", Name: "Authorization", Shell: "Bearer $(cat token.txt)"}},
			secrets: []string{"Bearer f1le"},
		},
		{
			name:    "basic",
			auth:    []string{"Authorization: Basic bWU6aHVzaA=="},
			given:   []check.Credential{{In: "header", Name: "Authorization", Value: "Basic bWU6aHVzaA=="}},
			named:   []report.Credential{{In: "header", Name: "Authorization", Shell: "Basic $TOKEN"}},
			secrets: []string{"Basic bWU6aHVzaA=="},
		},
		{
			name:    "query",
			auth:    []string{"?key=a b"},
			given:   []check.Credential{{In: "query", Name: "key", Value: "a b"}},
			named:   []report.Credential{{In: "query", Name: "key", Shell: "$KEY"}},
			secrets: []string{"a b"},
		},
		{
			name:   "cookies, taken from -H",
			fields: []string{"cookie: sid=1; lang=en"},
			given: []check.Credential{
				{In: "cookie", Name: "sid", Value: "1"}, {In: "cookie", Name: "lang", Value: "en"},
			},
			named: []report.Credential{
				{In: "cookie", Name: "sid", Shell: "$SID"}, {In: "cookie", Name: "lang", Shell: "$LANG"},
			},
			secrets: []string{"1", "en"},
		},
		{
			name:   "a field is not secret unless it comes from a variable",
			fields: []string{"X-Tenant: shop", "X-Other: $TOKEN"},
			sent:   statute.Fields{{Name: "X-Tenant", Value: "shop"}, {Name: "X-Other", Value: "t0p"}},
			named: []report.Credential{
				{In: "header", Name: "X-Tenant", Shell: "$X_TENANT"}, {In: "header", Name: "X-Other", Shell: "$TOKEN"},
			},
			secrets: []string{"t0p"},
		},
		{
			name:    "the description's scheme",
			fields:  []string{"X-API-Key: k3y"},
			given:   []check.Credential{{In: "header", Name: "X-API-Key", Value: "k3y"}},
			named:   []report.Credential{{In: "header", Name: "X-API-Key", Shell: "$X_API_KEY"}},
			secrets: []string{"k3y"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l, err := parseLogin(test.fields, test.auth)
			if err != nil {
				t.Fatal(err)
			}
			l.schemes(&openapi.Description{Schemes: map[string]openapi.Scheme{
				"key": {Type: "apiKey", In: "header", Name: "x-api-key"},
			}})
			if diff := cmp.Diff(test.sent, l.sent()); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.given, l.at(&url.URL{}).Credentials); diff != "" {
				t.Errorf("given (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.named, l.named()); diff != "" {
				t.Errorf("named (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.secrets, l.secrets()); diff != "" {
				t.Errorf("secrets (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseLoginRefuses(t *testing.T) {
	t.Setenv("TWO", "a\r\nX-Evil: 1")
	missing := filepath.Join(t.TempDir(), "missing")
	for _, text := range []string{
		"no colon", ": no name", "two words: x", "X-Key: $UNSET_VARIABLE", "X-Key: $TWO", "X-Key: a\nb", "X-Key: @" + missing, "?=x", "?x",
	} {
		if _, err := parseLogin(nil, []string{text}); err == nil {
			t.Errorf("--auth %q is accepted", text)
		}
	}
}
