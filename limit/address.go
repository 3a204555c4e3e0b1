package limit

import (
	"iter"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// ByAddress returns the key of the client's address, "address:192.0.2.1". IPv6
// clients that share the first 64 bits share a key, "address:2001:db8::/64",
// because that is what one subscriber has at least.
//
// Proxies are the networks of your own proxies. A request from elsewhere is known
// by the address it comes from. From one of them, X-Forwarded-For is read from
// its end: the last address that is no proxy's is the client's. What stands
// before it may be made up and is not looked at.
func ByAddress(proxies ...netip.Prefix) Key {
	return byAddress(proxies, "X-Forwarded-For", func(element string) string { return element })
}

// ByForwarded is [ByAddress] for proxies that write the field Forwarded (RFC 7239,
// 4). It is a choice and no fallback: clients can send the field that the proxies
// do not write.
func ByForwarded(proxies ...netip.Prefix) Key {
	return byAddress(proxies, "Forwarded", forwardedFor)
}

func byAddress(proxies []netip.Prefix, field string, node func(element string) string) Key {
	proxies = slices.Clone(proxies)
	trusted := func(a netip.Addr) bool {
		return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	return func(r *http.Request) string {
		client, ok := parseNode(r.RemoteAddr)
		if !ok {
			return "" // no TCP connection: a test, or a Unix socket
		}
		if trusted(client) {
			for element := range backwards(r.Header.Values(field)) {
				hop, ok := parseNode(node(element))
				if !ok {
					break // the proxy does not know, or does not say
				}
				client = hop
				if !trusted(client) {
					break
				}
			}
		}
		if client.Is6() {
			return "address:" + netip.PrefixFrom(client, 64).Masked().String()
		}
		return "address:" + client.String()
	}
}

// backwards yields the elements of a list field from its end. Commas divide even
// inside quotes: the last element is a proxy's, and no quote that a client left
// open before it can change where it begins.
func backwards(lines []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, line := range slices.Backward(lines) {
			for more := true; more; {
				element := line
				i := strings.LastIndexByte(line, ',')
				if more = i >= 0; more {
					line, element = line[:i], line[i+1:]
				}
				if element = strings.Trim(element, " \t"); element != "" && !yield(element) {
					return
				}
			}
		}
	}
}

// forwardedFor returns the value of the parameter for of an element of Forwarded,
// without quotes, or "" if the element has none or is malformed: its other
// parameters may hold what a client sent, and quotes that do not match would be
// read for what they are not (RFC 7239, 4).
//
//	forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] )
//	forwarded-pair    = token "=" value
//	value             = token / quoted-string
func forwardedFor(element string) string {
	client := ""
	for rest := element; rest != ""; {
		name, value, ok := strings.Cut(rest, "=")
		if !ok || strings.ContainsAny(name, `"; `) {
			return ""
		}
		if quoted, ok := strings.CutPrefix(value, `"`); ok {
			if value, rest, ok = strings.Cut(quoted, `"`); !ok || rest != "" && rest[0] != ';' || strings.Contains(value, `\`) {
				return ""
			}
			rest = strings.TrimPrefix(rest, ";")
		} else if value, rest, _ = strings.Cut(value, ";"); strings.Contains(value, `"`) {
			return ""
		}
		if strings.EqualFold(name, "for") {
			if client != "" {
				return ""
			}
			client = value
		}
	}
	return client
}

// parseNode parses an address with or without a port: 192.0.2.1, 192.0.2.1:80,
// 2001:db8::1, [2001:db8::1], [2001:db8::1]:80. An IPv4 address inside an IPv6
// one is taken for what it is; a zone is left out.
func parseNode(s string) (netip.Addr, bool) {
	addr, err := netip.ParseAddr(s)
	if err != nil {
		if inner, ok := strings.CutPrefix(s, "["); ok && strings.HasSuffix(inner, "]") {
			addr, err = netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		} else {
			var port netip.AddrPort
			port, err = netip.ParseAddrPort(s)
			addr = port.Addr()
		}
	}
	return addr.Unmap().WithZone(""), err == nil
}
