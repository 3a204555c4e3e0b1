package respond

import (
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

func TestWithout(t *testing.T) {
	const content = ` { "a" : 1 , "b/c":{"d":[1, {"e":2,"f":3} ,4]}, "g" : "x" } `
	for at, want := range map[jsontext.Pointer]string{
		"/a":          ` { "b/c":{"d":[1, {"e":2,"f":3} ,4]}, "g" : "x" } `,
		"/b~1c":       ` { "a" : 1, "g" : "x" } `,
		"/b~1c/d/1":   ` { "a" : 1 , "b/c":{"d":[1, null ,4]}, "g" : "x" } `,
		"/b~1c/d/1/e": ` { "a" : 1 , "b/c":{"d":[1, {"f":3} ,4]}, "g" : "x" } `,
		"/b~1c/d/1/f": ` { "a" : 1 , "b/c":{"d":[1, {"e":2} ,4]}, "g" : "x" } `,
		"/g":          ` { "a" : 1 , "b/c":{"d":[1, {"e":2,"f":3} ,4]} } `,
		"/b~1c/d":     ` { "a" : 1 , "b/c":{}, "g" : "x" } `,
		"/z":          "",
		"/b~1c/d/9":   "",
		"/a/b":        "",
	} {
		if got := string(without([]byte(content), at)); got != want {
			t.Errorf("%s: got %q, want %q", at, got, want)
		}
	}
}

// TestWrongTypeInLargeContent holds that what says which values are wrong takes no
// more than a few times the content, however deep it is and however long its names
// are: pointers to each place would take thousands of times that.
func TestWrongTypeInLargeContent(t *testing.T) {
	type in struct {
		X int `json:"x"`
		Z any `json:"z"`
	}
	handler := new(API).Handler(In(func(context.Context, in) (Outcome, error) { return NoContent(), nil }))
	const depth = 9_000
	for name, z := range map[string]string{
		"deep":      strings.Repeat("[", depth) + strings.Repeat("1,", 200_000) + "1" + strings.Repeat("]", depth),
		"long name": `{"` + strings.Repeat("k", 300_000) + `":[` + strings.Repeat("1,", 200_000) + "1]}",
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/", strings.NewReader(`{"x":"a","z":`+z+`}`))
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			handler.ServeHTTP(w, r)
			runtime.ReadMemStats(&after)
			if w.Code != http.StatusUnprocessableEntity {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
			allocated := after.TotalAlloc - before.TotalAlloc
			if most := uint64(100 << 20); allocated > most {
				t.Errorf("%d MiB are allocated", allocated>>20)
			}
		})
	}
}
