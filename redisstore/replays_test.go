package redisstore

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/statute-http/statute/respond"
)

var _ respond.ReplayStore = (*Replays)(nil)

func newReplays(t *testing.T, client redis.UniversalClient) *Replays {
	t.Helper()
	s, err := NewReplays(client, "test:")
	if err != nil {
		t.Fatal(err)
	}
	s.Timeout = 5 * time.Second
	return s
}

func TestReplays(t *testing.T) {
	s := newReplays(t, start(t).client())
	reserve := func(key, claim string) func() ([]byte, error) {
		return func() ([]byte, error) { return s.Reserve(t.Context(), key, []byte(claim), time.Minute) }
	}
	save := func(key, claim, value string) func() ([]byte, error) {
		return func() ([]byte, error) {
			return nil, s.Save(t.Context(), key, []byte(claim), []byte(value), time.Minute)
		}
	}
	release := func(key, claim string) func() ([]byte, error) {
		return func() ([]byte, error) { return nil, s.Release(t.Context(), key, []byte(claim)) }
	}
	steps := []struct {
		do   func() ([]byte, error)
		want string
	}{
		{reserve("k", "claim"), "none"},
		{reserve("k", "another"), "claim"},
		{reserve("k", "claim"), "none"}, // its own
		{release("k", "another"), "none"},
		{reserve("k", "another"), "claim"},
		{save("k", "another", "answer of another"), "none"},
		{reserve("k", "another"), "claim"},
		{save("k", "claim", "answer\x00\xff"), "none"},
		{reserve("k", "another"), "answer\x00\xff"},
		{release("k", "claim"), "none"},
		{reserve("k", "another"), "answer\x00\xff"},
		{reserve("released", "claim"), "none"},
		{release("released", "claim"), "none"},
		{reserve("released", "another"), "none"},
		{save("over", "claim", "answer"), "none"}, // its claim is over
		{reserve("over", "another"), "answer"},
		{func() ([]byte, error) { return s.Reserve(t.Context(), "short", []byte("claim"), time.Millisecond/2) }, "none"},
	}
	for i, step := range steps {
		held, err := step.do()
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		got := string(held)
		if held == nil {
			got = "none"
		}
		if got != step.want {
			t.Errorf("step %d: got %q, want %q", i, got, step.want)
		}
	}
	for { // until the last reservation is over
		held, err := s.Reserve(t.Context(), "short", []byte("next"), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if held == nil {
			break
		}
	}
}

// TestReplaysOnce holds that one of many reserves a key.
func TestReplaysOnce(t *testing.T) {
	server := start(t)
	for round := range 20 {
		var reserved atomic.Int64
		var group sync.WaitGroup
		for caller := range 8 {
			s := newReplays(t, server.client())
			group.Go(func() {
				held, err := s.Reserve(t.Context(), fmt.Sprint(round), []byte{byte(caller)}, time.Minute)
				if err != nil {
					t.Error(err)
				}
				if held == nil {
					reserved.Add(1)
				}
			})
		}
		group.Wait()
		if got := reserved.Load(); got != 1 {
			t.Errorf("%d callers reserved the key", got)
		}
	}
}

// lossy is a connection that loses the answer to a message, once.
type lossy struct {
	net.Conn
	message []byte
	lose    *atomic.Bool
	lost    bool
}

func (c *lossy) Write(b []byte) (int, error) {
	c.lost = c.lost || bytes.Contains(b, c.message) && c.lose.CompareAndSwap(true, false)
	return c.Conn.Write(b)
}

func (c *lossy) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.lost {
		c.Close()
		return 0, io.EOF
	}
	return n, err
}

// TestReplaysLostAnswer holds that a reservation that was made but not heard of is
// the caller's when the client tries again.
func TestReplaysLostAnswer(t *testing.T) {
	server := start(t)
	var lose atomic.Bool
	options := *server.client().Options()
	options.Dialer = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		return &lossy{Conn: conn, message: []byte("the claim"), lose: &lose}, err
	}
	client := redis.NewClient(&options)
	defer client.Close()
	s := newReplays(t, client)
	if _, err := s.Reserve(t.Context(), "another", []byte("first"), time.Minute); err != nil {
		t.Fatal(err)
	}
	lose.Store(true)
	held, err := s.Reserve(t.Context(), "k", []byte("the claim"), time.Minute)
	if held != nil || err != nil || lose.Load() {
		t.Errorf("got %q, %v, want the reservation", held, err)
	}
}
