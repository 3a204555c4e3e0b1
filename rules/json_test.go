package rules

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestJSON(t *testing.T) {
	const shop = `{"id":17, "ok":true,"gone":false,"note":null,"tags":["a","b"],"by":{"name":"\u00c4nne \"x\""},"code":"404"}`
	for _, test := range []struct {
		name, in string
		path     []string
		kind     jsonKind
		text     string
		int      int
	}{
		{"number", shop, []string{"id"}, jsonNumber, "", 17},
		{"true", shop, []string{"ok"}, jsonTrue, "", 0},
		{"false", shop, []string{"gone"}, jsonFalse, "", 0},
		{"null", shop, []string{"note"}, jsonNull, "", 0},
		{"array", shop, []string{"tags"}, jsonArray, "", 0},
		{"nested and escaped", shop, []string{"by", "name"}, jsonString, `Änne "x"`, 0},
		{"number in a string", shop, []string{"code"}, jsonString, "404", 404},
		{"absent", shop, []string{"price"}, jsonNone, "", 0},
		{"member of a number", shop, []string{"id", "x"}, jsonNone, "", 0},
		{"escaped name", `{"\u0069d":1}`, []string{"id"}, jsonNumber, "", 1},
		{"the first of two", `{"id":1,"id":2}`, []string{"id"}, jsonNumber, "", 1},
		{"byte order mark", "\xef\xbb\xbf {\"id\":1}", []string{"id"}, jsonNumber, "", 1},
		{"whole value a string", ` "a\nb" `, nil, jsonString, "a\nb", 0},
		{"whole value a number", "404\n", nil, jsonNumber, "", 404},
		{"text that begins with a number", "404 page not found", nil, jsonNone, "", 0},
		{"HTML", "<html>", nil, jsonNone, "", 0},
		{"empty", " ", nil, jsonNone, "", 0},
		{"fraction", `[1.5]`, nil, jsonArray, "", 0},
		{"cut in a string", `{"id":1,"error":"not fo`, []string{"error"}, jsonString, "not fo", 0},
		{"cut after an escape", `{"error":"not\`, []string{"error"}, jsonString, `not\`, 0},
		{"cut after an escaped quote", `{"error":"no \"`, []string{"error"}, jsonString, `no \"`, 0},
		{"cut in a number", `{"status":40`, []string{"status"}, jsonNumber, "", 0},
		{"cut in a word", `{"ok":tru`, []string{"ok"}, jsonNone, "", 0},
		{"cut in a name", `{"ok":true,"err`, []string{"ok"}, jsonTrue, "", 0},
		{"broken later", `{"id":1,oops}`, []string{"id"}, jsonNumber, "", 1},
		{"broken before", `{oops,"id":1}`, []string{"id"}, jsonNone, "", 0},
		{"wrong brackets", `{"a":[1},"id":1}`, []string{"id"}, jsonNumber, "", 1},
		{"wrong escape", `{"error":"a\x"}`, []string{"error"}, jsonString, `a\x`, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := parseJSON([]byte(test.in))
			for _, name := range test.path {
				v = v.get(name)
			}
			n, _ := v.int()
			if v.kind() != test.kind || v.text() != test.text || n != test.int {
				t.Errorf("got kind %d, text %q, int %d; want %d, %q, %d", v.kind(), v.text(), n, test.kind, test.text, test.int)
			}
		})
	}
}

// TestJSONBounds holds hostile content to bounded work.
func TestJSONBounds(t *testing.T) {
	v, levels := parseJSON([]byte(strings.Repeat("[", 2*jsonLimit))), 0
	for v.kind() == jsonArray {
		next := value{}
		v.each(func(_, item value) bool { next = item; return false })
		v = next
		levels++
	}
	if levels != jsonDepth+1 {
		t.Errorf("%d levels were opened, want %d", levels, jsonDepth+1)
	}
	late := append(bytes.Repeat([]byte(" "), jsonLimit), `{"id":1}`...)
	if kind := parseJSON(late).kind(); kind != jsonNone {
		t.Errorf("what begins after the limit is of kind %d", kind)
	}
}

func TestJSONAllocates(t *testing.T) {
	content := []byte(`{"id":17,"item":"saw","tags":["a"],"by":{"name":"Anne"}}`)
	if n := testing.AllocsPerRun(100, func() {
		v := parseJSON(content)
		if v.get("error").kind() != jsonNone || !v.get("by").get("name").is("Anne") {
			t.Fatal("misread")
		}
	}); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

// FuzzJSON never reads outside the input, and agrees with encoding/json on the
// top-level members of valid objects.
func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"id":17,"ok":true,"tags":["a",{"b":null}],"note":"\u00c4 \"x\""}`))
	f.Add([]byte(`{"error":"not fo`))
	f.Add([]byte(`{"a":[1},"b":2} x`))
	f.Add([]byte("\xef\xbb\xbf[[[{"))
	for _, r := range All {
		if _, content, ok := strings.Cut(r.Doc, "\n\n{"); ok {
			f.Add([]byte("{" + content))
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		walk(parseJSON(slices.Clip(bytes.Clone(in)))) // a read past the end panics
		if len(in) > jsonLimit || !utf8.Valid(in) {
			return
		}
		var want map[string]json.RawMessage
		if json.Unmarshal(in, &want) != nil || want == nil {
			return
		}
		got := map[string]string{}
		parseJSON(in).each(func(key, val value) bool {
			got[key.text()] = string(val.b) // the last wins, as in encoding/json
			if text := new(string); val.kind() == jsonString && (json.Unmarshal(val.b, text) != nil || *text != val.text()) {
				t.Errorf("text %q of %s", val.text(), val.b)
			}
			return true
		})
		plain := map[string]string{}
		for name, raw := range want {
			plain[name] = string(raw)
		}
		if diff := cmp.Diff(plain, got); diff != "" {
			t.Errorf("members (-encoding/json +got):\n%s", diff)
		}
	})
}

// walk reads everything there is in a value.
func walk(v value) {
	v.text()
	v.int()
	v.each(func(key, val value) bool {
		key.text()
		walk(val)
		return true
	})
}

func TestHas(t *testing.T) {
	seventeen := func(v value) bool { return v.is("17") || v.kind() == jsonNumber && string(v.b) == "17" }
	for content, want := range map[string]bool{
		`17`:                          true,
		`{"a":[{"b":"17"},1]}`:        true,
		`{"17":170,"b":["x17",null]}`: false,
		`[[17`:                        true,
		``:                            false,
	} {
		if got := parseJSON([]byte(content)).has(seventeen); got != want {
			t.Errorf("%s: %v, want %v", content, got, want)
		}
	}
}
