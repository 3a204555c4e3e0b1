package main

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestValidated(t *testing.T) {
	tests := []struct {
		name, content string
		code          int
		want          string // a part of the answer
	}{
		{"valid", `{"email":"ada@shop.example","lines":[{"sku":"saw","quantity":1}]}`, 201, `"sku":"saw"`},
		{"no members", `{}`, 422, `[{"pointer":"/email","detail":"is required"},{"pointer":"/lines","detail":"must be at least 1 members"}]`},
		{"no e-mail address", `{"email":"ada","lines":[{"sku":"saw","quantity":1}]}`, 422, `[{"pointer":"/email","detail":"must be an e-mail address"}]`},
		{"within", `{"email":"ada@shop.example","lines":[{"sku":"saw","quantity":1},{"sku":"saw","quantity":1000}]}`, 422, `[{"pointer":"/lines/1/quantity","detail":"must be at most 999"}]`},
		{"wrong type", `{"email":7}`, 422, `[{"pointer":"/email","detail":"must be a string"}]`},
		{"malformed", `{`, 400, `"status":400`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/orders", strings.NewReader(test.content))
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			newAPI().ServeHTTP(w, r)
			if got := w.Body.String(); w.Code != test.code || !strings.Contains(got, test.want) {
				t.Errorf("got %d %s, want %d %s", w.Code, got, test.code, test.want)
			}
		})
	}
}
