package rules

import (
	_ "embed"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed 204_with_transfer_encoding.txtar
var doc204WithTransferEncoding string

var r204WithTransferEncoding = &statute.Rule{
	ID:    "204-with-transfer-encoding",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9112, "6.1")},
	Needs: statute.SeenFields | statute.SeenWire,
	Doc:   doc204WithTransferEncoding,
	Check: func(p *statute.Pass) {
		if code := unframedWith(p.Exchange, "Transfer-Encoding"); code != 0 {
			p.Report(statute.Fault{
				Message:  strconv.Itoa(code) + " with Transfer-Encoding",
				Expected: "no Transfer-Encoding",
			})
		}
	},
}
