package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// byHand is the API on the standard library alone, in the words that its users
// write again and again. It is careful: no text of an error goes out.
func byHand(e *environment) http.Handler {
	answer := func(w http.ResponseWriter, code int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_ = json.NewEncoder(w).Encode(v)
	}
	refuse := func(w http.ResponseWriter, code int) { http.Error(w, http.StatusText(code), code) }
	fails := func(w http.ResponseWriter, err error) {
		switch {
		case errors.Is(err, errNone):
			refuse(w, 404)
		case errors.Is(err, errTaken):
			refuse(w, 409)
		default:
			refuse(w, 500)
		}
	}
	decode := func(w http.ResponseWriter, r *http.Request) (in newItem, ok bool) {
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&in); err != nil {
			refuse(w, 400)
			return in, false
		}
		if in.Name == "" || in.Qty < 1 {
			http.Error(w, "name is required, qty must be at least 1", http.StatusUnprocessableEntity)
			return in, false
		}
		return in, true
	}
	number := func(w http.ResponseWriter, r *http.Request) (int, bool) {
		id, err := strconv.Atoi(r.PathValue("id"))
		if err != nil {
			refuse(w, 400)
		}
		return id, err == nil
	}
	create := func(w http.ResponseWriter, r *http.Request) {
		in, ok := decode(w, r)
		if !ok {
			return
		}
		i, err := e.items.create(in.Name, in.Qty)
		if err != nil {
			fails(w, err)
			return
		}
		w.Header().Set("Location", i.location())
		answer(w, 201, i)
	}
	private := func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			right, scope := allowed(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
			switch {
			case !right:
				refuse(w, 401)
			case !scope:
				refuse(w, 403)
			default:
				next(w, r)
			}
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items", func(w http.ResponseWriter, r *http.Request) {
		limit := 0
		if text := r.URL.Query().Get("limit"); text != "" {
			var err error
			if limit, err = strconv.Atoi(text); err != nil {
				refuse(w, 400)
				return
			}
		}
		answer(w, 200, e.items.list(limit))
	})
	mux.HandleFunc("POST /items", create)
	mux.HandleFunc("GET /items/{id}", func(w http.ResponseWriter, r *http.Request) {
		if id, ok := number(w, r); ok {
			i, err := e.items.get(id)
			if err != nil {
				fails(w, err)
				return
			}
			answer(w, 200, i)
		}
	})
	mux.HandleFunc("DELETE /items/{id}", func(w http.ResponseWriter, r *http.Request) {
		if id, ok := number(w, r); ok {
			if err := e.items.remove(id); err != nil {
				fails(w, err)
				return
			}
			w.WriteHeader(204)
		}
	})
	mux.HandleFunc("GET /file", serveFile)
	mux.HandleFunc("GET /private", private(func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, "jo") }))
	mux.HandleFunc("POST /private", private(create))
	mux.HandleFunc("GET /err/panic-late", func(w http.ResponseWriter, _ *http.Request) { breakOff(w) })
	mux.HandleFunc("/err/{what}", func(w http.ResponseWriter, r *http.Request) { fails(w, e.fail(r, r.PathValue("what"))) })
	return mux
}
