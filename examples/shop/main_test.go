package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/statute-http/statute/client"
	"github.com/statute-http/statute/internal/cli"
)

const (
	clients = 32
	total   = 10_000 // requests
	kills   = 5
)

// TestKilled sends mixed requests while the server is killed and started again,
// and wants every order that was answered 201 to be there afterwards.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a while")
	}
	s := newServer(t)
	s.start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	s.logIn(ctx, t)

	var (
		working sync.WaitGroup
		ticks   = make(chan struct{}, total)
		created = make([]map[string]string, clients) // for each client, notes by location
	)
	for i := range clients {
		created[i] = map[string]string{}
		working.Go(func() { s.work(ctx, t, i, created[i], ticks) })
	}
	go func() {
		working.Wait()
		close(ticks)
	}()
	sent := 0
	for range ticks {
		if sent++; sent%(total/(kills+1)) == 0 && sent < total {
			s.kill(t)
			s.start(t)
		}
	}
	if sent != total {
		t.Errorf("got answers to %d requests, want %d", sent, total)
	}

	s.kill(t)
	s.start(t)
	orders := 0
	for _, notes := range created {
		for location, note := range notes {
			orders++
			var o struct{ Note string }
			if err := s.do(ctx, "GET", location, "", "", &o); err != nil {
				t.Errorf("%s was answered 201: %v", location, err)
			} else if o.Note != note {
				t.Errorf("%s: got note %q, want %q", location, o.Note, note)
			}
		}
	}
	if orders < total/4 {
		t.Errorf("only %d orders were made", orders)
	}
	t.Logf("%d requests, %d orders, %d kills", sent, orders, kills+1)
}

// TestChecked holds the README to its word: with the principals of statute.yaml
// each operation is reached, and there is no finding of any level.
func TestChecked(t *testing.T) {
	s := newServer(t)
	s.start(t)
	if err := s.do(t.Context(), "GET", "/health", "", "", nil); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"admin", "ada", "grace"} {
		t.Setenv("SHOP_"+strings.ToUpper(who), who+"-demo")
	}
	var report, errs bytes.Buffer
	args := []string{"check", "--config", "statute.yaml", "--url", "http://" + s.address, "--fail-on", "advice"}
	if status := cli.Main(args, strings.NewReader(""), &report, &errs); status != 0 {
		t.Errorf("exit status %d: %s", status, errs.Bytes())
	}
	parts := regexp.MustCompile(`  (\d+) of (\d+) operations reached  `).FindStringSubmatch(report.String())
	if parts == nil || parts[1] != parts[2] || strings.Contains(report.String(), "not deleted") {
		t.Errorf("got:\n%s", report.Bytes())
	}
}

// server is the command in a process of its own.
type server struct {
	binary, file, address string
	client                *http.Client
	token                 string
	running               *exec.Cmd
}

func newServer(t *testing.T) *server {
	t.Helper()
	dir := t.TempDir()
	s := &server{binary: filepath.Join(dir, "shop"), file: filepath.Join(dir, "shop.db")}
	if out, err := exec.Command("go", "build", "-o", s.binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("building the shop: %v\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	base := &http.Transport{MaxIdleConnsPerHost: clients}
	t.Cleanup(base.CloseIdleConnections)
	s.client = (&client.Transport{Base: base, Tries: 30, Backoff: 20 * time.Millisecond}).Client()
	return s
}

// start starts the process. Clients try again until it serves.
func (s *server) start(t *testing.T) {
	t.Helper()
	running := exec.Command(s.binary, "--addr", s.address, "--db", s.file)
	if err := running.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // of no effect if it was killed before
		_ = running.Process.Kill()
		_ = running.Wait()
	})
	s.running = running
}

// kill ends the process where it stands.
func (s *server) kill(t *testing.T) {
	t.Helper()
	if err := s.running.Process.Signal(os.Kill); err != nil {
		t.Fatal(err)
	}
	if err := s.running.Wait(); err == nil {
		t.Fatal("the server ended by itself")
	}
}

func (s *server) logIn(ctx context.Context, t *testing.T) {
	t.Helper()
	var session struct{ Token string }
	err := s.do(ctx, "POST", "/sessions", `{"email":"ada@shop.example","password":"ada-demo"}`, "log-in", &session)
	if err != nil {
		t.Fatal(err)
	}
	s.token = session.Token
}

// work sends one client's share of the requests, and notes what was created.
func (s *server) work(ctx context.Context, t *testing.T, number int, created map[string]string, ticks chan<- struct{}) {
	var order struct {
		ID   int64
		Note string
	}
	location := ""
	share := total / clients
	if number < total%clients {
		share++
	}
	for n := range share {
		var err error
		switch note := fmt.Sprintf("request %d of client %d", n, number); n % 6 {
		case 0, 2:
			content := fmt.Sprintf(`{"note":%q,"lines":[{"item_id":1,"quantity":2}]}`, note)
			if err = s.do(ctx, "POST", "/orders", content, note, &order); err == nil {
				location = fmt.Sprintf("/orders/%d", order.ID)
				created[location] = note
			}
		case 1:
			err = s.do(ctx, "GET", location, "", "", &order)
		case 3:
			if err = s.do(ctx, "PATCH", location, fmt.Sprintf(`{"note":%q}`, note), note, &order); err == nil {
				created[location] = note
			}
		case 4:
			var items []any
			err = s.do(ctx, "GET", "/items?limit=2", "", "", &items)
		case 5:
			var refused *client.Error
			if err = s.do(ctx, "POST", "/orders", `{"lines":[]}`, note, nil); errors.As(err, &refused) && refused.Code == 422 {
				err = nil
			}
		}
		if err != nil {
			t.Errorf("client %d: %v", number, err)
			return
		}
		ticks <- struct{}{}
	}
}

// do sends a request until it is answered, and decodes the answer. One with
// content has a key, so that it may be sent again.
func (s *server) do(ctx context.Context, method, path, content, key string, into any) error {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+s.address+path, bytes.NewReader([]byte(content)))
	if err != nil {
		return err
	}
	if content != "" {
		r.Header.Set("Content-Type", "application/json")
		if method == "PATCH" {
			r.Header.Set("Content-Type", "application/merge-patch+json")
		}
		r.Header.Set("Idempotency-Key", key)
	}
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	response, err := client.Do(s.client, r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if into == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(into)
}
