package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/render"
	"github.com/go-playground/validator/v10"
	"github.com/labstack/echo/v5"

	"github.com/statute-http/statute/respond"
)

// An item is created from content that is checked: a name is required, the
// quantity is at least 1.
type item struct {
	ID      int    `json:"id"`
	Name    string `json:"name"`
	Qty     int    `json:"qty"`
	Version int    `json:"version"`
}

// newItem is the content, with the tags of all validators.
type newItem struct {
	Name string `json:"name" validate:"required" binding:"required" minLength:"1"`
	Qty  int    `json:"qty" validate:"min=1" binding:"min=1" minimum:"1"`
}

func (n newItem) made() item { return item{2, n.Name, n.Qty, 1} }

// Validate is respond's.
func (n newItem) Validate() error {
	var errs []error
	if n.Name == "" {
		errs = append(errs, respond.Field("/name", "is required"))
	}
	if n.Qty < 1 {
		errs = append(errs, respond.Field("/qty", "must be at least 1"))
	}
	return errors.Join(errs...)
}

// discard is a ResponseWriter that costs nothing.
type discard struct {
	header http.Header
	code   int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(code int)        { d.code = code }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }

// measure serves one request again and again. Every answer must have the code.
func measure(b *testing.B, h http.Handler, method, target, content string, want ...int) {
	b.Helper()
	r := httptest.NewRequest(method, target, nil)
	if content != "" {
		r.Header.Set("Content-Type", "application/json")
		r.ContentLength = int64(len(content))
	}
	reader := strings.NewReader(content)
	body := io.NopCloser(reader)
	if content == "" {
		body = http.NoBody // as net/http's server has it
	}
	b.ReportAllocs()
	defer cpu(b)()
	for b.Loop() {
		reader.Reset(content)
		again := *r
		again.Body = body
		w := &discard{header: http.Header{}}
		h.ServeHTTP(w, &again)
		right := false
		for _, code := range want {
			right = right || w.code == code
		}
		if !right {
			b.Fatalf("answered %d", w.code)
		}
	}
}

// BenchmarkCreate measures a create with valid and with invalid content.
func BenchmarkCreate(b *testing.B) {
	gin.SetMode(gin.ReleaseMode)
	gin.DefaultWriter = io.Discard
	servers := []struct {
		name    string
		handler http.Handler
	}{
		{"net-http", byHand()},
		{"respond", withRespond()},
		{"chi", withChi()},
		{"echo", withEcho()},
		{"gin", withGin()},
		{"huma", withHuma()},
	}
	for _, content := range []struct {
		name, text string
		want       []int
	}{
		{"valid", `{"name":"saw","qty":2}`, []int{201}},
		{"invalid", `{"name":"","qty":-5}`, []int{422, 400}},
	} {
		for _, s := range servers {
			b.Run(fmt.Sprintf("content=%s/of=%s", content.name, s.name), func(b *testing.B) {
				measure(b, s.handler, "POST", "/items", content.text, content.want...)
			})
		}
	}
}

// BenchmarkOutcome measures what the machinery adds to a handler that answers
// with a value, and with nothing.
func BenchmarkOutcome(b *testing.B) {
	hammer := &item{1, "hammer", 1, 1}
	for _, s := range []struct {
		name    string
		handler http.Handler
		want    int
	}{
		{"code=200/of=net-http", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			answer(w, 200, "application/json", hammer)
		}), 200},
		{"code=200/of=respond", new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
			return respond.OK(hammer), nil
		}), 200},
		{"code=204/of=net-http", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }), 204},
		{"code=204/of=respond", new(respond.API).HandlerFunc(func(*http.Request) (respond.Outcome, error) {
			return respond.NoContent(), nil
		}), 204},
	} {
		b.Run(s.name, func(b *testing.B) { measure(b, s.handler, "GET", "/items/1", "", s.want) })
	}
}

func answer(w http.ResponseWriter, code int, mediaType string, v any) {
	content, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "internal server error", 500)
		return
	}
	w.Header().Set("Content-Type", mediaType)
	w.WriteHeader(code)
	_, _ = w.Write(content)
}

// byHand makes the checks of respond that the standard library can make, and
// answers with problems as respond does.
func byHand() http.Handler {
	type fieldError struct {
		Pointer string `json:"pointer"`
		Detail  string `json:"detail"`
	}
	type problem struct {
		Title  string       `json:"title"`
		Status int          `json:"status"`
		Errors []fieldError `json:"errors,omitempty"`
	}
	refuse := func(w http.ResponseWriter, code int, wrong ...fieldError) {
		answer(w, code, "application/problem+json", problem{http.StatusText(code), code, wrong})
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /items", func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			w.Header().Set("Accept-Post", "application/json")
			refuse(w, 415)
			return
		}
		if r.Header.Get("Content-Encoding") != "" {
			w.Header().Set("Accept-Encoding", "identity")
			refuse(w, 415)
			return
		}
		decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
		decoder.DisallowUnknownFields()
		var in newItem
		if err := decoder.Decode(&in); err != nil {
			if _, large := errors.AsType[*http.MaxBytesError](err); large {
				refuse(w, 413)
				return
			}
			refuse(w, 400)
			return
		}
		if _, err := decoder.Token(); err != io.EOF {
			refuse(w, 400)
			return
		}
		var wrong []fieldError
		if in.Name == "" {
			wrong = append(wrong, fieldError{"/name", "is required"})
		}
		if in.Qty < 1 {
			wrong = append(wrong, fieldError{"/qty", "must be at least 1"})
		}
		if wrong != nil {
			refuse(w, 422, wrong...)
			return
		}
		w.Header().Set("Location", "/items/2")
		answer(w, 201, "application/json", in.made())
	})
	return mux
}

func withRespond() http.Handler {
	mux := new(respond.API).NewMux()
	mux.Handle("POST /items", respond.In(func(_ context.Context, in newItem) (respond.Outcome, error) {
		return respond.Created("/items/2", in.made()), nil
	}))
	return mux
}

// Bind is render's: it checks after the content was decoded.
func (n *newItem) Bind(*http.Request) error {
	switch {
	case n.Name == "":
		return errors.New("name is required")
	case n.Qty < 1:
		return errors.New("qty must be at least 1")
	}
	return nil
}

func withChi() http.Handler {
	r := chi.NewRouter()
	r.Post("/items", func(w http.ResponseWriter, r *http.Request) {
		var in newItem
		if err := render.Bind(r, &in); err != nil {
			render.Status(r, 400)
			render.JSON(w, r, map[string]string{"error": err.Error()})
			return
		}
		w.Header().Set("Location", "/items/2")
		render.Status(r, 201)
		render.JSON(w, r, in.made())
	})
	return r
}

// checker is the validator that echo's documentation shows.
type checker struct{ validator *validator.Validate }

func (c *checker) Validate(v any) error {
	if err := c.validator.Struct(v); err != nil {
		return echo.ErrBadRequest.Wrap(err)
	}
	return nil
}

func withEcho() http.Handler {
	e := echo.New()
	e.Validator = &checker{validator.New()}
	e.POST("/items", func(c *echo.Context) error {
		var in newItem
		if err := c.Bind(&in); err != nil {
			return err
		}
		if err := c.Validate(&in); err != nil {
			return err
		}
		c.Response().Header().Set("Location", "/items/2")
		return c.JSON(201, in.made())
	})
	return e
}

func withGin() http.Handler {
	g := gin.New()
	g.POST("/items", func(c *gin.Context) {
		var in newItem
		if err := c.ShouldBindJSON(&in); err != nil {
			c.JSON(400, gin.H{"error": err.Error()})
			return
		}
		c.Header("Location", "/items/2")
		c.JSON(201, in.made())
	})
	return g
}

func withHuma() http.Handler {
	type input struct{ Body newItem }
	type output struct {
		Location string `header:"Location"`
		Body     item
	}
	mux := http.NewServeMux()
	api := humago.New(mux, huma.DefaultConfig("items", "1"))
	huma.Register(api, huma.Operation{Method: "POST", Path: "/items", DefaultStatus: 201}, func(_ context.Context, in *input) (*output, error) {
		return &output{"/items/2", in.Body.made()}, nil
	})
	return mux
}
