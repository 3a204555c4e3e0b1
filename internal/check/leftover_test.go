package check

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestNotLeft holds that nothing is said to be left that is not there.
func TestNotLeft(t *testing.T) {
	for _, test := range []struct {
		name   string
		may    bool // something may have been made
		answer func(w http.ResponseWriter, r *http.Request, there map[string]bool) bool
	}{
		{"a redirect to a log-in", false, func(w http.ResponseWriter, r *http.Request, _ map[string]bool) bool {
			if r.Method != "POST" {
				return false
			}
			w.Header().Set("Location", "/login.html?next=/orders")
			w.WriteHeader(302)
			return true
		}},
		{"a redirect to be repeated", false, func(w http.ResponseWriter, r *http.Request, _ map[string]bool) bool {
			if r.Method != "POST" {
				return false
			}
			w.Header().Set("Location", "/v2/orders")
			w.WriteHeader(308)
			return true
		}},
		{"a DELETE that deletes and fails", false, func(w http.ResponseWriter, r *http.Request, there map[string]bool) bool {
			if r.Method != "DELETE" || !there[r.URL.Path] {
				return false
			}
			delete(there, r.URL.Path)
			w.WriteHeader(500)
			return true
		}},
		{"the same to whatever is asked", true, func(w http.ResponseWriter, _ *http.Request, _ map[string]bool) bool {
			io.WriteString(w, `{"ok":true}`)
			return true
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			there := map[string]bool{}
			_, result := runOn(t, strings.ReplaceAll(orders, "type: object", "type: object, required: [id], properties: {id: {type: integer}}"), nil, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case test.answer(w, r, there):
				case r.Method == "POST":
					path := fmt.Sprint("/orders/", 101+len(there))
					there[path] = true
					w.Header().Set("Location", path)
					w.WriteHeader(201)
				case r.URL.Path == "/orders":
					io.WriteString(w, `[]`)
				case !there[r.URL.Path]:
					w.WriteHeader(404)
				case r.Method == "DELETE":
					delete(there, r.URL.Path)
					w.WriteHeader(204)
				default:
					fmt.Fprintf(w, `{"path":%q}`, r.URL.Path)
				}
			})
			said := slices.DeleteFunc(result.Leftover, func(line string) bool { return test.may && strings.Contains(line, "may have made") })
			if len(there) > 0 || len(said) > 0 {
				t.Errorf("there is %v, and said %v", there, said)
			}
		})
	}
}
