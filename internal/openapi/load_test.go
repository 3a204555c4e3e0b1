package openapi

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
)

// TestSpecs reads the descriptions of real APIs.
func TestSpecs(t *testing.T) {
	specs := filepath.Join("..", "..", "..", "shared", "apis", "specs")
	if _, err := os.Stat(specs); err != nil {
		t.Skipf("the folder of real descriptions is not here: %v", err)
	}
	for _, test := range []struct {
		file       string
		operations int
		problems   []string
	}{
		{"alertmanager.yaml", 9, nil},
		{"conduit.yml", 19, nil},
		{"etherpad.json", 96, nil},
		{"gotify.json", 32, nil},
		{"lb4.json", 8, nil},
		{"memos.yaml", 73, nil},
		{"netdata.yaml", 19, nil},
		{"patchwork.yaml", 34, nil},
		{"pdns.yaml", 36, []string{
			"line 450: GET /servers/{server_id}/statistics responses.200.schema.items: is a list, not a schema: any value is assumed",
		}},
		{"redmine.yml", 77, nil},
		{"wiremock/wiremock-admin-api.yaml", 41, nil},
	} {
		t.Run(test.file, func(t *testing.T) {
			file := filepath.Join(specs, filepath.FromSlash(test.file))
			start := time.Now()
			d, err := Load(t.Context(), file, Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("read in %s", time.Since(start))
			if got := len(d.Operations); got != test.operations {
				t.Errorf("got %d operations, want %d", got, test.operations)
			}
			var problems []string
			for _, p := range d.Problems {
				problems = append(problems, strings.TrimPrefix(p.String(), file+": "))
			}
			if diff := cmp.Diff(test.problems, problems); diff != "" {
				t.Errorf("problems: -want +got:\n%s", diff)
			}
			checkSound(t, d)
		})
	}
}

func TestLoadSplit(t *testing.T) {
	d, err := Load(t.Context(), filepath.Join("testdata", "split", "openapi.yaml"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	const order = `order object{id!: integer, customer: Customer object{orders: array of [order...]}, missing: any}`
	want := `
POST /orders (createOrder)
  body application/json: ` + order + ` eg[{"id":17}]
  201 [Location]
GET /orders/{id} (getOrder)
  path id!: integer
  200 application/json: Envelope object{order: order object{id!: integer, customer: Customer object{orders: ...}, missing: any}}
GET /away
  200 application/json: any
`
	if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), show(d)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var places []string
	for _, op := range d.Operations {
		places = append(places, fmt.Sprintf("%s:%d", filepath.ToSlash(op.File), op.Line))
	}
	if diff := cmp.Diff([]string{
		"testdata/split/paths/orders.yaml:1", "testdata/split/paths/more.yaml:4", "testdata/split/openapi.yaml:9",
	}, places); diff != "" {
		t.Errorf("places: -want +got:\n%s", diff)
	}
	var problems []string
	for _, p := range d.Problems {
		problems = append(problems, filepath.ToSlash(p.String()))
	}
	if diff := cmp.Diff([]string{
		`testdata/split/openapi.yaml: line 15: GET /away responses.200.content.application/json.schema: $ref "https://schemas.example/order.json" is not followed:` +
			` it leads from a local file to the web; put that document beside this one, and refer to the copy: any value is assumed`,
		`testdata/split/schemas/order.yaml: line 6: properties.missing: $ref "nowhere.yaml": testdata/split/schemas/nowhere.yaml: no such file: any value is assumed`,
	}, problems); diff != "" {
		t.Errorf("problems: -want +got:\n%s", diff)
	}
}

// The problems of the file that the user named come first.
func TestLoadProblemsOrder(t *testing.T) {
	dir := t.TempDir()
	for name, doc := range map[string]string{
		"openapi.yaml": "openapi: 3.0.3\npaths:\n  /a: {$ref: a.yaml}\n  /b: text\n",
		"a.yaml":       "get: text\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(doc), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d, err := Load(t.Context(), filepath.Join(dir, "openapi.yaml"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range d.Problems {
		got = append(got, strings.TrimPrefix(p.String(), dir+string(filepath.Separator)))
	}
	if diff := cmp.Diff([]string{
		"openapi.yaml: line 4: /b: is a string, not an object: left out",
		"a.yaml: line 1: get: is a string, not an object: left out",
	}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestLoadFileErrors(t *testing.T) {
	dir := t.TempDir()
	api := filepath.Join(dir, "openapi.yaml")
	if err := os.WriteFile(api, []byte("openapi: 3.0.3\npaths: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, location string
		options        Options
		want           string
	}{
		{"missing", filepath.Join(dir, "openapi.yml"), Options{}, "no such file; did you mean " + api + "?"},
		{"missing folder", filepath.Join(dir, "a", "b.yaml"), Options{}, "no such file"},
		{"folder", dir, Options{}, "is a directory, name the file in it; did you mean " + api + "?"},
		{"too large", api, Options{Limit: 10}, "is larger than 10 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Load(t.Context(), test.location, test.options)
			if err == nil {
				t.Fatal("got a description")
			}
			if diff := cmp.Diff("reading "+test.location+": "+test.want, err.Error()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// A local description must not make Statute read whatever lies on the disk.
func TestLoadLocalReferences(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink(os.DevNull, filepath.Join(dir, "device.yaml")); err != nil {
		t.Fatal(err)
	}
	const web = "it leads from a local file to the web; put that document beside this one, and refer to the copy"
	for _, test := range []struct{ ref, want string }{
		{"/etc/hostname", "is not followed: only relative paths are"},
		{"file:///etc/hostname", "is not followed: " + web},
		{"http://127.0.0.1:1/a.yaml", "is not followed: " + web},
		{"//127.0.0.1/a.yaml", "is not followed: " + web},
		{"device.yaml", "is not a regular file"},
		{".", "is a directory"},
	} {
		t.Run(test.ref, func(t *testing.T) {
			file := filepath.Join(dir, "openapi.yaml")
			doc := fmt.Sprintf("openapi: 3.0.3\npaths:\n  /a: {$ref: %q}\n", test.ref)
			if err := os.WriteFile(file, []byte(doc), 0o600); err != nil {
				t.Fatal(err)
			}
			d, err := Load(t.Context(), file, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(d.Problems) != 1 || d.Problems[0].Line != 3 || !strings.Contains(d.Problems[0].Message, test.want) {
				t.Errorf("problems are %v, want one in line 3: %s", d.Problems, test.want)
			}
		})
	}
}

func TestLoadURL(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a request left for another host")
	}))
	t.Cleanup(other.Close)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	serve := func(path, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Key") != "secret" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			fmt.Fprint(w, body)
		})
	}
	serve("/docs/api.yaml", `
openapi: 3.0.3
paths:
  /a: {$ref: ../parts/a.yaml}
  /b: {$ref: '`+other.URL+`/b.yaml'}
  /c: {$ref: 'file:///etc/hostname'}
  /d: {$ref: /parts/gone.yaml}
  /e: {$ref: /away}
`)
	serve("/parts/a.yaml", "get: {responses: {200: {description: ok}}}")
	mux.HandleFunc("/parts/gone.yaml", http.NotFound)
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/x?key=secret", http.StatusFound)
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/docs/api.yaml", http.StatusMovedPermanently)
	})
	mux.HandleFunc("/round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") })
	host := strings.TrimPrefix(server.URL, "http://")
	fields := statute.Fields{{Name: "x-key", Value: "secret"}}

	t.Run("description", func(t *testing.T) {
		d, err := Load(t.Context(), server.URL+"/moved?token=secret", Options{Fields: fields})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff("GET /a\n  200\n", show(d)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if want := server.URL + "/docs/api.yaml"; d.Location != want {
			t.Errorf("location is %s, want %s", d.Location, want)
		}
		var problems []string
		for _, p := range d.Problems {
			problems = append(problems, p.Message)
		}
		if diff := cmp.Diff([]string{
			`/b: $ref "` + other.URL + `/b.yaml" is not followed: it leads away from ` + host + `: left out`,
			`/c: $ref "file:///etc/hostname" is not followed: it leads away from ` + host + `: left out`,
			`/d: $ref "/parts/gone.yaml": ` + server.URL + `/parts/gone.yaml: the server answers 404 Not Found: is this its address?: left out`,
			`/e: $ref "/away": ` + server.URL + `/away: the server redirects to ` + other.URL + `/x?key=..., which is another place: name that address to read it: left out`,
		}, problems); diff != "" {
			t.Errorf("problems: -want +got:\n%s", diff)
		}
	})
	for _, test := range []struct{ name, location, want string }{
		{"credentials", server.URL + "/docs/api.yaml?token=secret", server.URL + "/docs/api.yaml?token=...: the server answers 401 Unauthorized:" +
			" it demands credentials: give them with --auth 'Authorization: ...'"},
		{"redirect", server.URL + "/away", server.URL + "/away: the server redirects to " + other.URL + "/x?key=..., which is another place: name that address to read it"},
		{"redirect without end", server.URL + "/round", server.URL + "/round: the server redirects more than 10 times"},
		{"not found", "http://user:secret@" + host + "/gone", "http://" + host + "/gone: the server answers 404 Not Found: is this its address?"},
		{"HTML", server.URL + "/page", server.URL + "/page: is HTML or XML, not a description in JSON or YAML;" +
			" if it is a documentation page, look there for a link that ends in .json or .yaml"},
		{"no host", "http:///a", "http:///a: the URL names no host"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Load(t.Context(), test.location, Options{})
			if err == nil {
				t.Fatal("got a description")
			}
			if diff := cmp.Diff("reading "+test.want, err.Error()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestSameHost(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"http://x.example/a", "http://X.example/b", true},
		{"http://x.example/a", "https://x.example/a", true},
		{"https://x.example/a", "http://x.example/a", false},
		{"http://x.example/a", "http://x.example:8080/a", false},
		{"http://x.example/a", "http://y.example/a", false},
		{"http://x.example/a", "file:///a", false},
	} {
		a, err := url.Parse(test.a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := url.Parse(test.b)
		if err != nil {
			t.Fatal(err)
		}
		if got := sameHost(a, b); got != test.want {
			t.Errorf("sameHost(%s, %s) = %t, want %t", a, b, got, test.want)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "apis", "specs", "memos.yaml"))
	if err != nil {
		b.Skipf("the folder of real descriptions is not here: %v", err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(data, "memos.yaml"); err != nil {
			b.Fatal(err)
		}
	}
}
