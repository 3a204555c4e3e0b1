package main

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/httprate"
	"github.com/go-chi/render"
)

// newRenderItem is what chi's REST example calls a request payload.
type newRenderItem struct {
	Name string `json:"name"`
	Qty  int    `json:"qty"`
}

func (n *newRenderItem) Bind(*http.Request) error {
	switch {
	case n.Name == "":
		return errors.New("missing required name")
	case n.Qty < 1:
		return errors.New("qty must be at least 1")
	}
	return nil
}

// renderError is the error of chi's REST example.
type renderError struct {
	Code   int    `json:"-"`
	Status string `json:"status"`
	Text   string `json:"error,omitempty"`
}

func (e *renderError) Render(_ http.ResponseWriter, r *http.Request) error {
	render.Status(r, e.Code)
	return nil
}

// withChi is the API on chi, render and httprate, after chi's REST example.
func withChi(e *environment) http.Handler {
	refuse := func(w http.ResponseWriter, r *http.Request, code int, text string) {
		_ = render.Render(w, r, &renderError{code, http.StatusText(code), text})
	}
	fails := func(w http.ResponseWriter, r *http.Request, err error) {
		switch {
		case errors.Is(err, errNone):
			refuse(w, r, 404, "")
		case errors.Is(err, errTaken):
			refuse(w, r, 409, err.Error())
		default:
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		}
	}
	number := func(w http.ResponseWriter, r *http.Request) (int, bool) {
		id, err := strconv.Atoi(chi.URLParam(r, "id"))
		if err != nil {
			refuse(w, r, 404, "")
		}
		return id, err == nil
	}
	create := func(w http.ResponseWriter, r *http.Request) {
		var in newRenderItem
		if err := render.Bind(r, &in); err != nil {
			refuse(w, r, 400, err.Error())
			return
		}
		i, err := e.items.create(in.Name, in.Qty)
		if err != nil {
			fails(w, r, err)
			return
		}
		w.Header().Set("Location", i.location())
		render.Status(r, 201)
		render.JSON(w, r, i)
	}
	r := chi.NewRouter()
	r.Use(middleware.RequestID, middleware.Recoverer, middleware.RequestSize(1<<20))
	r.Get("/items", func(w http.ResponseWriter, r *http.Request) {
		limit := 0
		if text := r.URL.Query().Get("limit"); text != "" {
			var err error
			if limit, err = strconv.Atoi(text); err != nil {
				refuse(w, r, 400, "")
				return
			}
		}
		render.JSON(w, r, e.items.list(limit))
	})
	r.Post("/items", create)
	r.Get("/items/{id}", func(w http.ResponseWriter, r *http.Request) {
		if id, ok := number(w, r); ok {
			i, err := e.items.get(id)
			if err != nil {
				fails(w, r, err)
				return
			}
			render.JSON(w, r, i)
		}
	})
	r.Delete("/items/{id}", func(w http.ResponseWriter, r *http.Request) {
		if id, ok := number(w, r); ok {
			if err := e.items.remove(id); err != nil {
				fails(w, r, err)
				return
			}
			w.WriteHeader(204)
		}
	})
	r.Get("/file", serveFile)
	r.Group(func(r chi.Router) {
		r.Use(func(next http.Handler) http.Handler { // as the README's AdminOnly
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				right, scope := allowed(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
				switch {
				case !right:
					http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
				case !scope:
					http.Error(w, http.StatusText(http.StatusForbidden), http.StatusForbidden)
				default:
					next.ServeHTTP(w, r)
				}
			})
		})
		r.Get("/private", func(w http.ResponseWriter, r *http.Request) { render.JSON(w, r, "jo") })
		r.Post("/private", create)
	})
	address := func(r *http.Request) (string, error) {
		return httprate.CanonicalizeIP(middleware.GetClientIP(r.Context())), nil
	}
	r.With(middleware.ClientIPFromRemoteAddr, httprate.LimitBy(2, 3*time.Second, address)).Get("/limited", func(w http.ResponseWriter, r *http.Request) { render.JSON(w, r, true) })
	r.Get("/err/panic-late", func(w http.ResponseWriter, _ *http.Request) { breakOff(w) })
	r.HandleFunc("/err/{what}", func(w http.ResponseWriter, r *http.Request) { fails(w, r, e.fail(r, chi.URLParam(r, "what"))) })
	return r
}
