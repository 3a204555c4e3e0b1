package respond_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/statute-http/statute/respond"
)

// discard is a ResponseWriter that costs nothing.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }

// benchmark measures a handler with one request again and again.
func benchmark(b *testing.B, h http.Handler, method, target, content string) {
	b.Helper()
	r := httptest.NewRequest(method, target, nil)
	if content != "" {
		r.Header.Set("Content-Type", "application/json")
		r.ContentLength = int64(len(content))
	}
	reader := strings.NewReader(content)
	body := io.NopCloser(reader)
	b.ReportAllocs()
	for b.Loop() {
		reader.Reset(content)
		again := *r
		if content != "" {
			again.Body = body
		}
		h.ServeHTTP(&discard{http.Header{}}, &again)
	}
}

// BenchmarkOutcome measures what the machinery adds to a handler that answers
// with a value.
func BenchmarkOutcome(b *testing.B) {
	hammer := &item{1, "hammer", 1, 1}
	b.Run("bare", func(b *testing.B) {
		benchmark(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			content, err := json.Marshal(hammer)
			if err != nil {
				http.Error(w, "internal server error", 500)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(200)
			_, _ = w.Write(content)
		}), "GET", "/items/1", "")
	})
	b.Run("respond", func(b *testing.B) {
		h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
			return respond.OK(hammer), nil
		})
		benchmark(b, h, "GET", "/items/1", "")
	})
	b.Run("bare-204", func(b *testing.B) {
		benchmark(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }), "DELETE", "/items/1", "")
	})
	b.Run("respond-204", func(b *testing.B) {
		h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) { return respond.NoContent(), nil })
		benchmark(b, h, "DELETE", "/items/1", "")
	})
}

// BenchmarkCreate measures a create with validation beside the same checks by
// hand.
func BenchmarkCreate(b *testing.B) {
	for _, content := range []struct{ name, text string }{{"valid", valid}, {"invalid", `{"name":"","qty":-5}`}} {
		b.Run(content.name, func(b *testing.B) {
			b.Run("net-http", func(b *testing.B) {
				mux := http.NewServeMux()
				mux.HandleFunc("POST /items", createByHand)
				benchmark(b, mux, "POST", "/items", content.text)
			})
			b.Run("respond", func(b *testing.B) {
				mux := new(respond.API).NewMux()
				mux.Handle("POST /items", respond.In(func(_ context.Context, in newItem) (respond.Outcome, error) {
					return respond.Created("/items/2", item{2, in.Name, in.Qty, 1}), nil
				}))
				benchmark(b, mux, "POST", "/items", content.text)
			})
		})
	}
}

func createByHand(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		w.Header().Set("Accept-Post", "application/json")
		problem(w, 415, nil)
		return
	}
	if r.Header.Get("Content-Encoding") != "" {
		w.Header().Set("Accept-Encoding", "identity")
		problem(w, 415, nil)
		return
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	decoder.DisallowUnknownFields()
	var in newItem
	if err := decoder.Decode(&in); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			problem(w, 413, nil)
			return
		}
		problem(w, 400, nil)
		return
	}
	if _, err := decoder.Token(); err != io.EOF {
		problem(w, 400, nil)
		return
	}
	var wrong []respond.FieldError
	if in.Name == "" {
		wrong = append(wrong, respond.FieldError{Pointer: "/name", Detail: "is required"})
	}
	if in.Qty < 1 {
		wrong = append(wrong, respond.FieldError{Pointer: "/qty", Detail: "must be at least 1"})
	}
	if wrong != nil {
		problem(w, 422, wrong)
		return
	}
	content, err := json.Marshal(item{2, in.Name, in.Qty, 1})
	if err != nil {
		problem(w, 500, nil)
		return
	}
	w.Header().Set("Location", "/items/2")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(201)
	_, _ = w.Write(content)
}

func problem(w http.ResponseWriter, code int, wrong []respond.FieldError) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(struct {
		Title  string               `json:"title"`
		Status int                  `json:"status"`
		Errors []respond.FieldError `json:"errors,omitempty"`
	}{http.StatusText(code), code, wrong})
}

// TestAllocations holds that the machinery costs a bare handler two
// allocations: the call, and the room for the request's id in the header section.
func TestAllocations(t *testing.T) {
	bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
	h := new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) { return respond.NoContent(), nil })
	allocations := func(h http.Handler) float64 {
		r := httptest.NewRequest("DELETE", "/items/1", nil)
		return testing.AllocsPerRun(1000, func() { h.ServeHTTP(&discard{http.Header{}}, r) })
	}
	if got := allocations(h) - allocations(bare); got > 2 {
		t.Errorf("%v allocations more than without", got)
	}
}
