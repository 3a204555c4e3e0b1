package statutetest_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/statute-http/statute"
	"github.com/statute-http/statute/respond"
	"github.com/statute-http/statute/statutetest"
)

// get reads an answer whole.
func get(t *testing.T, c *http.Client, url string) (code int, content string) {
	t.Helper()
	response, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(b)
}

// faulty is an API with a fault on each path.
func faulty() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /right", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"name":"hammer"}`)
	})
	mux.HandleFunc("GET /private", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(401)
		fmt.Fprint(w, `{"error":"who?"}`)
	})
	mux.HandleFunc("GET /moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/private", http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("DELETE /item", func(w http.ResponseWriter, _ *http.Request) {
		raw(w, "HTTP/1.1 204 No Content\r\nDate: Sat, 21 Nov 2026 09:00:00 GMT\r\n\r\nsurprise")
	})
	mux.HandleFunc("GET /big", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		for range 300 {
			fmt.Fprint(w, strings.Repeat("x", 1<<10))
		}
	})
	mux.HandleFunc("GET /slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("GET /dead", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	return mux
}

// raw writes an answer that net/http would not write.
func raw(w http.ResponseWriter, answer string) {
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	_, _ = rw.WriteString(answer)
	_ = rw.Flush()
}

func TestJudge(t *testing.T) {
	tests := []struct {
		name    string
		send    string
		options []statutetest.Option
		want    []string // what the failure says; nil if there is none
	}{
		{"right", "GET /right", nil, nil},
		{"fault", "GET /private", nil, []string{
			"must    401 without a WWW-Authenticate challenge", "401-without-challenge", "GET /private",
			`{"error":"who?"}`, "RFC 9110, 15.5.2", "fix      ",
		}},
		{"behind a redirect", "GET /moved", nil, []string{"401-without-challenge"}},
		{"what the client hides", "DELETE /item", nil, []string{"204-with-content", "surprise"}},
		{"no answer", "GET /dead", nil, nil},
		{"only graver", "GET /big", []statutetest.Option{statutetest.FailOn(statute.Must)}, nil},
		{"switched off", "GET /private", []statutetest.Option{statutetest.Off("401-without-challenge", "there is no scheme for it")}, nil},
		{"no such rule", "", []statutetest.Option{statutetest.Off("401-without-chalenge", "a slip")}, []string{
			`there is no rule "401-without-chalenge"; is "401-without-challenge" meant?`,
		}},
		{"no reason", "", []statutetest.Option{statutetest.Off("401-without-challenge", " ")}, []string{"say why"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := try(t, func(f testing.TB) {
				server := statutetest.Judge(f, faulty(), tt.options...)
				method, path, _ := strings.Cut(tt.send, " ")
				r, err := http.NewRequest(method, server.URL+path, nil)
				if err != nil {
					t.Fatal(err)
				}
				if response, err := server.Client().Do(r); err == nil {
					_, _ = io.Copy(io.Discard, response.Body)
					response.Body.Close()
				}
			})
			if tt.want == nil && got != "" {
				t.Errorf("the test fails:\n%s", got)
			}
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not said:\n%s", want, got)
				}
			}
		})
	}
}

// TestJudgeOnce holds that a fault on many answers fails the test once.
func TestJudgeOnce(t *testing.T) {
	_, f := try(t, func(f testing.TB) {
		server := statutetest.Judge(f, faulty())
		for range 3 {
			get(t, server.Client(), server.URL+"/private")
		}
	})
	if len(f.errors) != 1 || !strings.Contains(f.errors[0], "(3 answers)") {
		t.Errorf("got %d failures: %q", len(f.errors), f.errors)
	}
}

// TestJudgeBrokenOff holds that what the client does not wait for tells nothing
// about the server.
func TestJudgeBrokenOff(t *testing.T) {
	got, _ := try(t, func(f testing.TB) {
		server := statutetest.Judge(f, faulty())
		response, err := server.Client().Get(server.URL + "/big")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()

		ctx, cancel := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/slow", nil)
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Millisecond, cancel)
		if _, err := server.Client().Do(r); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	if got != "" {
		t.Errorf("the test fails:\n%s", got)
	}
}

// TestJudgeElsewhere holds that nothing leaves the test.
func TestJudgeElsewhere(t *testing.T) {
	server := statutetest.Judge(t, faulty())
	response, err := server.Client().Get("http://other.example/")
	if err == nil {
		response.Body.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "other.example:80 is not the server under test, http://api.example") {
		t.Errorf("got %v", err)
	}
}

// TestJudgeOrder holds that rules which compare see exchanges in the order sent,
// whatever connections they took.
func TestJudgeOrder(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items/1", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"name":"hammer"}`)
	})
	mux.HandleFunc("DELETE /items/1", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
	got, _ := try(t, func(f testing.TB) {
		server := statutetest.Judge(f, mux)
		get(t, server.Client(), server.URL+"/items/1")
		r, err := http.NewRequest("DELETE", server.URL+"/items/1", nil)
		if err != nil {
			t.Fatal(err)
		}
		second := server.Client().Transport.(*http.Transport).Clone()
		defer second.CloseIdleConnections()
		response, err := second.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		get(t, server.Client(), server.URL+"/items/1") // on the first connection
	})
	if !strings.Contains(got, "deleted-still-there") {
		t.Errorf("got:\n%s", got)
	}
}

// TestJudgeReports holds that programming errors fail the test.
func TestJudgeReports(t *testing.T) {
	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
		return respond.Created("", nil), nil
	})
	got, _ := try(t, func(f testing.TB) {
		server := statutetest.Judge(f, h)
		get(t, server.Client(), server.URL)
	})
	if !strings.Contains(got, "statutetest: GET /: Created without a location") {
		t.Errorf("got:\n%s", got)
	}
}

// TestJudgeSecrets holds that a failure does not show credentials.
func TestJudgeSecrets(t *testing.T) {
	got, _ := try(t, func(f testing.TB) {
		server := statutetest.Judge(f, faulty())
		r, err := http.NewRequest("GET", server.URL+"/private?api_key=s3cretkey", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer s3cret")
		response, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	})
	if got == "" || strings.Contains(got, "s3cret") {
		t.Errorf("got:\n%s", got)
	}
}

// TestJudgeTime holds that a server in memory lives in the time of a bubble.
func TestJudgeTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		server := statutetest.Judge(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(time.Hour)
			w.Header().Set("Content-Type", "text/plain")
			fmt.Fprint(w, "late")
		}))
		code, content := get(t, server.Client(), server.URL)
		if diff := cmp.Diff("200 late", fmt.Sprint(code, " ", content)); diff != "" {
			t.Errorf("got +, want -:\n%s", diff)
		}
		if took := time.Since(start); took != time.Hour {
			t.Errorf("it took %v", took)
		}
		server.Close()
	})
}

// TestJudgeSwitch holds that a connection may be handed over.
func TestJudgeSwitch(t *testing.T) {
	server := statutetest.Judge(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		raw(w, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello")
	}))
	r, err := http.NewRequest("GET", server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Connection", "Upgrade")
	r.Header.Set("Upgrade", "echo")
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if word, err := bufio.NewReader(response.Body).ReadString('o'); word != "hello" {
		t.Errorf("got %q, %v", word, err)
	}
}

// TestJudgeMuch holds that a record has an end, and that what is cut there is
// not taken for a fault.
func TestJudgeMuch(t *testing.T) {
	got, f := try(t, func(f testing.TB) {
		server := statutetest.Judge(f, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/octet-stream")
			for range 17 {
				_, _ = w.Write(make([]byte, 1<<20))
			}
		}))
		get(t, server.Client(), server.URL)
	})
	if got != "" {
		t.Errorf("the test fails:\n%s", got)
	}
	if len(f.logs) != 1 || !strings.Contains(f.logs[0], "more than 16 MiB") {
		t.Errorf("got %q", f.logs)
	}
}
