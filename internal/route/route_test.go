package route

import (
	"fmt"
	"strings"
	"testing"
)

func TestValue(t *testing.T) {
	for _, tt := range []struct {
		segment string
		want    bool
	}{
		{"17", true},
		{"-1", true},
		{"2026-11-21", true},
		{"2026-11-21T12:00:00Z", true},
		{"0b9c7f3e-51f2-4c9a-8d0e-6a1f3b2c4d5e", true},
		{"0B9C7F3E51F24C9A8D0E6A1F3B2C4D5E", true},
		{"d670460b4b4aece5915caf5c68d12f560a9fe3e4", true},
		{"9fceb02", true},
		{"01ARZ3NDEKTSV4RRFFQ69G5FAV", true}, // ULID
		{"cus_9s6XKzkNRiz8i3", true},
		{"order-17", true},
		{"sha256:9fceb02d0ae598e95dc970b74767f19372d61af8", true},
		{"ada@shop.example", true},
		{"ada%40shop.example", true},
		{"17,18,19", true},
		{"dQw4w9WgXcQ1a2", true},

		{"orders", false},
		{"v1", false},
		{"v1.2", false},
		{"v2beta1", false},
		{"openapi.json", false},
		{"oauth2", false},
		{"feedback", false}, // letters of hexadecimal figures alone make words
		{"defaced", false},
		{"line-items", false},
		{"internationalization", false},
		{"getUserById", false},
		{"utf8", false},
		{"base64", false},
		{"x-www-form-urlencoded", false},
		{"a,b", false},
		{"-", false},
		{"", false},
	} {
		if got := Value(tt.segment); got != tt.want {
			t.Errorf("Value(%q) = %t, want %t", tt.segment, got, tt.want)
		}
	}
}

func TestTemplate(t *testing.T) {
	var table Table
	for _, tt := range []struct{ path, want string }{
		{"/", "/"},
		{"/orders", "/orders"},
		{"/orders/", "/orders/"},
		{"/orders/17", "/orders/{id}"},
		{"/orders/17/items/3", "/orders/{id}/items/{id}"},
		{"/v1/customers/cus_9s6XKzkNRiz8i3", "/v1/customers/{id}"},
		{"*", "*"},
		{"", ""},
	} {
		if got := table.Template(tt.path, true); got != tt.want {
			t.Errorf("Template(%q) = %q, want %q", tt.path, got, tt.want)
		}
	}
}

// TestTemplateLearns sees that many names at one place become a parameter, that
// ids beside them stay, and that what nothing was found at decides nothing.
func TestTemplateLearns(t *testing.T) {
	var table Table
	for i := range 3 * maxNames {
		table.Template("/users/"+word(i)+"/posts", true)
		table.Template("/users/17/posts", true)
		table.Template("/"+word(i)+".php", false)
	}
	for _, tt := range []struct {
		path  string
		found bool
		want  string
	}{
		{"/users/ada/posts", true, "/users/{name}/posts"},
		{"/users/17/posts", true, "/users/{id}/posts"},
		{"/users", true, "/users"},
		{"/wp-login.php", false, "/{unknown}"},
		{"/orders", true, "/orders"},
	} {
		if got := table.Template(tt.path, tt.found); got != tt.want {
			t.Errorf("Template(%q, %t) = %q, want %q", tt.path, tt.found, got, tt.want)
		}
	}
}

// TestTemplateBounds sees that hostile paths do not make a table grow without
// end.
func TestTemplateBounds(t *testing.T) {
	var table Table
	deep := strings.Repeat("/a", 10*maxDepth)
	if got := table.Template(deep, true); !strings.HasSuffix(got, "/{rest}") || len(got) > 2*maxDepth+len("/{rest}") {
		t.Errorf("a deep path is %q", got)
	}
	for i := range 60 {
		for j := range 60 {
			for k := range 10 {
				table.Template(fmt.Sprintf("/%s/%s/%s", word(i), word(j), word(k)), i%2 == 0)
			}
		}
	}
	if n := table.root.size(); n != table.places || n > maxPlaces {
		t.Errorf("%d places, %d counted", n, table.places)
	}
	if got := table.Template("/never/seen", true); got != "/{rest}" {
		t.Errorf("beyond the limit a path is %q", got)
	}
}

// word returns the word of that number, of letters alone.
func word(i int) string {
	return string([]byte{'k', byte('g' + i/400%20), byte('g' + i/20%20), byte('g' + i%20)})
}

// FuzzTemplate sees that a template has no more segments than its path, is the
// same the next time, and is its own template's.
func FuzzTemplate(f *testing.F) {
	f.Add("/orders/17")
	f.Add("/a//b/")
	f.Fuzz(func(t *testing.T, path string) {
		var table Table
		got := table.Template(path, true)
		if strings.Count(got, "/") > strings.Count(path, "/") {
			t.Errorf("Template(%q) = %q has more segments", path, got)
		}
		if again := table.Template(path, true); again != got {
			t.Errorf("Template(%q) = %q, then %q", path, got, again)
		}
	})
}

func BenchmarkTemplate(b *testing.B) {
	var table Table
	b.ReportAllocs()
	for b.Loop() {
		table.Template("/v1/customers/cus_9s6XKzkNRiz8i3/orders/17", true)
	}
}
