package limit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

// Key says whose quota a request draws on. Requests with the same key share it;
// those for which a Key returns "" share one too.
type Key func(r *http.Request) string

// ByPrincipal returns the key of an authenticated principal, whose name comes
// from the context of the request: "principal:alice", or "" if there is none.
func ByPrincipal(name func(ctx context.Context) string) Key {
	return func(r *http.Request) string {
		if name := name(r.Context()); name != "" {
			return "principal:" + name
		}
		return ""
	}
}

// ByField returns the key of a credential in a header field, such as X-API-Key or
// Authorization, or "" if there is none. The key holds a digest, not the
// credential. Use it where the credential has been verified: otherwise a client
// gets a new quota for each one it makes up.
func ByField(name string) Key {
	return func(r *http.Request) string {
		values := r.Header.Values(name)
		if len(values) == 0 {
			return ""
		}
		sum := sha256.Sum256([]byte(strings.Join(values, "\n")))
		return "field:" + hex.EncodeToString(sum[:16])
	}
}

// First returns the first key that is not "": by principal for those who are
// known, by address for the others.
func First(keys ...Key) Key {
	return func(r *http.Request) string {
		for _, key := range keys {
			if k := key(r); k != "" {
				return k
			}
		}
		return ""
	}
}
