package check

import (
	"context"
	"net/url"
	"time"

	"github.com/statute-http/statute"
)

// Send sends the request of x to the server that the URL names, over a
// connection of its own, and fills in what came back. The request needs all its
// fields. The error is that the server cannot be reached; what else goes wrong
// stands in x.Error.
func Send(ctx context.Context, server *url.URL, timeout time.Duration, x *statute.Exchange) error {
	c := newClient(server, timeout)
	defer c.close()
	return c.do(ctx, x)
}
