package cli

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/statute-http/statute/internal/sample"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"statute": func() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs testdata/script/*.txtar. They find these servers:
//
//	$RIGHT   the sample shop without faults; $TOKEN is its token
//	$FLAWED  the sample shop with its planted faults
//	$PLAIN   one resource and no description
//	$LOCKED  refuses everybody with 401
//	$BROKEN  answers 404 to all but its description
//	$ECHO    tells what it was sent
//	$LATER   likewise, over HTTP/2 only
//	$SECURE  HTTPS with a certificate that nobody trusts
//	$DEAD    a port where nobody listens
//
// The command "status N" runs a program and wants its exit status to be N.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			serve := func(name string, handler http.Handler) {
				server := httptest.NewServer(handler)
				env.Defer(server.Close)
				env.Setenv(name, server.URL)
			}
			for name, edition := range map[string]http.Handler{"RIGHT": sample.Right(), "FLAWED": sample.Flawed()} {
				server, err := sample.Listen(edition, "")
				if err != nil {
					return err
				}
				env.Defer(func() { server.Close() })
				env.Setenv(name, server.URL)
			}
			serve("PLAIN", http.HandlerFunc(plain))
			serve("LOCKED", http.HandlerFunc(locked))
			serve("BROKEN", http.HandlerFunc(broken))
			serve("ECHO", http.HandlerFunc(echo))
			later := httptest.NewUnstartedServer(http.HandlerFunc(echo))
			later.Config.Protocols = new(http.Protocols)
			later.Config.Protocols.SetUnencryptedHTTP2(true)
			later.Start()
			env.Defer(later.Close)
			env.Setenv("LATER", later.URL)
			secure := httptest.NewUnstartedServer(http.HandlerFunc(plain))
			secure.Config.ErrorLog = log.New(io.Discard, "", 0)
			secure.StartTLS()
			env.Defer(secure.Close)
			env.Setenv("SECURE", secure.URL)

			dead, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			env.Setenv("DEAD", "http://"+dead.Addr().String())
			env.Setenv("TOKEN", sample.Token)
			return dead.Close()
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"status": status,
		},
	})
}

// status runs a program and compares its exit status: status 2 statute check.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N program [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// plain is an API of one resource.
func plain(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintln(w, `{"name":"plain"}`)
}

// locked refuses everybody.
func locked(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("WWW-Authenticate", "Bearer")
	http.Error(w, "who are you?", http.StatusUnauthorized)
}

// broken has a description and none of what it describes.
func broken(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/openapi.yaml" {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, "openapi.yaml", time.Time{}, strings.NewReader(`
openapi: 3.1.0
info: {title: broken, version: "1"}
servers: [{url: /v1}]
paths:
  /orders:
    get: {responses: {"200": {description: all orders}}}
  /customers:
    get: {responses: {"200": {description: all customers}}}
`))
}

// echo tells what it was sent, but for some paths.
func echo(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/image":
		w.Header().Set("Content-Type", "image/png")
		w.Write(append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 56)...))
		return
	case "/zipped":
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Vary", "Accept-Encoding")
		zipped := gzip.NewWriter(w)
		io.WriteString(zipped, `{"success":false,"error":"no such order"}`)
		zipped.Close()
		return
	case "/moved":
		http.Redirect(w, r, "/orders", http.StatusTemporaryRedirect)
		return
	case "/early":
		w.Header().Set("Link", "</style.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
	case "/silent":
		panic(http.ErrAbortHandler)
	}
	content, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	told := struct {
		Method  string   `json:"method"`
		Target  string   `json:"target"`
		Fields  []string `json:"fields"`
		Content string   `json:"content"`
	}{Method: r.Method, Target: r.RequestURI, Content: string(content)}
	for name, values := range r.Header {
		told.Fields = append(told.Fields, name+": "+strings.Join(values, ", "))
	}
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodPost {
		w.Header().Set("Location", "/orders/17")
		w.WriteHeader(http.StatusCreated)
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.Encode(told)
}

// TestInterrupt ends a run by a signal while a request is on its way: the
// report is written all the same.
func TestInterrupt(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/openapi.yaml":
			broken(w, r)
		case "/v1/orders":
			self, err := os.FindProcess(os.Getpid())
			if err == nil {
				err = self.Signal(os.Interrupt)
			}
			if err != nil {
				t.Error(err)
			}
			<-r.Context().Done() // the checker hangs up
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	var stdout, stderr strings.Builder
	status := Main([]string{"check", server.URL, "--format", "json", "--fail-on", "never"}, nil, &stdout, &stderr)
	if status != 2 {
		t.Errorf("got status %d, want 2", status)
	}
	if !strings.Contains(stdout.String(), "The run ended before its time, interrupted") {
		t.Errorf("the report does not say that the run was interrupted:\n%s", stdout.String())
	}
	if !strings.Contains(stderr.String(), "statute: try: statute check "+server.URL+"/v1 --max-time 1m\n") {
		t.Errorf("the hint is none:\n%s", stderr.String())
	}
	if !strings.Contains(stderr.String(), "statute: interrupted: cleaning up") {
		t.Errorf("nothing on stderr about cleaning up:\n%s", stderr.String())
	}
}
