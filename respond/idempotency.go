package respond

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/statute-http/statute"
)

// Idempotency makes requests repeatable that are not so by their method, by a
// key that the client chooses, in the field Idempotency-Key
// (draft-ietf-httpapi-idempotency-key-header, 2). The first request with a key
// runs the handler and its answer is kept; those that repeat it get that answer.
// A missing key is a 400, one whose first request is still running a 409, one
// that came with other content before a 422. Not kept are answers that broke
// off, that have more than 1 MiB, or that say to try again: 408, 429 and 500 to
// 599.
type Idempotency struct {
	Store    ReplayStore
	Optional bool          // requests without a key are served as they are
	Keep     time.Duration // how long an answer is kept; 0 is 24 hours
}

// ReplayStore keeps what is known of idempotency keys. It must be safe for
// concurrent use; the keys it gets are hashes of one length.
type ReplayStore interface {
	// Reserve stores a value under a key that has none, for some time, and
	// returns nil; or it returns the value that is there. It does so in one step.
	Reserve(ctx context.Context, key string, value []byte, keep time.Duration) (held []byte, err error)

	// Save replaces the value of a key, for some time.
	Save(ctx context.Context, key string, value []byte, keep time.Duration) error

	// Release forgets a key.
	Release(ctx context.Context, key string) error
}

// Idempotent demands an Idempotency-Key of requests that are not safe; see
// [Idempotency].
func Idempotent(i Idempotency) Option {
	return func(rt *route) { rt.idempotency = &i }
}

// running is how long a key is held for a request of which no end is heard, as
// when the server dies.
const running = 5 * time.Minute

// replay is what a store holds of a key. Code is 0 as long as the first request
// is running.
type replay struct {
	Content string      `json:"content"` // hash of the first request's content
	Code    int         `json:"code,omitzero"`
	Header  http.Header `json:"header,omitempty"`
	Body    []byte      `json:"body,omitempty"`
}

// serve answers a request by its key.
func (i *Idempotency) serve(c *call) {
	key, err := i.key(c)
	if err != nil {
		c.fail(err)
		return
	}
	if key == "" {
		c.answer(c.route.respond(c))
		return
	}
	content, err := digest(c.r)
	if err != nil {
		c.fail(err)
		return
	}
	claim, _ := json.Marshal(replay{Content: content}) // texts can be written
	held, err := i.Store.Reserve(c, key, claim, running)
	switch {
	case err != nil:
		c.fail(Unavailable(retry).Because(fmt.Errorf("reserving an idempotency key: %w", err)))
	case held != nil:
		c.replay(held, content)
	default:
		i.run(c, key, content)
	}
}

// run runs the handler and keeps its answer.
func (i *Idempotency) run(c *call, key, content string) {
	w := &keeper{ResponseWriter: c.w}
	c.w = w
	ctx := context.WithoutCancel(c)
	whole := false
	defer func() { // also when the answer broke off
		if !whole || w.code == 0 || w.code >= 500 || w.code == 408 || w.code == 429 || w.cut {
			if err := i.Store.Release(ctx, key); err != nil {
				c.log(slog.LevelError, w.code, fmt.Errorf("releasing an idempotency key: %w", err))
			}
			return
		}
		value, err := json.Marshal(replay{content, w.code, w.header, w.body.Bytes()})
		if err == nil {
			err = i.Store.Save(ctx, key, value, cmp.Or(i.Keep, 24*time.Hour))
		}
		if err != nil {
			c.log(slog.LevelError, w.code, fmt.Errorf("keeping an answer: %w", err))
		}
	}()
	c.answer(c.route.respond(c))
	whole = true
}

// replay answers a request whose key is known.
func (c *call) replay(held []byte, content string) {
	var first replay
	err := json.Unmarshal(held, &first)
	switch {
	case err != nil:
		c.fail(fmt.Errorf("reading what is known of an idempotency key: %w", err))
	case first.Content != content:
		c.fail(Problem{Code: 422}.New("the Idempotency-Key came with another request before"))
	case first.Code == 0:
		c.fail(Conflict("the first request with this Idempotency-Key is still running"))
	default:
		header := c.w.Header()
		for name, values := range first.Header {
			if header[name] == nil { // not the request's id and the state of its quota
				header[name] = values
			}
		}
		c.began = true
		c.w.WriteHeader(first.Code)
		_, _ = c.w.Write(first.Body) // the client may be gone
	}
}

// key returns the hash of a request's key, "" if it has none and needs none.
// Keys are told apart by principal, method and target.
func (i *Idempotency) key(c *call) (string, error) {
	if statute.SafeMethod(c.r.Method) {
		return "", nil
	}
	keys := c.r.Header["Idempotency-Key"]
	switch {
	case len(keys) == 0 && i.Optional:
		return "", nil
	case len(keys) != 1 || strings.Trim(keys[0], `"`) == "" || len(keys[0]) > 255:
		return "", BadRequest("send one Idempotency-Key of up to 255 characters")
	}
	caller, _ := Caller(c)
	sum := sha256.New()
	for _, part := range []string{caller.ID, c.r.Method, c.r.URL.EscapedPath(), c.r.URL.RawQuery, keys[0]} {
		fmt.Fprintf(sum, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// digest returns a hash of a request's content, which can be read again.
func digest(r *http.Request) (string, error) {
	var content []byte
	if r.Body != nil {
		var err error
		if content, err = io.ReadAll(r.Body); err != nil {
			return "", unreadable(err)
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(content))
	sum := sha256.Sum256(append([]byte(r.Header.Get("Content-Type")+"\n"), content...))
	return hex.EncodeToString(sum[:]), nil
}

// mostKept is how large an answer may be to be kept, in bytes.
const mostKept = 1 << 20

// keeper is a ResponseWriter that keeps what goes through it.
type keeper struct {
	http.ResponseWriter
	code   int
	header http.Header
	body   bytes.Buffer
	cut    bool // it was too large
}

func (k *keeper) WriteHeader(code int) {
	if k.code == 0 && code >= 200 {
		k.code, k.header = code, k.Header().Clone()
		for _, name := range [...]string{"Connection", "Content-Length", "Date"} {
			delete(k.header, name) // they belong to this one answer
		}
	}
	k.ResponseWriter.WriteHeader(code)
}

func (k *keeper) Write(b []byte) (int, error) {
	if k.code == 0 {
		k.WriteHeader(http.StatusOK)
	}
	if k.cut = k.cut || k.body.Len()+len(b) > mostKept; !k.cut {
		k.body.Write(b)
	}
	return k.ResponseWriter.Write(b)
}

// Unwrap is what http.ResponseController looks for.
func (k *keeper) Unwrap() http.ResponseWriter { return k.ResponseWriter }

// MemoryStore is a [ReplayStore] within one process. Its zero value is ready.
type MemoryStore struct {
	Now func() time.Time // nil is time.Now

	mu     sync.Mutex
	values map[string]held
}

type held struct {
	value []byte
	until time.Time
}

// mostKeys is how many keys a MemoryStore holds.
const mostKeys = 100_000

var errFull = errors.New("too many keys")

func (s *MemoryStore) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

// Reserve implements [ReplayStore].
func (s *MemoryStore) Reserve(_ context.Context, key string, value []byte, keep time.Duration) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if h, ok := s.values[key]; ok && now.Before(h.until) {
		return h.value, nil
	}
	if len(s.values) >= mostKeys {
		maps.DeleteFunc(s.values, func(_ string, h held) bool { return !now.Before(h.until) })
	}
	if len(s.values) >= mostKeys {
		return nil, errFull
	}
	if s.values == nil {
		s.values = map[string]held{}
	}
	s.values[key] = held{value, now.Add(keep)}
	return nil, nil
}

// Save implements [ReplayStore].
func (s *MemoryStore) Save(_ context.Context, key string, value []byte, keep time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[key] = held{value, s.now().Add(keep)}
	return nil
}

// Release implements [ReplayStore].
func (s *MemoryStore) Release(_ context.Context, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.values, key)
	return nil
}
