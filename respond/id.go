package respond

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"sync"
)

// requestID is the header field that carries a request's id.
const requestID = "X-Request-Id"

// RequestID returns the id of the request that a context belongs to, "" if it
// belongs to none: the client's, if it sent a sane X-Request-Id, else one of
// the API's own. Logs, answers and problem documents carry it.
func RequestID(ctx context.Context) string {
	if c := callOf(ctx); c != nil {
		return c.id
	}
	return ""
}

// ids makes ids, many at once: each text is an allocation.
type ids struct {
	mu   sync.Mutex
	text string // ids not given out yet
}

const (
	idLength = 32 // hexadecimal digits
	idBatch  = 64
)

func (s *ids) next() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.text == "" {
		var random [idBatch * idLength / 2]byte
		for i := 0; i < len(random); i += 8 {
			binary.NativeEndian.PutUint64(random[i:], rand.Uint64()) // unique, not secret
		}
		s.text = hex.EncodeToString(random[:])
	}
	id := s.text[:idLength]
	s.text = s.text[idLength:]
	return id
}

// saneID reports whether an id sent by a client can go into logs and answers as
// it is.
func saneID(id string) bool {
	if len(id) == 0 || len(id) > 128 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '-', c == '_', c == '.', c == ':', c == '=', c == '+', c == '/', c == '@':
		default:
			return false
		}
	}
	return true
}
