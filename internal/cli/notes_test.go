package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const notesDescription = `
openapi: 3.1.0
info: {title: notes, version: "1"}
paths:
  /manual: {get: {responses: {default: {description: how to write notes}}}}
  /authors: {get: {responses: {default: {description: all}}}}
  /authors/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {default: {description: one}}}
  /notes:
    get: {responses: {default: {description: all}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {"201": {description: made}, default: {description: else}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {default: {description: one}}}
    put:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {default: {description: replaced}}
    patch:
      requestBody: {required: true, content: {application/merge-patch+json: {schema: {$ref: '#/components/schemas/Patch'}}}}
      responses: {default: {description: changed}}
    delete: {responses: {default: {description: gone}}}
components:
  schemas:
    Note:
      type: object
      required: [title, author_id]
      additionalProperties: false
      properties:
        title: {type: string, minLength: 1, maxLength: 100}
        author_id: {type: integer}
        due: {type: string, format: date}
        text: {type: string, maxLength: 1000}
    Patch:
      type: object
      additionalProperties: false
      properties:
        title: {type: string, minLength: 1, maxLength: 100}
        due: {type: [string, 'null'], format: date}
        text: {type: [string, 'null'], maxLength: 1000}
`

// notes is an API without faults: notes by the one author there is.
type notes struct {
	mu   sync.Mutex
	next int
	all  map[string]map[string]any // by path
}

func newNotes() http.Handler { return &notes{all: map[string]map[string]any{}} }

const manual = "Write down what is due. Strike out what is done. Keep the list short.\n"

func (n *notes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	content, _ := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	fields := 0
	for name, values := range r.Header {
		fields += len(name) + len(strings.Join(values, ""))
	}
	switch {
	case len(r.RequestURI) > 8<<10:
		fail(w, 414)
		return
	case fields > 32<<10:
		fail(w, 431)
		return
	case len(content) > 1<<20:
		fail(w, 413)
		return
	}
	allow, ok := map[string]string{"/manual": "GET, HEAD", "/authors": "GET, HEAD", "/authors/1": "GET, HEAD", "/notes": "GET, HEAD, POST"}[r.URL.Path], true
	note := n.all[r.URL.Path]
	if note != nil {
		allow = "GET, HEAD, PUT, PATCH, DELETE"
	}
	w.Header().Set("Allow", allow)
	switch methods := strings.Split(allow, ", "); {
	case allow == "":
		w.Header().Del("Allow")
		fail(w, 404)
	case r.Method == "OPTIONS":
		w.WriteHeader(204)
	case !slices.Contains(methods, r.Method):
		fail(w, 405)
	case r.URL.Path == "/manual":
		a := httptest.NewRecorder()
		a.Header().Set("Content-Type", "text/plain; charset=utf-8")
		a.Header().Set("ETag", `"manual"`)
		http.ServeContent(a, r, "", time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC), strings.NewReader(manual))
		if a.Code == 416 {
			a.Header().Del("Content-Length")
			maps.Copy(w.Header(), a.Header())
			fail(w, 416)
			return
		}
		give(w, a)
	case r.URL.Path == "/authors":
		read(w, r, []any{map[string]any{"id": 1}})
	case r.URL.Path == "/authors/1":
		read(w, r, map[string]any{"id": 1})
	case r.Method == "POST":
		if note, ok = sent(w, r, content, "application/json", map[string]any{}); ok {
			n.next++
			path := fmt.Sprintf("/notes/%d", n.next)
			note["id"] = n.next
			n.all[path] = note
			w.Header().Set("Location", path)
			answerJSON(w, 201, note)
		}
	case r.URL.Path == "/notes":
		list := []any{}
		for _, path := range slices.Sorted(maps.Keys(n.all)) {
			list = append(list, n.all[path])
		}
		read(w, r, list)
	case r.Method == "GET" || r.Method == "HEAD":
		read(w, r, note)
	case r.Header.Get("If-Match") != "" && r.Header.Get("If-Match") != tag(note):
		fail(w, 412)
	case r.Method == "DELETE":
		delete(n.all, r.URL.Path)
		w.WriteHeader(204)
	default:
		media, old := "application/json", map[string]any{}
		if r.Method == "PATCH" {
			media, old = "application/merge-patch+json", note
		}
		changed, ok := sent(w, r, content, media, old)
		if ok {
			changed["id"] = note["id"]
			n.all[r.URL.Path] = changed
			answerJSON(w, 200, changed)
		}
	}
}

// sent returns the note that the content makes of an old one, or answers what is
// wrong with it.
func sent(w http.ResponseWriter, r *http.Request, content []byte, media string, old map[string]any) (map[string]any, bool) {
	var object map[string]any
	switch {
	case len(content) == 0:
		fail(w, 400)
		return nil, false
	case r.Header.Get("Content-Type") != media:
		w.Header().Set("Accept", media)
		w.Header().Set("Accept-"+r.Method, media)
		fail(w, 415)
		return nil, false
	case json.Unmarshal(content, &object) != nil:
		if json.Valid(content) {
			fail(w, 422)
		} else {
			fail(w, 400)
		}
		return nil, false
	}
	note := maps.Clone(old)
	for name, value := range object {
		if note[name] = value; value == nil && r.Method == "PATCH" {
			delete(note, name)
		}
	}
	delete(note, "id")
	valid := func(name string, wrong func(value any) bool) bool {
		value, ok := note[name]
		return !ok || !wrong(value)
	}
	text := func(least, most int) func(any) bool {
		return func(value any) bool {
			s, ok := value.(string)
			return !ok || len(s) < least || len(s) > most
		}
	}
	for name := range note {
		if !slices.Contains([]string{"title", "author_id", "due", "text"}, name) {
			fail(w, 422)
			return nil, false
		}
	}
	date := func(value any) bool {
		s, _ := value.(string)
		_, err := time.Parse(time.DateOnly, s)
		return err != nil
	}
	author := func(value any) bool { return value != 1.0 && value != 1 }
	if note["title"] == nil || note["author_id"] == nil || !valid("title", text(1, 100)) || !valid("author_id", author) || !valid("due", date) || !valid("text", text(0, 1000)) {
		fail(w, 422)
		return nil, false
	}
	return note, true
}

// read answers a GET, or 304 if the client has that already.
func read(w http.ResponseWriter, r *http.Request, value any) {
	current := tag(value)
	w.Header().Set("ETag", current)
	for listed := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(listed), "W/") == current {
			w.WriteHeader(304)
			return
		}
	}
	answerJSON(w, 200, value)
}

func tag(value any) string {
	content, _ := json.Marshal(value)
	return fmt.Sprintf("\"%x\"", sha256.Sum256(content))[:18] + `"`
}

func answerJSON(w http.ResponseWriter, status int, value any) {
	var b bytes.Buffer
	_ = json.NewEncoder(&b).Encode(value)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}
