package cli

import (
	"net/url"
	"testing"

	"github.com/statute-http/statute/internal/openapi"
)

func TestBaseOfAPI(t *testing.T) {
	tests := []struct {
		address, location string
		servers           []string
		want              string
	}{
		{"http://h:1", "http://h:1/openapi.json", nil, "http://h:1"},
		{"http://h:1", "http://h:1/openapi.json", []string{"/api/v1"}, "http://h:1/api/v1"},
		{"http://h:1/", "http://h:1/openapi.json", []string{"https://prod.example/api/v1"}, "http://h:1/api/v1"},
		{"http://h:1", "http://h:1/openapi.json", []string{"https://prod.example/v1", "http://h:1/v2"}, "http://h:1/v2"},
		{"http://h:1/api/v1", "http://h:1/openapi.json", []string{"/api/v1"}, "http://h:1/api/v1"},
		{"http://h:1/other", "http://h:1/other/openapi.json", []string{"/api/v1"}, "http://h:1/other"},
		{"http://h:1", "http://h:1/docs/openapi.json", []string{"../v3"}, "http://h:1/v3"},
		{"http://h:1?x=1", "", []string{"/"}, "http://h:1"},
	}
	for _, test := range tests {
		address, err := url.Parse(test.address)
		if err != nil {
			t.Fatal(err)
		}
		d := &openapi.Description{Location: test.location, Servers: test.servers}
		if got := baseOfAPI(d, address).String(); got != test.want {
			t.Errorf("baseOfAPI(servers %q, %s) = %s, want %s", test.servers, test.address, got, test.want)
		}
	}
}

func TestBaseOfDescription(t *testing.T) {
	tests := []struct {
		at      string
		servers []string
		want    string // "" for an error
	}{
		{"http://h/docs/openapi.json", nil, "http://h"},
		{"http://h/docs/openapi.json", []string{"/v1"}, "http://h/v1"},
		{"http://h/docs/openapi.json", []string{"https://prod.example/v1", "http://h/v2"}, "http://h/v2"},
		{"http://h/docs/openapi.json", []string{"https://prod.example/v1"}, ""},
		{"http://127.0.0.1:8080/openapi.json", []string{"https://prod.example/v1"}, "http://127.0.0.1:8080/v1"},
	}
	for _, test := range tests {
		at, err := url.Parse(test.at)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if u, err := baseOfDescription(&openapi.Description{Location: test.at, Servers: test.servers}, at); err == nil {
			got = u.String()
		}
		if got != test.want {
			t.Errorf("baseOfDescription(servers %q, %s) = %q, want %q", test.servers, test.at, got, test.want)
		}
	}
}
