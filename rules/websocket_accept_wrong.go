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
		if nonce, err := base64.StdEncoding.DecodeString(key); err != nil || len(nonce) != 16 || !p.Response.Fields.HasToken("Upgrade", "websocket") {
			return
		}
		accept, ok := p.Response.Fields.Lookup("Sec-WebSocket-Accept")
		switch {
		case !ok:
			p.Report(statute.Fault{
				Message:  "101 to a WebSocket without Sec-WebSocket-Accept",
				Expected: "Sec-WebSocket-Accept",
			})
		case accept != acceptFor(key):
			p.Report(statute.Fault{
				Message:  "101 to a WebSocket whose Sec-WebSocket-Accept does not follow from the key",
				Expected: "Sec-WebSocket-Accept: " + acceptFor(key),
			})
		}
	},
}

// acceptFor returns the Sec-WebSocket-Accept that belongs to a key (RFC 6455,
// 4.2.2, item 5.4).
func acceptFor(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}
