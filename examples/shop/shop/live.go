package shop

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/statute-http/statute/respond"
)

// live shows an order to a WebSocket: as it is, and whenever it changes.
func (s *Shop) live(r *http.Request) (respond.Outcome, error) {
	id, err := pathID(r)
	if err != nil {
		return respond.Outcome{}, err
	}
	changes, leave := s.watchers.join(id)
	o, err := s.order(r.Context(), id)
	if err != nil {
		leave()
		return respond.Outcome{}, err
	}
	outcome, err := respond.WebSocket(func(_ context.Context, conn net.Conn, rw *bufio.ReadWriter) {
		defer leave()
		left := make(chan struct{})
		go func() {
			defer close(left)
			_, _ = rw.ReadByte() // the client has nothing to say but that it leaves
		}()
		show(s.ctx, rw.Writer, o, changes, left)
		_ = conn.SetReadDeadline(time.Now())
		<-left
	}).Respond(r)
	if err != nil {
		leave()
	}
	return outcome, err
}

// show sends the order and its changes until the client leaves or the context
// ends.
func show(ctx context.Context, w *bufio.Writer, o Order, changes <-chan Order, left <-chan struct{}) {
	for {
		message, err := json.Marshal(o)
		if err != nil || sendText(w, message) != nil {
			return
		}
		select {
		case o = <-changes:
		case <-left:
			_, _ = w.Write([]byte{0x88, 2, 0x03, 0xE8}) // close, 1000 (RFC 6455, 5.5.1 and 7.4.1)
			_ = w.Flush()
			return
		case <-ctx.Done():
			return
		}
	}
}

// sendText sends one unmasked text frame of less than 64 KiB (RFC 6455, 5.2).
func sendText(w *bufio.Writer, message []byte) error {
	head := []byte{0x81, byte(len(message))}
	if len(message) > 125 {
		head = []byte{0x81, 126, byte(len(message) >> 8), byte(len(message))}
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	if _, err := w.Write(message); err != nil {
		return err
	}
	return w.Flush()
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
// slow misses what is overtaken.
func (w *watchers) tell(o Order) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for changes := range w.orders[o.ID] {
		select {
		case <-changes:
		default:
		}
		changes <- o
	}
}
