package statute

import "testing"

func TestRequestTarget(t *testing.T) {
	for _, tt := range []struct {
		scheme, authority, target string
		path, query, url          string
	}{
		{"https", "shop.example", "/orders/17?a=b?c", "/orders/17", "a=b?c", "https://shop.example/orders/17?a=b?c"},
		{"", "shop.example", "/a%20b", "/a%20b", "", "http://shop.example/a%20b"},
		{"https", "", "/a", "/a", "", "/a"},
		{"", "proxy.example", "http://shop.example/a?b", "/a", "b", "http://shop.example/a?b"},
		{"", "", "https://shop.example", "/", "", "https://shop.example"},
		{"", "shop.example", "/go/http://a.example/b", "/go/http://a.example/b", "", "http://shop.example/go/http://a.example/b"},
		{"", "shop.example", "/go?to=http://a.example/", "/go", "to=http://a.example/", "http://shop.example/go?to=http://a.example/"},
		{"", "shop.example", "*", "*", "", "http://shop.example/*"},
		{"", "shop.example", "", "", "", "http://shop.example/"},
	} {
		r := Request{Scheme: tt.scheme, Authority: tt.authority, Target: tt.target}
		if r.Path() != tt.path || r.Query() != tt.query || r.URL() != tt.url {
			t.Errorf("%q: path %q, query %q, URL %q; want %q, %q, %q", tt.target, r.Path(), r.Query(), r.URL(), tt.path, tt.query, tt.url)
		}
	}
}

func TestSafe(t *testing.T) {
	for method, want := range map[string]bool{
		"GET": true, "HEAD": true, "OPTIONS": true, "TRACE": true,
		"POST": false, "PUT": false, "PATCH": false, "DELETE": false, "CONNECT": false, "get": false, "": false,
	} {
		if got := (&Request{Method: method}).Safe(); got != want {
			t.Errorf("%q is safe: %v", method, got)
		}
	}
}

func TestBodyEmpty(t *testing.T) {
	for _, tt := range []struct {
		body Body
		want bool
	}{
		{Body{}, true},
		{Body{Bytes: []byte{}}, true},
		{Body{Bytes: []byte("a"), Size: 1}, false},
		{Body{Size: 5, Cut: true}, false},
	} {
		if got := tt.body.Empty(); got != tt.want {
			t.Errorf("%+v is empty: %v", tt.body, got)
		}
	}
}

func TestSeen(t *testing.T) {
	if SeenFields.Has(SeenFields|SeenBody) || !SeenAll.Has(SeenFields|SeenBody) || !Seen(0).Has(0) {
		t.Error("Has does not ask for all parts")
	}
	if SeenAll.Has(SeenCause) || SeenAll.Has(SeenControl) || SeenAll.Has(SeenDeclared) {
		t.Error("what cannot be seen from outside is in SeenAll")
	}
	if got, want := (SeenFields | SeenBody | SeenDeclared).String(), "header fields, content, description"; got != want {
		t.Errorf("text = %q, want %q", got, want)
	}
	if got := Seen(0).String(); got != "" {
		t.Errorf("nothing = %q", got)
	}
}

func TestDeclared(t *testing.T) {
	for _, tt := range []struct {
		responses     []string
		code          int
		names, covers bool
	}{
		{[]string{"200", "404"}, 404, true, true},
		{[]string{"200", "404"}, 403, false, false},
		{[]string{"4XX"}, 404, false, true},
		{[]string{"4xx"}, 499, false, true},
		{[]string{"4XX"}, 500, false, false},
		{[]string{"default"}, 500, false, true},
		{[]string{"", "2", "2000", "2X0"}, 200, false, false},
		{nil, 200, false, false},
	} {
		d := &Declared{Responses: tt.responses}
		if d.Names(tt.code) != tt.names || d.Covers(tt.code) != tt.covers {
			t.Errorf("%q names %d: %v, covers it: %v", tt.responses, tt.code, d.Names(tt.code), d.Covers(tt.code))
		}
	}
	if d := (*Declared)(nil); d.Names(200) || d.Covers(200) {
		t.Error("no description lists a code")
	}
}

func TestOperation(t *testing.T) {
	if got := (Operation{"GET", "/orders/{id}"}).String(); got != "GET /orders/{id}" {
		t.Errorf("operation = %q", got)
	}
	if got := (Operation{}).String(); got != "" {
		t.Errorf("no operation = %q", got)
	}
}
