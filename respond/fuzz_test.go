package respond

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzParseRange holds that ranges lie within the content, and that no more of
// it is sent than there is.
func FuzzParseRange(f *testing.F) {
	for _, field := range []string{
		"bytes=0-3", "bytes=-3", "bytes=3-", "bytes=-0", "bytes=3-0", "bytes=0-0,-1", "bytes=0-9,0-9", "items=0-3",
		"bytes=", "bytes=,", "bytes=a-b", "bytes=99999999999999999999-", "bytes=0-99999999999999999999", "Bytes = 0-1",
	} {
		f.Add(field, int64(10))
	}
	f.Add("bytes=-1", int64(0))
	f.Fuzz(func(t *testing.T, field string, size int64) {
		if size < 0 {
			return
		}
		spans, ok := parseRange([]string{field}, size)
		if !ok && len(spans) > 0 {
			t.Fatalf("ranges %v of a request that cannot be satisfied", spans)
		}
		total := int64(0)
		for _, s := range spans {
			if s.start < 0 || s.length < 1 || s.start > size-s.length {
				t.Fatalf("%v is not within %d bytes", s, size)
			}
			total += s.length
		}
		if len(spans) > 1 && (total > size || total < 0) {
			t.Fatalf("%v have more than %d bytes", spans, size)
		}
	})
}

// FuzzDecode holds that content of any kind is decoded or refused by a client
// error whose words have neither Go types nor invalid UTF-8.
func FuzzDecode(f *testing.F) {
	type inner struct {
		At    time.Time      `json:"at"`
		Small int8           `json:"small"`
		Any   map[string]any `json:"any"`
	}
	type outer struct {
		Name  string   `json:"name"`
		Inner *inner   `json:"inner"`
		List  []uint16 `json:"list"`
		Bytes []byte   `json:"bytes"`
	}
	for _, content := range []string{
		`{"name":"saw","inner":{"at":"2026-01-02T03:04:05Z","small":1,"any":{"a":[null]}},"list":[1,2],"bytes":"AA=="}`,
		`{"inner":{"at":"yesterday"}}`, `{"inner":{"small":300}}`, `{"list":[70000]}`, `{"bytes":"!"}`, `{"a\u0000":1}`,
		`{"name":"\ud800"}`, "{\"\xff\":1}", `{"name":1e999}`, ``, `null`, `[`, `{"name":"a","name":"b"}`, `{} {}`,
		strings.Repeat(`{"inner":{"any":{"a":`, 20000), `{"inner":{"any":{"a":` + strings.Repeat("[", 20000),
	} {
		f.Add(content)
	}
	api := new(API)
	f.Fuzz(func(t *testing.T, content string) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(content))
		err := decodeContent(r, new(outer))
		if err == nil {
			return
		}
		e := api.resolve(err)
		if code := e.problem.Code; code != 400 && code != 422 {
			t.Fatalf("%q: %d", content, code)
		}
		text := e.detail
		for _, field := range e.invalid {
			text += field.Detail
			if !utf8.ValidString(field.Pointer) {
				t.Fatalf("%q: pointer %q", content, field.Pointer)
			}
		}
		if strings.Contains(text, "outer") || strings.Contains(text, "int8") || strings.Contains(text, "respond") || text == "" {
			t.Fatalf("%q: %s", content, text)
		}
	})
}
