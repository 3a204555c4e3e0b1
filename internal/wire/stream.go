package wire

import (
	"bufio"
	"io"
	"time"

	"github.com/statute-http/statute"
)

// The limits of what is read of a response that may never end. Its code and its
// fields are what matters.
const (
	streamTime = 500 * time.Millisecond
	streamSize = 64 << 10
)

// read reads a response to a request with that method. Of a stream of events it
// takes the beginning: that there is no end is no fault.
func (c *connection) read(method string) (*statute.Response, error) {
	response, err := statute.ReadResponse(c.reader, "HEAD", 0) // the header section
	if err != nil {
		return response, err
	}
	if !IsStream(response) {
		return response, response.ReadContent(c.reader, method, keepContent)
	}
	c.spent = true
	c.SetReadDeadline(time.Now().Add(streamTime))
	beginning := &io.LimitedReader{R: c.reader, N: streamSize}
	err = response.ReadContent(bufio.NewReader(beginning), method, streamSize)
	if beginning.N == 0 || isTimeout(err) {
		return response, nil
	}
	return response, err
}

// IsStream reports whether a response is one that goes on as long as the server
// has something to tell (HTML, 9.2).
func IsStream(r *statute.Response) bool {
	return r.Status == 200 && (r.MediaType() == "text/event-stream" || r.MediaType() == "multipart/x-mixed-replace")
}

// leave closes a WebSocket: it says that the purpose is fulfilled and waits a
// moment for the other side to say so too (RFC 6455, 5.5.1, 7.1.2).
func (c *connection) leave() {
	frame := []byte{0x88, 0x82, 's', 't', 'a', 't', 1000>>8 ^ 's', 1000&0xff ^ 't'} // Close, masked: code 1000
	if _, err := c.Write(frame); err == nil {
		c.SetReadDeadline(time.Now().Add(afterClose))
		_, _ = io.CopyN(io.Discard, c.reader, streamSize) // up to the end, which the other side makes
	}
}
