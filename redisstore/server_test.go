package redisstore

import (
	"bufio"
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
)

// TestMain keeps the client's own log quiet: some tests are about a server that is
// not there.
func TestMain(m *testing.M) {
	logging.Disable()
	m.Run()
}

// server is a Redis or Valkey of one test, on a socket of its own.
type server struct {
	t       testing.TB
	program string
	socket  string
	options []string
	command *exec.Cmd
}

// start starts a server, or skips the test where none is installed. It keeps
// nothing on disk unless the options say so.
func start(t testing.TB, options ...string) *server {
	t.Helper()
	var program string
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" {
		t.Skip("neither redis-server nor valkey-server is installed")
	}
	dir := t.TempDir()
	s := &server{t: t, program: program, socket: filepath.Join(dir, "s")}
	s.options = append([]string{"--port", "0", "--unixsocket", s.socket, "--dir", dir, "--save", ""}, options...)
	s.begin()
	t.Cleanup(s.kill)
	return s
}

// begin starts the process and waits until it takes connections.
func (s *server) begin() {
	s.t.Helper()
	s.command = exec.Command(s.program, s.options...)
	output, err := s.command.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.command.Start(); err != nil {
		s.t.Fatal(err)
	}
	var log strings.Builder
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		log.WriteString(lines.Text() + "\n")
		if text := strings.ToLower(lines.Text()); strings.Contains(text, "ready to accept connections") {
			go func() { // so that it never waits for a reader
				for lines.Scan() {
				}
			}()
			return
		}
	}
	s.t.Fatalf("%s ended:\n%s", s.program, log.String())
}

// kill ends the process at once, so that it saves nothing.
func (s *server) kill() {
	s.command.Process.Kill()
	s.command.Wait()
}

// signal stops the process for a while, or lets it go on.
func (s *server) signal(signal syscall.Signal) {
	s.t.Helper()
	if err := s.command.Process.Signal(signal); err != nil {
		s.t.Fatal(err)
	}
}

func (s *server) client() *redis.Client {
	client := redis.NewClient(&redis.Options{
		Network:               "unix",
		Addr:                  s.socket,
		ContextTimeoutEnabled: true,
	})
	var once sync.Once
	s.t.Cleanup(func() { once.Do(func() { client.Close() }) })
	return client
}

// flush makes the server forget its scripts.
func (s *server) flush() {
	s.t.Helper()
	if err := s.client().ScriptFlush(context.Background()).Err(); err != nil {
		s.t.Fatal(err)
	}
}
