package rules

import (
	"crypto/sha1"
	_ "embed"
	"encoding/base64"

	"github.com/statute-http/statute"
)

//go:embed websocket_accept_wrong.txtar
var docWebsocketAcceptWrong string

var rWebsocketAcceptWrong = &statute.Rule{
	ID:    "websocket-accept-wrong",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(6455, "4.2.2")},
	On:    []int{101},
	Needs: statute.SeenRequestFields | statute.SeenFields,
	Doc:   docWebsocketAcceptWrong,
	Check: func(p *statute.Pass) {
		key := p.Request.Fields.Get("Sec-WebSocket-Key")
		if !isNonce(key) || !p.Response.Fields.HasToken("Upgrade", "websocket") {
			return
		}
		accept, ok := p.Response.Fields.Lookup("Sec-WebSocket-Accept")
		switch {
		case !ok:
			p.Report(statute.Fault{
				Message:  "101 to a WebSocket without Sec-WebSocket-Accept",
				Expected: "Sec-WebSocket-Accept",
			})
		default:
			if due := acceptFor(key); accept != string(due[:]) {
				p.Report(statute.Fault{
					Message:  "101 to a WebSocket whose Sec-WebSocket-Accept does not follow from the key",
					Expected: "Sec-WebSocket-Accept: " + string(due[:]),
				})
			}
		}
	},
}

// nonceSize is the length of a Sec-WebSocket-Key: 16 bytes in base64.
const nonceSize = 24

// isNonce reports whether a Sec-WebSocket-Key is one (RFC 6455, 4.1).
func isNonce(key string) bool {
	var nonce [nonceSize]byte
	n, err := base64.StdEncoding.Decode(nonce[:], []byte(key[:min(len(key), nonceSize)]))
	return len(key) == nonceSize && err == nil && n == 16
}

// acceptFor returns the Sec-WebSocket-Accept that belongs to a key (RFC 6455,
// 4.2.2, item 5.4).
func acceptFor(key string) [28]byte {
	const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
	var both [nonceSize + len(guid)]byte
	copy(both[copy(both[:], key):], guid)
	sum := sha1.Sum(both[:])
	var accept [28]byte
	base64.StdEncoding.Encode(accept[:], sum[:])
	return accept
}
