package shop

import (
	"strings"
	"testing"
)

// TestPatch holds a merge patch to what it means (RFC 7396), and to be read as
// strictly as other content.
func TestPatch(t *testing.T) {
	const saw, nails = `"lines":[{"item_id":1,"quantity":1}]`, `"lines":[{"item_id":2,"quantity":3}]`
	tests := []struct {
		name, patch string
		code        int
		want        string
	}{
		{"nothing", `{}`, 200, `"total_cents":2490,"note":"ring twice",` + saw},
		{"a member", `{"note":"knock"}`, 200, `"total_cents":2490,"note":"knock",` + saw},
		{"a member less", `{"note":null}`, 200, `"total_cents":2490,` + saw},
		{"an array is replaced", `{"lines":[{"item_id":2,"quantity":3}]}`, 200, `"total_cents":1197,"note":"ring twice",` + nails},
		{"so are its members", `{"lines":[{"quantity":3}]}`, 422, `/lines/0/item_id`},
		{"a required member less", `{"lines":null}`, 422, `/lines`},
		{"no integer", `{"lines":[{"item_id":2,"quantity":1.0}]}`, 422, `/lines/0/quantity`},
		{"of another type", `{"lines":[{"item_id":"2","quantity":1}]}`, 422, `/lines/0/item_id`},
		{"beyond what floats can tell apart", `{"lines":[{"item_id":9007199254740993,"quantity":1}]}`, 422, `/lines/0/item_id`},
		{"not the client's to say", `{"status":"paid"}`, 422, `"/status"`},
		{"a name twice", `{"note":"a","note":"b"}`, 400, `twice`},
		{"no object", `null`, 422, `must be an object`},
		{"a list", `[]`, 422, ``},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := shopWith(t, nil)
			code, content := call(t.Context(), s, "PATCH", "/orders/1", test.patch)
			if code != test.code || !strings.Contains(content, test.want) {
				t.Errorf("got %d %s, want %d %s", code, content, test.code, test.want)
			}
		})
	}
	code, content := call(t.Context(), shopWith(t, nil), "PATCH", "/orders/1", `{"`+strings.Repeat("n", 3000)+`":1}`)
	if code != 422 || len(content) > 1000 {
		t.Errorf("to a long name: got %d and %d bytes, want 422 and few", code, len(content))
	}
}
