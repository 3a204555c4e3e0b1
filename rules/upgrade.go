package rules

import (
	"strings"

	"github.com/statute-http/statute"
)

// isHTTP1 reports whether a protocol version is known to be HTTP/1.x, where
// alone there are Upgrade and Connection (RFC 9113, 8.2.2 and 8.6).
func isHTTP1(proto string) bool {
	return len(proto) > 5 && strings.EqualFold(proto[:5], "HTTP/") && proto[5] == '1'
}

// sameProtocol reports whether two members of Upgrade fields name the same
// protocol, of whatever version where one of them gives none.
//
//	protocol = protocol-name [ "/" protocol-version ]
//
// (RFC 9110, 7.8.)
func sameProtocol(a, b string) bool {
	nameA, versionA, _ := strings.Cut(a, "/")
	nameB, versionB, _ := strings.Cut(b, "/")
	return strings.EqualFold(nameA, nameB) && (versionA == versionB || versionA == "" || versionB == "")
}

// isWebSocketHandshake reports whether a request opens a WebSocket over
// HTTP/1.1 (RFC 6455, 4.1).
func isWebSocketHandshake(r *statute.Request) bool {
	return r.Method == "GET" && r.Fields.HasToken("Upgrade", "websocket") &&
		r.Fields.HasToken("Connection", "Upgrade") && r.Fields.Has("Sec-WebSocket-Key")
}
