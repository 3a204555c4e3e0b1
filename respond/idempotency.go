package respond

import (
	"bytes"
	"cmp"
	"container/list"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
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
//
// A request that is answered 504 by [Timeout] is running until its handler has
// returned; what the handler returns then is kept for the repeats. A request of
// which no end is heard, because the server died or the store failed, counts as
// running for as long as an answer is kept: nobody knows what it did, and to run
// it once more could do it twice. So does one that succeeded after its 504 with
// an answer that cannot be kept, such as [Served].
type Idempotency struct {
	Store    ReplayStore
	Optional bool          // requests without a key are served as they are
	Keep     time.Duration // how long an answer is kept; 0 is 24 hours
}

// ReplayStore keeps what is known of idempotency keys. It must be safe for
// concurrent use; the keys it gets are hashes of one length. A claim is a value
// that no other request has, so that a request which takes longer than its claim
// is kept does not touch what another has stored since.
type ReplayStore interface {
	// Reserve stores a claim under a key that has no value, for some time, and
	// returns nil; or it returns the value that is there. It does so in one step.
	Reserve(ctx context.Context, key string, claim []byte, keep time.Duration) (held []byte, err error)

	// Save stores a value under a key that has the claim, or no value any more,
	// for some time. It does so in one step.
	Save(ctx context.Context, key string, claim, value []byte, keep time.Duration) error

	// Release forgets a key that has the claim. It does so in one step.
	Release(ctx context.Context, key string, claim []byte) error
}

// Idempotent demands an Idempotency-Key of requests that are not safe; see
// [Idempotency].
func Idempotent(i Idempotency) Option {
	return func(rt *route) { rt.idempotency = &i }
}

// replay is what a store holds of a key: a claim, with the id of the request that
// made it, or its answer.
type replay struct {
	Content string      `json:"content"` // hash of the first request's content
	Claim   string      `json:"claim,omitempty"`
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
	claim, _ := json.Marshal(replay{Content: content, Claim: rand.Text()}) // texts can be written
	rec := &recording{idempotency: i, key: key, content: content, claim: claim}
	held, err := i.Store.Reserve(c, key, claim, i.keep())
	switch {
	case err != nil:
		rec.release(c, 503) // the claim may be there nevertheless
		c.fail(Unavailable(defaultRetry).Because(fmt.Errorf("reserving an idempotency key: %w", err)))
	case held != nil:
		c.repeat(held, content)
	default:
		c.replay = rec
		rec.run(c)
	}
}

func (i *Idempotency) keep() time.Duration { return cmp.Or(i.Keep, 24*time.Hour) }

// recording is the answer to the first request with a key.
type recording struct {
	idempotency *Idempotency
	key         string
	content     string // its hash
	claim       []byte
}

// run runs the handler and keeps its answer, unless that is yet to come.
func (rec *recording) run(c *call) {
	k := &keeper{ResponseWriter: c.w}
	c.w = k
	defer func() { // also when the answer broke off
		if c.late == nil {
			rec.settle(c, k, true)
		}
	}()
	c.answer(c.route.respond(c))
	k.whole = true
}

// finish keeps what a handler returned whose client was answered before. An
// answer that something else was to give is none. Without an error the work is
// done, so that it must not be repeated, even if its answer cannot be kept.
func (rec *recording) finish(c *call, got returned) {
	k := &keeper{ResponseWriter: &unsent{http.Header{}}}
	defer func() { rec.settle(c, k, got.err != nil) }()
	if _, ok := got.outcome.value.(served); ok {
		return
	}
	late := &call{
		Context: context.WithoutCancel(c.Context), api: c.api, route: c.route, w: k, r: c.r, id: c.id,
		mediaType: c.mediaType, principal: c.principal,
	}
	late.checked.Store(c.checked.Load())
	k.whole = try(HandlerFunc(func(*http.Request) (Outcome, error) {
		late.answer(got.outcome, got.err)
		return Outcome{}, nil
	}), c.r).err == nil
}

// settle stores the answer. If it cannot be kept, it forgets the key where the
// request may be repeated, and leaves the claim where not.
func (rec *recording) settle(c *call, k *keeper, repeatable bool) {
	if !k.whole || k.cut || k.code == 0 || k.code >= 500 || k.code == 408 || k.code == 429 {
		if repeatable {
			rec.release(c, k.code)
		}
		return
	}
	value, err := json.Marshal(replay{Content: rec.content, Code: k.code, Header: k.header, Body: k.body.Bytes()})
	if err == nil {
		err = rec.idempotency.Store.Save(context.WithoutCancel(c), rec.key, rec.claim, value, rec.idempotency.keep())
	}
	if err != nil {
		c.log(slog.LevelError, k.code, fmt.Errorf("keeping an answer: %w", err))
	}
}

// release forgets the key.
func (rec *recording) release(c *call, code int) {
	if err := rec.idempotency.Store.Release(context.WithoutCancel(c), rec.key, rec.claim); err != nil {
		c.log(slog.LevelError, code, fmt.Errorf("releasing an idempotency key: %w", err))
	}
}

// unsent is a ResponseWriter for an answer that has no client any more.
type unsent struct{ header http.Header }

func (u *unsent) Header() http.Header         { return u.header }
func (u *unsent) WriteHeader(int)             {}
func (u *unsent) Write(b []byte) (int, error) { return len(b), nil }

// repeat answers a request whose key is known.
func (c *call) repeat(held []byte, content string) {
	var first replay
	err := json.Unmarshal(held, &first)
	switch {
	case err != nil:
		c.fail(fmt.Errorf("reading what is known of an idempotency key: %w", err))
	case first.Content != content:
		c.fail(Problem{Code: 422}.New("the Idempotency-Key came with another request before"))
	case first.Code == 0:
		c.fail(Conflict("the first request with this Idempotency-Key is still running, or its end is not known"))
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

// maxKept is how large an answer may be to be kept, in bytes.
const maxKept = 1 << 20

// keeper is a ResponseWriter that keeps what goes through it.
type keeper struct {
	http.ResponseWriter
	code   int
	header http.Header
	body   bytes.Buffer
	cut    bool // it was too large
	whole  bool // it did not break off
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
	if k.cut = k.cut || k.body.Len()+len(b) > maxKept; !k.cut {
		k.body.Write(b)
	}
	return k.ResponseWriter.Write(b)
}

// Unwrap is what http.ResponseController looks for.
func (k *keeper) Unwrap() http.ResponseWriter { return k.ResponseWriter }

// MemoryStore is a [ReplayStore] within one process. Its zero value is ready.
// When it is full, it forgets the answers first that it has kept longest: who
// may send very many requests shortens the time for all, so [Limit] them.
type MemoryStore struct {
	MaxBytes int64            // how much of answers it keeps, about; 0 is 64 MiB
	Now      func() time.Time // nil is time.Now

	mu     sync.Mutex
	values map[string]*held
	oldest list.List // of the keys that have answers
	bytes  int64     // of the answers
}

// held is what a MemoryStore holds of a key.
type held struct {
	value []byte
	until time.Time
	place *list.Element // among the answers; nil for a claim
}

// size returns about how much memory an answer takes, in bytes.
func (h *held) size() int64 { return int64(len(h.value)) + 400 }

func (s *MemoryStore) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

// Reserve implements [ReplayStore].
func (s *MemoryStore) Reserve(_ context.Context, key string, claim []byte, keep time.Duration) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if h, ok := s.values[key]; ok && now.Before(h.until) {
		return h.value, nil
	}
	s.set(key, &held{value: claim, until: now.Add(keep)})
	return nil, nil
}

// Save implements [ReplayStore].
func (s *MemoryStore) Save(_ context.Context, key string, claim, value []byte, keep time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if h, ok := s.values[key]; ok && now.Before(h.until) && !bytes.Equal(h.value, claim) {
		return nil
	}
	answer := &held{value: value, until: now.Add(keep), place: s.oldest.PushBack(key)}
	s.set(key, answer)
	s.bytes += answer.size()
	limit := cmp.Or(s.MaxBytes, 64<<20)
	for front := s.oldest.Front(); front != nil; front = s.oldest.Front() {
		key := front.Value.(string)
		if s.bytes <= limit && now.Before(s.values[key].until) {
			break
		}
		s.remove(key)
	}
	return nil
}

// Release implements [ReplayStore].
func (s *MemoryStore) Release(_ context.Context, key string, claim []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h, ok := s.values[key]; ok && bytes.Equal(h.value, claim) {
		s.remove(key)
	}
	return nil
}

func (s *MemoryStore) set(key string, h *held) {
	s.remove(key)
	if s.values == nil {
		s.values = map[string]*held{}
	}
	s.values[key] = h
}

func (s *MemoryStore) remove(key string) {
	if h, ok := s.values[key]; ok && h.place != nil {
		s.oldest.Remove(h.place)
		s.bytes -= h.size()
	}
	delete(s.values, key)
}
