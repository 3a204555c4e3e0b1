package rules

import "testing"

func TestIsHTTP1(t *testing.T) {
	for proto, want := range map[string]bool{
		"HTTP/1.1": true, "http/1.0": true, "HTTP/2": false, "HTTP/3": false, "h2": false, "HTTP/": false, "": false,
	} {
		if got := isHTTP1(proto); got != want {
			t.Errorf("isHTTP1(%q) = %v, want %v", proto, got, want)
		}
	}
}

func TestSameProtocol(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"websocket", "WebSocket", true},
		{"foo/2", "Foo/2", true},
		{"foo/2", "foo", true},
		{"foo", "foo/2", true},
		{"foo/2", "foo/3", false},
		{"foo", "bar", false},
	}
	for _, tt := range tests {
		if got := sameProtocol(tt.a, tt.b); got != tt.want {
			t.Errorf("sameProtocol(%q, %q) = %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}
