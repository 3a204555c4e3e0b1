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
	steps := []struct {
		do   func() ([]byte, error)
		want string
	}{
		{func() ([]byte, error) { return s.Reserve(t.Context(), "k", []byte("claim"), time.Minute) }, "none"},
		{func() ([]byte, error) { return s.Reserve(t.Context(), "k", []byte("claim"), time.Minute) }, "claim"},
		{func() ([]byte, error) { return s.Reserve(t.Context(), "other", nil, time.Minute) }, "none"},
		{func() ([]byte, error) { return s.Reserve(t.Context(), "other", nil, time.Minute) }, ""},
		{func() ([]byte, error) { return nil, s.Save(t.Context(), "k", []byte("answer\x00\xff"), time.Minute) }, "none"},
		{func() ([]byte, error) { return s.Reserve(t.Context(), "k", []byte("claim"), time.Minute) }, "answer\x00\xff"},
		{func() ([]byte, error) { return nil, s.Release(t.Context(), "k") }, "none"},
		{func() ([]byte, error) { return s.Reserve(t.Context(), "k", []byte("claim"), time.Millisecond/2) }, "none"},
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
		held, err := s.Reserve(t.Context(), "k", []byte("next"), time.Hour)
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
		for range 8 {
			s := newReplays(t, server.client())
			group.Go(func() {
				held, err := s.Reserve(t.Context(), fmt.Sprint(round), []byte("claim"), time.Minute)
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

// TestReplaysForeign holds that a value which somebody else wrote is an error.
func TestReplaysForeign(t *testing.T) {
	server := start(t)
	if err := server.client().Set(t.Context(), "test:k", "text", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if held, err := newReplays(t, server.client()).Reserve(t.Context(), "k", []byte("claim"), time.Minute); err == nil {
		t.Errorf("got %q, want an error", held)
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
