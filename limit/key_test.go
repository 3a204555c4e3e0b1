package limit

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

func TestByAddress(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	forwarded, address := ByForwarded(proxies...), ByAddress(proxies...)
	for _, test := range []struct {
		name   string
		key    Key
		remote string
		lines  []string
		want   string
	}{
		{"no proxy", address, "192.0.2.1:5000", nil, "192.0.2.1"},
		{"a stranger's word", address, "192.0.2.1:5000", []string{"198.51.100.7"}, "192.0.2.1"},
		{"one proxy", address, "10.0.0.1:5000", []string{"198.51.100.7"}, "198.51.100.7"},
		{"made up before it", address, "10.0.0.1:5000", []string{"1.1.1.1, 198.51.100.7"}, "198.51.100.7"},
		{"two proxies", address, "10.0.0.1:5000", []string{"1.1.1.1, 198.51.100.7, 10.0.0.2"}, "198.51.100.7"},
		{"two lines", address, "10.0.0.1:5000", []string{"1.1.1.1", "198.51.100.7,10.0.0.2"}, "198.51.100.7"},
		{"all proxies", address, "10.0.0.1:5000", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"nothing said", address, "10.0.0.1:5000", nil, "10.0.0.1"},
		{"not known", address, "10.0.0.1:5000", []string{"1.1.1.1, unknown, 10.0.0.2"}, "10.0.0.2"},
		{"with a port", address, "10.0.0.1:5000", []string{"198.51.100.7:443"}, "198.51.100.7"},
		{"empty elements", address, "10.0.0.1:5000", []string{"198.51.100.7, ,", ""}, "198.51.100.7"},
		{"IPv6", address, "[2001:db8:1:2:3::4]:5000", nil, "2001:db8:1:2::/64"},
		{"IPv6 beside it", address, "[2001:db8:1:2:ffff::]:5000", nil, "2001:db8:1:2::/64"},
		{"IPv6 with a zone", address, "[fe80::1%eth0]:5000", nil, "fe80::/64"},
		{"IPv6 forwarded", address, "[fd00::1]:5000", []string{"2001:db8::1"}, "2001:db8::/64"},
		{"IPv4 in IPv6", address, "[::ffff:10.0.0.1]:5000", []string{"::ffff:198.51.100.7"}, "198.51.100.7"},
		{"Unix socket", address, "@", []string{"198.51.100.7"}, ""},

		{"Forwarded", forwarded, "10.0.0.1:5000", []string{"for=198.51.100.7"}, "198.51.100.7"},
		{"Forwarded, more of it", forwarded, "10.0.0.1:5000", []string{`For=1.1.1.1, for="198.51.100.7:80";proto=https;by=10.0.0.1`}, "198.51.100.7"},
		{"Forwarded, IPv6", forwarded, "10.0.0.1:5000", []string{`by="[fd00::1]";for="[2001:db8::1]:80"`}, "2001:db8::/64"},
		{"Forwarded, obscured", forwarded, "10.0.0.1:5000", []string{"for=1.1.1.1, for=_hidden"}, "10.0.0.1"},
		{"Forwarded, an open quote", forwarded, "10.0.0.1:5000", []string{`for=1.1.1.1;x=", for=198.51.100.7`}, "198.51.100.7"},
		{"Forwarded, an open quote before quotes", forwarded, "10.0.0.1:5000", []string{`for=1.1.1.1;x=", for="[2001:db8::1]"`}, "2001:db8::/64"},
		{"Forwarded, in another value", forwarded, "10.0.0.1:5000", []string{`host="a;for=1.1.1.1;b";for=198.51.100.7`}, "198.51.100.7"},
		{"Forwarded, in another value after a comma", forwarded, "10.0.0.1:5000", []string{`for=198.51.100.7;host="a,for=1.1.1.1;b"`}, "10.0.0.1"},
		{"Forwarded, in another value that opens", forwarded, "10.0.0.1:5000", []string{`for=198.51.100.7;host="a,for=1.1.1.1;b="`}, "10.0.0.1"},
		{"Forwarded, twice", forwarded, "10.0.0.1:5000", []string{"for=1.1.1.1;for=198.51.100.7"}, "10.0.0.1"},
		{"Forwarded, escapes", forwarded, "10.0.0.1:5000", []string{`for="198.51.100\.7"`}, "10.0.0.1"},
		{"Forwarded, something else", forwarded, "10.0.0.1:5000", []string{"198.51.100.7"}, "10.0.0.1"},
		{"Forwarded, not read by the other", address, "10.0.0.1:5000", []string{"for=198.51.100.7"}, "10.0.0.1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := "X-Forwarded-For"
			if strings.HasPrefix(test.name, "Forwarded") {
				name = "Forwarded"
			}
			r := &http.Request{RemoteAddr: test.remote, Header: http.Header{name: test.lines}}
			want := test.want
			if want != "" {
				want = "address:" + want
			}
			if got := test.key(r); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// FuzzForwarded holds that the last element of a trusted proxy decides, whatever a
// client sent before it.
func FuzzForwarded(f *testing.F) {
	f.Add(`for=1.1.1.1;x="`)
	f.Add(`"\`)
	f.Add(`,,;=`)
	forwarded := ByForwarded(netip.MustParsePrefix("10.0.0.0/8"))
	address := ByAddress(netip.MustParsePrefix("10.0.0.0/8"))
	f.Fuzz(func(t *testing.T, sent string) {
		const want = "address:198.51.100.7"
		r := &http.Request{RemoteAddr: "10.0.0.1:1", Header: http.Header{
			"Forwarded":       {sent + `, for="198.51.100.7:1";proto=http`},
			"X-Forwarded-For": {sent + ", 198.51.100.7, 10.0.0.2"},
		}}
		if got := forwarded(r); got != want {
			t.Errorf("Forwarded: got %s, want %s", got, want)
		}
		if got := address(r); got != want {
			t.Errorf("X-Forwarded-For: got %s, want %s", got, want)
		}
		r.Header.Set("Forwarded", sent)
		r.Header.Set("X-Forwarded-For", sent)
		forwarded(r)
		address(r)
	})
}

func TestKeys(t *testing.T) {
	type nameKey struct{}
	name := func(ctx context.Context) string {
		name, _ := ctx.Value(nameKey{}).(string)
		return name
	}
	key := First(ByPrincipal(name), ByField("X-API-Key"), ByAddress())
	r := &http.Request{RemoteAddr: "192.0.2.1:1", Header: http.Header{}}
	if got, want := key(r), "address:192.0.2.1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	r.Header.Set("X-API-Key", "secret")
	field := key(r)
	if !strings.HasPrefix(field, "field:") || strings.Contains(field, "secret") {
		t.Errorf("got %q, want a digest", field)
	}
	r.Header.Set("X-API-Key", "another")
	if key(r) == field {
		t.Error("two credentials, one key")
	}
	r = r.WithContext(context.WithValue(t.Context(), nameKey{}, "alice"))
	if got, want := key(r), "principal:alice"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := First()(r); got != "" {
		t.Errorf("got %q, want none", got)
	}
}
