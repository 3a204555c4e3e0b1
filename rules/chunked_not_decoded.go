package rules

import (
	"bytes"
	_ "embed"
	"strconv"

	"github.com/statute-http/statute"
)

//go:embed chunked_not_decoded.txtar
var docChunkedNotDecoded string

var rChunkedNotDecoded = &statute.Rule{
	ID:    "chunked-not-decoded",
	Level: statute.Must,
	Cite:  []statute.Section{statute.RFC(9112, "7.1")},
	On:    []int{2, 400, 422, 501},
	Needs: statute.SeenRequestFields | statute.SeenRequestBody | statute.SeenBody,
	Over:  []string{"415-patch-without-accept-patch", "501-for-known-method", "body-contradicts-code"},
	Doc:   docChunkedNotDecoded,
	Compare: func(p *statute.Pass) {
		if write := framedBy(p); write != nil {
			f := statute.Fault{
				Message:  "chunked content stored or returned with its chunk sizes",
				Expected: "the content without its transfer coding",
			}
			if write != p.Exchange {
				f.Before, f.At = []*statute.Exchange{write}, write
			}
			p.Report(f)
			return
		}
		if p.Response.Class() == 2 || p.Case == nil || p.Case.Cause != statute.Chunked || !succeeded(p) || p.Request.Body.Empty() {
			return
		}
		byControl(p, statute.Fault{
			Message:  "chunked content refused with " + strconv.Itoa(p.Response.Status) + " that is accepted with Content-Length",
			Expected: "as with Content-Length, or 411",
		})
	},
}

// framedBy returns the request whose chunked content shows in a 2xx answer with
// the mark of its last chunk: the exchange's own, or the latest write to that
// path where the exchange reads it; nil if there is none.
func framedBy(p *statute.Pass) *statute.Exchange {
	content := p.Response.Body.Bytes
	if p.Response.Class() != 2 || !holdsLastChunk(content) {
		return nil
	}
	write := p.Exchange
	if p.Request.Method == "GET" {
		past := p.Past(p.Request.Path())
		i := len(past) - 1
		for i >= 0 && !writes(past[i]) {
			i--
		}
		if i < 0 || !sameSender(past[i], p.Exchange) {
			return nil
		}
		write = past[i]
	}
	sent := write.Request.Body.Bytes
	if len(sent) == 0 || !write.Request.Fields.HasToken("Transfer-Encoding", "chunked") || holdsLastChunk(sent) {
		return nil
	}
	return write
}

// holdsLastChunk reports whether content holds the end of a chunked message, as
// it is or in a JSON string.
func holdsLastChunk(content []byte) bool {
	return bytes.Contains(content, []byte("\r\n0\r\n")) || bytes.Contains(content, []byte(`\r\n0\r\n`))
}
