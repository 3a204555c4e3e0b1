package shop

import (
	"bufio"
	"context"
	"encoding/binary"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/statute-http/statute/respond"
)

// live shows an order to a WebSocket: as it is, and whenever it changes, until the
// client leaves or its session expires. To speak as little as this does takes no
// library; who needs one puts it into [respond.Served].
func (s *Shop) live(r *http.Request) (respond.Outcome, error) {
	id, err := pathID(r)
	if err != nil {
		return respond.Outcome{}, err
	}
	if !sameOrigin(r) {
		return respond.Outcome{}, respond.Forbidden("pages of other origins may not watch orders")
	}
	if _, err := s.order(r.Context(), id); err != nil {
		return respond.Outcome{}, err
	}
	expires := caller(r.Context()).Expires
	return respond.WebSocket(func(_ context.Context, conn net.Conn, rw *bufio.ReadWriter) {
		s.watch(conn, rw.Reader, id, expires)
	}).Respond(r)
}

// watch shows an order to a client until the client leaves, the session expires or
// the shop is closed.
func (s *Shop) watch(conn net.Conn, r *bufio.Reader, id int64, expires time.Time) {
	s.working.Add(1)
	defer s.working.Done()
	ctx, cancel := context.WithTimeout(s.ctx, expires.Sub(s.now()))
	defer cancel()
	changes, leave := s.watchers.join(id)
	defer leave()
	o, err := s.orders.get(ctx, id) // after joining, so that no change is missed
	if err != nil {
		return
	}
	left := make(chan struct{})
	go func() {
		defer close(left)
		_, _ = r.ReadByte() // the client has nothing to say but that it leaves
	}()
	show(ctx, conn, o, changes, left)
	_ = conn.SetReadDeadline(time.Now())
	<-left
}

// sameOrigin reports whether a request comes from a page of this host, or from what
// is no browser. Browsers open WebSockets to any host for any page, and say in
// Origin for which (RFC 6455, 10.2).
func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, r.Host)
}

// Status codes of a close frame (RFC 6455, 7.4.1).
const (
	normal    = 1000
	goingAway = 1001
)

// show sends the order and its changes until the client leaves or the context
// ends.
func show(ctx context.Context, conn net.Conn, o Order, changes <-chan Order, left <-chan struct{}) {
	for {
		message, err := json.Marshal(o)
		if err != nil || sendFrame(conn, textFrame, message) != nil {
			return
		}
		for seen := o.Version; o.Version <= seen; {
			select {
			case o = <-changes:
			case <-left:
				_ = sendFrame(conn, closeFrame, binary.BigEndian.AppendUint16(nil, normal))
				return
			case <-ctx.Done():
				_ = sendFrame(conn, closeFrame, binary.BigEndian.AppendUint16(nil, goingAway))
				return
			}
		}
	}
}

// What the first byte of a frame says: that it is the whole message, and of what
// kind (RFC 6455, 5.2).
const (
	textFrame  = 0x81
	closeFrame = 0x88
)

// patience is how long a client may take to accept a message.
const patience = 10 * time.Second

// sendFrame sends an unmasked frame of less than 64 KiB (RFC 6455, 5.2).
func sendFrame(conn net.Conn, first byte, content []byte) error {
	frame := []byte{first, byte(len(content))}
	if len(content) > 125 {
		frame = binary.BigEndian.AppendUint16([]byte{first, 126}, uint16(len(content)))
	}
	if err := conn.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	_, err := conn.Write(append(frame, content...))
	return err
}

// watchers are those who want to know of changes to orders. Its zero value has
// none.
type watchers struct {
	mu     sync.Mutex
	orders map[int64]map[chan Order]bool
}

// join returns a channel that has the newest change of an order. It must be left.
func (w *watchers) join(order int64) (changes chan Order, leave func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.orders == nil {
		w.orders = map[int64]map[chan Order]bool{}
	}
	if w.orders[order] == nil {
		w.orders[order] = map[chan Order]bool{}
	}
	changes = make(chan Order, 1)
	w.orders[order][changes] = true
	return changes, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.orders[order], changes)
		if len(w.orders[order]) == 0 {
			delete(w.orders, order)
		}
	}
}

// tell tells those who watch an order how it is now. It waits for nobody: who is
// slow misses what is overtaken. Two changes may be told in the wrong order; the
// newer one stays.
func (w *watchers) tell(o Order) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for changes := range w.orders[o.ID] {
		newest := o
		select {
		case other := <-changes:
			if other.Version > o.Version {
				newest = other
			}
		default:
		}
		changes <- newest
	}
}
