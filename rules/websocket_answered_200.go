package rules

import (
	_ "embed"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed websocket_answered_200.txtar
var docWebsocketAnswered200 string

var rWebsocketAnswered200 = &statute.Rule{
	ID:    "websocket-answered-200",
	Level: statute.Should,
	Cite:  []statute.Section{statute.RFC(6455, "4.2.2"), statute.RFC(6455, "4.2.1")},
	On:    []int{2},
	Needs: statute.SeenRequestFields,
	Doc:   docWebsocketAnswered200,
	Check: func(p *statute.Pass) {
		if isWebSocketHandshake(&p.Request) {
			p.Report(statute.Fault{
				Message:  "WebSocket handshake answered with " + strconv.Itoa(p.Response.Status),
				Expected: "101, or 4xx to refuse",
			})
		}
	},
}
