package openapi

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/statute-http/statute"
)

func TestDiscover(t *testing.T) {
	const description = "openapi: 3.0.3\npaths: {}\n"
	away := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a request left for another host")
	}))
	defer away.Close()
	for _, test := range []struct {
		name  string
		base  string            // path
		files map[string]string // by path; "-> URL" redirects, "<URL>" is a Link
		want  string            // the path of the description; "" if none is found
		err   string
	}{
		{"none", "/", nil, "", ""},
		{"at the base itself", "/api.yaml", map[string]string{"/api.yaml": description}, "/api.yaml", ""},
		{"at the root", "/", map[string]string{"/openapi.json": description}, "/openapi.json", ""},
		{"below the base", "/v1/", map[string]string{"/v1/swagger.json": description, "/openapi.json": description}, "/v1/swagger.json", ""},
		{"at the root, not below the base", "/v1", map[string]string{"/v3/api-docs": description}, "/v3/api-docs", ""},
		{"linked", "/v1", map[string]string{
			"/v1":       `</style.css>; rel="preload", <docs/api>; title="a; b"; rel="start Service-Desc"`,
			"/docs/api": description, "/openapi.json": "openapi: 3.0.0\npaths: {}\n",
		}, "/docs/api", ""},
		{
			"linked, but gone", "/",
			map[string]string{"/": "</gone>; rel=service-desc", "/openapi.json": description},
			"",
			"reading BASE/gone: the server answers 404 Not Found: is this its address?",
		},
		{
			"linked elsewhere", "/",
			map[string]string{"/": "<" + away.URL + "/api>; rel=service-desc"},
			"",
			"asking BASE/ for its description: it links to AWAY/api, which is another host: name that address to read it",
		},
		{"redirected", "/", map[string]string{"/openapi.json": "-> /docs/v2.json", "/docs/v2.json": description}, "/docs/v2.json", ""},
		{"redirected elsewhere", "/", map[string]string{"/openapi.json": "-> " + away.URL, "/swagger.json": description}, "/swagger.json", ""},
		{"a page for every path", "/", map[string]string{"/openapi.json": "<html>", "/openapi.yaml": "{\"error\": 1}", "/swagger.json": "{", "/api-docs": description}, "/api-docs", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != "GET" || r.Header.Get("X-Key") != "k" {
					t.Errorf("got a %s with key %q", r.Method, r.Header.Get("X-Key"))
				}
				file, ok := test.files[r.URL.Path]
				to, redirect := strings.CutPrefix(file, "-> ")
				switch {
				case redirect:
					http.Redirect(w, r, to, http.StatusFound)
				case strings.Contains(file, "; rel="):
					w.Header().Set("Link", file)
				case ok:
					fmt.Fprint(w, file)
				default:
					http.NotFound(w, r)
				}
			}))
			defer server.Close()
			base, err := url.Parse(server.URL + test.base)
			if err != nil {
				t.Fatal(err)
			}
			d, err := Discover(t.Context(), base, Options{Fields: statute.Fields{{Name: "X-Key", Value: "k"}}})
			want := strings.NewReplacer("BASE", server.URL, "AWAY", away.URL).Replace(test.err)
			if got := fmt.Sprint(err); got != want && (err != nil || want != "") {
				t.Errorf("got error %q, want %q", got, want)
			}
			got := ""
			if d != nil {
				got = strings.TrimPrefix(d.Location, server.URL)
			}
			if got != test.want {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
}

func TestDiscoverNoServer(t *testing.T) {
	server := httptest.NewServer(nil)
	base, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	server.Close()
	d, err := Discover(t.Context(), base, Options{Client: &http.Client{Timeout: 5 * time.Second}})
	if d != nil || err == nil || !strings.HasPrefix(err.Error(), "asking "+server.URL+" for its description: ") {
		t.Errorf("got %v, %v", d, err)
	}
}
