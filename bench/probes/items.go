package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// environment is what all servers share: the items, and how things fail.
type environment struct {
	items    *store
	upstream string // an address that refuses connections
	log      *journal
	needs    string // what the probe is about

	started, finish, done chan struct{} // of handlers that a probe waits for
	open                  []net.Conn
}

// item is what the API is about.
type item struct {
	ID      int    `json:"id"`
	Name    string `json:"name"`
	Qty     int    `json:"qty"`
	Version int    `json:"version"`
}

func (i item) location() string { return "/items/" + strconv.Itoa(i.ID) }
func (i item) tag() string      { return strconv.Itoa(i.Version) }

var (
	errNone  = errors.New("no such item")
	errTaken = errors.New("the name is taken")
)

// store holds items; at first one, a hammer of version 1.
type store struct {
	mu   sync.Mutex
	all  map[int]item
	last int
}

func newStore() *store { return &store{all: map[int]item{1: {1, "hammer", 1, 1}}, last: 1} }

func (s *store) list(limit int) []item {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []item{}
	for id := 1; id <= s.last; id++ {
		if i, ok := s.all[id]; ok && (limit == 0 || len(list) < limit) {
			list = append(list, i)
		}
	}
	return list
}

func (s *store) create(name string, qty int) (item, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.all {
		if i.Name == name {
			return item{}, errTaken
		}
	}
	s.last++
	i := item{s.last, name, qty, 1}
	s.all[i.ID] = i
	return i, nil
}

func (s *store) get(id int) (item, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.all[id]
	if !ok {
		return item{}, errNone
	}
	return i, nil
}

func (s *store) replace(id int, name string, qty int) (item, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.all[id]
	if !ok {
		return item{}, errNone
	}
	i := item{id, name, qty, old.Version + 1}
	s.all[id] = i
	return i, nil
}

func (s *store) remove(id int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.all[id]; !ok {
		return errNone
	}
	delete(s.all, id)
	return nil
}

// file is what GET /file serves.
const file = "0123456789abcdefghij"

var modified = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// serveFile serves the file by the standard library.
func serveFile(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("ETag", `"f1"`)
	w.Header().Set("Content-Type", "text/plain")
	http.ServeContent(w, r, "", modified, strings.NewReader(file))
}

// allowed says what a token may do: a right one, and read items.
func allowed(token string) (right, scope bool) {
	return token == "good" || token == "narrow", token == "good"
}

var (
	errPool    = errors.New("pool exhausted")
	errBreaker = errors.New("breaker open")
)

// fail fails in the way that is named.
func (e *environment) fail(r *http.Request, what string) error {
	ctx := r.Context()
	switch what {
	case "panic":
		panic("dial tcp: password=hunter2")
	case "plain":
		return errors.New("dial tcp: password=hunter2")
	case "norows":
		return fmt.Errorf("reading item: %w", sql.ErrNoRows)
	case "deadline":
		ctx, cancel := context.WithTimeout(ctx, time.Nanosecond)
		defer cancel()
		<-ctx.Done()
		return ctx.Err()
	case "refused": // by the server behind this one
		_, err := (&http.Client{Transport: &http.Transport{}}).Get("http://" + e.upstream)
		return err
	case "slow":
		_, err := (&net.Dialer{Timeout: time.Nanosecond}).Dial("tcp", e.upstream)
		return err
	case "pool":
		return fmt.Errorf("waiting for a connection: %w", errPool)
	case "breaker":
		return errBreaker
	case "canceled":
		return e.canceled(ctx)
	case "maxbytes":
		_, err := io.Copy(io.Discard, http.MaxBytesReader(nil, r.Body, 3))
		return fmt.Errorf("reading: %w", err)
	}
	return errNone
}

// breakOff writes a part and panics.
func breakOff(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, strings.Repeat(" ", 4<<10)+`{"partial":`)
	panic("late")
}
