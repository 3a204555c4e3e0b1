package redisstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

const defaultTimeout = 250 * time.Millisecond

// within limits a call to the time that a store may take.
func within(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, cmp.Or(timeout, defaultTimeout))
}

// check returns what is wrong with a client: it must heed deadlines, and it must
// not go to another server, which knows nothing, when one is missing.
func check(client redis.UniversalClient) error {
	var heeds bool
	switch c := client.(type) {
	case *redis.Client:
		heeds = c.Options().ContextTimeoutEnabled
	case *redis.ClusterClient:
		heeds = c.Options().ContextTimeoutEnabled
	default:
		return fmt.Errorf("the client is a %T, want a *redis.Client or a *redis.ClusterClient", client)
	}
	if !heeds {
		return errors.New("the client does not heed deadlines: set ContextTimeoutEnabled in its options")
	}
	return nil
}
